"""The other forms of a publication over HTTP: files, types, frames on other sites, coalitions, sitemaps."""

import hashlib
import io
import json
import re
import zipfile
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pypdf
import pytest
from sqlalchemy import select

from tests.builders import NOW, circulate, world
from tests.formats.publishing import SEVEN, TWIN, begin, publish, sign, take_back, titled
from tests.web.test_public import Page, bare
from workflow.actions import coalition_public, drawing, noting, taking_down
from workflow.formats.speaking import saying
from workflow.formats.verifying import Verdict
from workflow.models.accounts import User
from workflow.models.drafting import Statement
from workflow.models.publication import Publication
from workflow.queries import verifying
from workflow.rules.noting import NoteKind
from workflow.rules.publication import FileKind
from workflow.web import public_lists
from workflow.web.public_answering import BY_TYPE, CACHING
from workflow.web.ready_door import DOOR

FILES = {".pdf": "application/pdf", "/card.png": "image/png", "/press-kit.zip": "application/zip"}
HTML = "text/html; charset=utf-8"


@pytest.fixture
def published(site):
    """The address of the twin of a real press release, signed by seven."""
    with site.session() as session:
        return f"/statements/{publish(session)}"


@pytest.fixture
def quick(monkeypatch):
    """Files in no time: the names stand for what is drawn of them."""

    def make(found, address, artwork):
        del artwork
        words = " ".join(found.names).encode()
        return {FileKind.PDF: words, FileKind.CARD: words, FileKind.KIT: words}

    monkeypatch.setattr(drawing, "make_files", make)


def test_a_publication_has_all_its_files_once_they_are_made(site, published):
    """The one test that sets type: what is served is what was asked for, and the page leads there."""
    client = site.client()
    before = client.get(published)
    assert "PDF and press kit are being made" in before.text and f'href="{published}.pdf"' not in before.text
    assert site.draw() == 1
    answers = {path: client.get(published + path) for path in FILES}
    for path, answer in answers.items():
        assert (answer.status_code, answer.content_type) == (200, FILES[path])
        assert answer.headers["Link"] == f'<http://localhost{published}>; rel="canonical"'
        assert answer.headers["Cache-Control"] == CACHING
        assert "Vary" not in answer.headers and "Set-Cookie" not in answer.headers
        etag = answer.headers["ETag"]
        assert etag == f'"{hashlib.sha256(answer.data).hexdigest()[:32]}"'
        assert client.get(published + path, headers={"If-None-Match": etag}).status_code == 304
        assert client.head(published + path).data == b""
    assert answers["/press-kit.zip"].headers["Content-Disposition"].startswith("attachment; filename=")
    reader = pypdf.PdfReader(io.BytesIO(answers[".pdf"].data))
    assert reader.metadata.title == TWIN.headline
    record = client.get(f"{published}/record").data
    assert reader.attachments["record.json"] == [record]
    with zipfile.ZipFile(io.BytesIO(answers["/press-kit.zip"].data)) as kit:
        assert kit.read("statement.pdf") == answers[".pdf"].data
        assert kit.read("card.png") == answers["/card.png"].data
        assert kit.read("statement.txt") == client.get(f"{published}.txt").data
        assert kit.read("record.json") == record
        for name in ("record.sig", "record.minisig", "record.sshsig"):
            assert kit.read(name) == client.get(f"{published}/{name}").data
    page = Page(client.get(published).text)
    links = {one.get("href") for one in page.all("a")}
    assert {f"{published}{path}" for path in (".pdf", "/press-kit.zip", ".txt", ".md", "/record")} <= links
    for path in (".pdf", "/press-kit.zip"):
        assert f"{round(len(answers[path].data) / 1000)} kB" in page.words
    told = {one.get("property") or one.get("name"): one.get("content") for one in page.all("meta")}
    assert told["og:image"] == told["twitter:image"] == f"http://localhost{published}/card.png"
    assert told["og:image:alt"] == f"Press Release · 28 February 2027 · {TWIN.headline} · 7 signatories"
    assert told["twitter:card"] == "summary_large_image"
    forms = {one["encodingFormat"] for one in json.loads(page.linked_data)["encoding"]}
    assert {"application/pdf", "application/zip", "text/plain"} <= forms


def test_while_a_file_is_being_made_its_address_says_so(site, published):
    client = site.client()
    for path in FILES:
        answer = client.get(published + path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "This file is being made" in answer.text and f'href="{published}"' in answer.text
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_file_with_a_name_that_was_taken_back_is_never_served_again(any_site, quick):
    site = any_site
    with site.session() as session:
        published = f"/statements/{publish(session, SEVEN[:3])}"
    clients = (site.client(), site.client())
    site.draw()
    for client in clients:
        assert all(b"Orchard" in client.get(published + path).data for path in FILES)
    with site.session() as session:
        take_back(session, "The Orchard Trust")  # behind the back of every action: the files are still there
    for client in clients:
        for path in FILES:
            answer = client.get(published + path)
            assert answer.status_code == 503 and b"Orchard" not in answer.data
    with site.session() as session:
        drawing.draw(session, NOW, session.scalar(select(Publication.statement_id)), "http://localhost")
    for path in FILES:
        answer = clients[0].get(published + path)
        assert answer.status_code == 200 and b"Orchard" not in answer.data and b"Lakeside" in answer.data


def test_our_own_pdf_is_said_to_be_ours(site, published):
    site.draw()
    data = site.client().get(f"{published}.pdf").data
    with site.session() as session:
        looked = verifying.look(session, data, lambda slug, _: f"http://localhost/statements/{slug}", saying)
    assert (looked.told.verdict, looked.carried) == (Verdict.CURRENT, True)


def test_what_cannot_be_set_in_type_has_a_page_all_the_same(site, published, monkeypatch):
    monkeypatch.setattr(
        drawing, "make_files", lambda *_: {FileKind.PDF: None, FileKind.CARD: None, FileKind.KIT: b"zip"}
    )
    site.draw()
    client = site.client()
    for path in (".pdf", "/card.png"):
        answer = client.get(published + path)
        assert answer.status_code == 404 and "There is no such file" in answer.text
    page = client.get(published)
    assert "There is no PDF of this text" in page.text and "og:image" not in page.text
    assert f'href="{published}/press-kit.zip"' in page.text


# By type ------------------------------------------------------------------------------------------


def test_the_address_of_the_page_gives_each_form_by_its_type(site, published, quick):
    site.draw()
    client = site.client()
    by_type = {"application/json": ".json", "text/markdown": ".md", "text/plain": ".txt", "application/pdf": ".pdf"}
    for accept, form in by_type.items():
        answer, plain = client.get(published, headers={"Accept": accept}), client.get(f"{published}{form}")
        assert (answer.data, answer.content_type) == (plain.data, plain.content_type)
        assert answer.vary.as_set() - {"accept-encoding"} == {"accept"} and "accept" not in plain.vary
        assert answer.headers["Content-Location"] == f"{published}{form}"
        assert answer.headers["ETag"] == plain.headers["ETag"]
    for accept in ("", "*/*", "text/html", "image/webp", "application/json;q=0.1, text/html;q=0.2", "nonsense"):
        answer = client.get(published, headers={"Accept": accept})
        assert answer.content_type == HTML and "accept" in answer.vary
        assert "Content-Location" not in answer.headers
    nothing = bare(client.get("/statements/nothing"))
    for accept in by_type:
        assert bare(client.get("/statements/nothing", headers={"Accept": accept})) == nothing


def test_forms_by_type_are_ready_beforehand_however_the_header_is_spelt(site, published, quick):
    """One place in memory for each form, so that no made-up header pushes out what others ask for."""
    site.draw()
    client, memory = site.client(), site.app.extensions[DOOR].memory
    for number in range(40):
        client.get(published, headers={"Accept": f"text/html, text/x-{number};q=0.5"})
    for accept in BY_TYPE:
        client.get(published, headers={"Accept": accept})
    assert set(memory.places[published].ready) == {(one,) for one in BY_TYPE}


def test_a_file_that_is_still_to_be_made_is_not_kept_as_missing(site, published, quick):
    client = site.client()
    for path in FILES:
        assert client.get(published + path).status_code == 503
    assert client.get(published, headers={"Accept": "application/pdf"}).status_code == 503
    site.draw()
    for path in FILES:
        assert client.get(published + path).status_code == 200
    assert client.get(published, headers={"Accept": "application/pdf"}).content_type == "application/pdf"


# On other sites -----------------------------------------------------------------------------------


def test_the_embed_is_the_only_page_that_others_may_frame(site, published):
    client = site.client()
    answer = client.get(f"{published}/embed")
    page = Page(answer.text)
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers and "Set-Cookie" not in answer.headers
    assert not page.all("script") and not page.all("form") and not page.all("img")
    assert TWIN.headline in page.words and "7 signatories" in page.words
    for link in page.all("a"):
        assert link["href"] == f"http://localhost{published}"
        assert (link["target"], link["rel"]) == ("_blank", "noopener")
    assert len(answer.data) < 4000
    for path in ("/", published, f"{published}.json", "/oembed", "/sitemap.xml", "/statements/nothing/embed"):
        assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"], path


def test_the_embed_says_that_the_text_was_corrected(site, published):
    with site.session() as session:
        of = session.scalar(select(Statement))
        who = (session, NOW, session.scalar(select(User.id)), of.public_id)
        session.rollback()
        noting.note(*who, NoteKind.CORRECTION, "It is 38 days.")
        shown = site.client().get(f"{published}/embed").text
        assert f'<a href="http://localhost{published}#notes-title" target="_blank"' in shown
        assert ">Corrected on 1 March 2027</a>" in shown
        noting.note(*who, NoteKind.RETRACTION, "It does not hold.")
    assert "Corrected" not in site.client().get(f"{published}/embed").text


def test_the_frame_of_what_was_taken_down_says_so_and_no_other_page_can_be_framed(site, published):
    client, framed = site.client(), (f"{published}/embed",)
    with site.session() as session:
        taking_down.take_down(session, NOW, published.rpartition("/")[2], "By order of a court.")
    for path in (published, f"{published}.json", f"{published}.pdf", f"{published}/states/0", *framed):
        answer = client.get(path)
        assert answer.status_code == 451
        expected = "frame-ancestors *" if path in framed else "frame-ancestors 'none'"
        # No other page of ours can stand in the frame: links open one of their own.
        assert ('<base target="_blank">' in answer.text) == (path in framed)
        assert expected in answer.headers["Content-Security-Policy"], path
        assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_fonts_and_nothing_else_can_be_used_by_a_frame_of_no_origin(site, published):
    """The snippet has `sandbox`: what it shows has the origin null, and fonts are fetched across origins."""
    client, font = site.client(), "/static/fonts/source-sans-3-latin-wght-normal.woff2"
    for sent in ({}, {"Origin": "null"}, {"Origin": "https://news.example.org"}, {"Range": "bytes=0-99"}):
        answer = client.get(font, headers=sent, buffered=True)
        assert answer.status_code in (200, 206)
        assert answer.headers.getlist("Access-Control-Allow-Origin") == ["*"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
    held = client.get(font, headers={"If-None-Match": answer.headers["ETag"]}, buffered=True)
    assert held.status_code == 304 and held.headers["Access-Control-Allow-Origin"] == "*"
    others = ("/static/css/fonts.css", "/static/fonts/README.md", "/static/fonts/none.woff2", "/static/js/words.js")
    for path in (*others, published, f"{published}/embed", f"{published}.json", "/", "/desk"):
        answer = client.get(path, headers={"Origin": "null"}, buffered=True)
        assert "Access-Control-Allow-Origin" not in answer.headers, path


def test_oembed_tells_of_what_is_published_here_and_of_nothing_else(site, published):
    client = site.client()
    page = Page(client.get(published).text)
    found = {one.get("type"): one.get("href") for one in page.all("link") if "oembed" in str(one.get("type"))}
    told = client.get(found["application/json+oembed"])
    assert told.content_type == "application/json"
    assert (told.json["version"], told.json["type"], told.json["title"]) == ("1.0", "rich", TWIN.headline)
    assert f'src="http://localhost{published}/embed"' in told.json["html"]
    assert told.json["html"].partition(" width=")[0] in page.words, "the page says the same, to be copied"
    xml = client.get(found["text/xml+oembed"])
    assert xml.content_type == "text/xml; charset=utf-8"
    assert ET.fromstring(xml.data).findtext("title") == TWIN.headline
    asked = {"url": f"https://LOCALHOST{published}/", "maxwidth": "320", "maxheight": "x"}
    assert client.get("/oembed", query_string=asked).json["width"] == 320
    nothing = bare(client.get("/statements/nothing"))
    for wrong in (
        "",
        "nonsense",
        published,
        f"http://elsewhere.example.org{published}",
        f"http://localhost.example.org{published}",
        f"http://localhost{published}/embed",
        "http://localhost/statements/nothing",
        "http://localhost/statements/a%00b",
        "http://[localhost/statements/x",
        f"javascript://localhost{published}",
        f"http://user@localhost{published}",
    ):
        assert bare(client.get("/oembed", query_string={"url": wrong})) == nothing, wrong
    assert (
        client.get("/oembed", query_string={"url": f"http://localhost{published}", "format": "yaml"}).status_code == 400
    )


# Coalitions ---------------------------------------------------------------------------------------


def test_a_coalition_is_there_once_it_has_a_name_and_has_published_and_not_a_byte_before(site):
    client = site.client()
    nothing = bare(client.get("/by/nothing-of-that-name"))
    assert nothing[0].startswith("404")
    with site.session() as session:
        made = begin(session, SEVEN[:2], TWIN)
        for words in ("Valley Campaign", "", "Valley Campaign"):
            coalition_public.name_in_public(session, NOW, made.user.id, made.coalition.id, words)
            assert bare(client.get("/by/valley-campaign")) == nothing
            assert bare(client.get("/by/valley-campaign/feed.atom")) == nothing
        circulate(made)
        for index in range(2):
            assert bare(client.get("/by/valley-campaign")) == nothing
            sign(made, index)
        publish(session, ["Harbour Aid"], titled("Of another coalition"), lead="Other")
    page = Page(client.get("/by/valley-campaign").text)
    assert TWIN.headline in page.words and "Of another coalition" not in page.words
    feed = client.get("/by/valley-campaign/feed.atom")
    assert feed.content_type == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(feed.data)
    assert root.findtext("{*}title") == "Valley Campaign"
    assert root.findtext("{*}id") == "http://localhost/by/valley-campaign/feed.atom"
    assert [one.findtext("{*}title") for one in root.findall("{*}entry")] == [TWIN.headline]
    assert client.get("/by/valley-campaign?page=2").status_code == 404
    of_it = Page(client.get(f"/statements/{root.findtext('{*}entry/{*}id').rpartition('/')[2]}").text)
    assert "/by/valley-campaign" in {one.get("href") for one in of_it.all("a")}
    assert json.loads(of_it.linked_data)["publisher"]["name"] == "Valley Campaign"
    with site.session() as session:
        coalition_public.name_in_public(session, NOW, made.user.id, made.coalition.id, "Renamed Campaign")
    assert "Renamed Campaign" in client.get("/by/valley-campaign/feed.atom").text
    with site.session() as session:
        coalition_public.name_in_public(session, NOW, made.user.id, made.coalition.id, "")
    assert bare(client.get("/by/valley-campaign")) == nothing
    for wrong in ("a%00b", "x" * 200, "%F0%9F", "..%2f"):
        assert client.get(f"/by/{wrong}").status_code == 404


def test_the_lead_names_its_coalition_in_public_at_the_desk(site):
    with site.session() as session:
        made = world(session, 1)
    client = site.client()
    site.sign_in(client, made.user)
    path = f"/coalitions/{made.coalition.id}"
    page = client.get(f"{path}/rename").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    answer = client.post(f"{path}/name-in-public", data={"csrf_token": token, "public_name": "x" * 301})
    assert answer.status_code == 400 and "x" * 301 in answer.text
    answer = client.post(f"{path}/name-in-public", data={"csrf_token": token, "public_name": "Valley Campaign"})
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    page = client.get(f"{path}/rename").text
    assert 'value="Valley Campaign"' in page and "/by/valley-campaign" in page


# For search engines -------------------------------------------------------------------------------


def test_sitemaps_list_every_public_page_and_say_when_it_changed(site, published, monkeypatch):
    client = site.client()
    assert "Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").text
    where = re.findall("<loc>http://localhost(.*?)</loc>", client.get("/sitemap.xml").text)
    assert where == ["/sitemap-1.xml"]
    answer = client.get(where[0])
    assert answer.content_type == "application/xml; charset=utf-8"
    assert re.findall("<loc>(.*?)</loc>", answer.text) == ["http://localhost/", f"http://localhost{published}"]
    assert re.findall("<lastmod>(.*?)</lastmod>", answer.text) == ["2027-03-01T09:00:00Z"]
    for wrong in ("0", "2", "99999999", "-1", "x"):
        assert client.get(f"/sitemap-{wrong}.xml").status_code == 404
    with site.session() as session:
        arabic = publish(session, ["Harbour Aid"], titled("الجسر"), lead="Other")
    monkeypatch.setattr(public_lists, "STATEMENTS", 1)
    assert client.get("/sitemap.xml").text.count("<loc>") == 2
    assert f"http://localhost/statements/{quote(arabic)}" in client.get("/sitemap-2.xml").text


def test_an_empty_site_has_a_sitemap_too(site):
    client = site.client()
    assert client.get("/sitemap.xml").text.count("<loc>") == 1
    assert client.get("/sitemap-1.xml").text.count("<loc>") == 1


@pytest.mark.parametrize(
    "headline",
    ["بیانیهٔ مشترک دربارهٔ جادهٔ دره", "Открыть за́мок дороги", "सड़क खोलो", "เปิดถนน", "Ẹ ṣí ọ̀nà"],
)
def test_a_headline_whose_letters_have_marks_is_found_at_its_address(site, headline):
    with site.session() as session:
        slug = publish(session, ["Harbour Aid"], titled(headline))
    for form in ("", ".txt", "/record", "/embed"):
        assert site.client().get(f"/statements/{quote(slug)}{form}").status_code == 200, form
    with site.session() as session:
        taking_down.take_down(session, NOW, slug, "An order of a court.")
    assert site.client().get(f"/statements/{quote(slug)}").status_code == 451
