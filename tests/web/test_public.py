"""The public side over HTTP: what everybody can read, and that nothing else can be told from nothing."""

import hashlib
import json
import re
import secrets
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import event, text, update

from tests.builders import NOW, circulate
from tests.formats.publishing import SEVEN, SEVEN_LISTED, TWIN, TWIN_WORDS, begin, publish, sign, take_back, titled
from tests.formats.test_files import HOSTILE, in_order
from workflow.models.drafting import Statement
from workflow.rules.publication import slug as slug_of
from workflow.text.content import Edition, Quote
from workflow.web.public_shelf import Kept, Shelf

FORMS = ("", ".json", ".txt", ".md", "/record")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Page(HTMLParser):
    """A page as a reader and as a machine see it: its words, its elements, its linked data."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.elements, self.linked_data = "", [], ""
        self._inside = ""
        self.feed(html)
        self.close()
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag, attrs):
        self._inside = tag
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        self._inside = ""
        if tag in ("p", "h1", "h2", "li", "dd", "dt", "div"):
            self.words += "\n"

    def handle_data(self, data):
        if self._inside == "script":
            self.linked_data += data
        else:
            self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def published(site):
    """The address of the twin of a real press release, signed by seven."""
    with site.session() as session:
        return f"/statements/{publish(session)}"


def bare(answer) -> tuple:
    """All of an answer but its date."""
    return answer.status, sorted(pair for pair in answer.headers if pair[0] != "Date"), answer.data


class Queries(list):
    """The statements that a site's application sends to its database."""

    def __init__(self, site):
        engine = site.app.extensions["undersigned"].engine
        event.listen(engine, "before_cursor_execute", self._keep)

    def _keep(self, connection, cursor, statement, parameters, context, executemany):
        if not statement.startswith("BEGIN"):
            self.append(statement)


# What is there ------------------------------------------------------------------------------------


def test_the_page_holds_every_word_in_order(site, published):
    answer = site.client().get(published)
    page = Page(answer.text)
    in_order(page.words, (*TWIN_WORDS, "7 signatories", SEVEN_LISTED, "Notes to editors", "4,100", "Ada Example"))
    assert "<strong>must</strong>" in answer.text
    assert "<em>‘Nobody should walk nine hours to a doctor.’</em>" in answer.text
    assert page.all("html") == [{"lang": "en", "dir": "ltr"}]
    assert len(page.all("h1")) == 1


def test_text_and_markdown_hold_the_same(site, published):
    client = site.client()
    answer = client.get(f"{published}.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    in_order(answer.text, (*TWIN_WORDS, "Signatories:", SEVEN_LISTED, f"http://localhost{published}"))
    answer = client.get(f"{published}.md")
    assert answer.content_type == "text/markdown; charset=utf-8"
    in_order(answer.text, ("**must**", SEVEN_LISTED))


def test_the_proof_on_the_page_is_what_the_files_give(site, published):
    client = site.client()
    page, whole = client.get(published).text, client.get(f"{published}.json")
    record = client.get(f"{published}/record")
    assert whole.content_type == record.content_type == "application/json"
    digest = hashlib.sha256(record.data).hexdigest()
    assert whole.json["record_digest"] == digest and digest in page
    assert whole.json["record"] == record.json
    # The text's digest with nothing but a JSON library: keys sorted, no spaces, UTF-8.
    content = json.dumps(record.json["statement"]["content"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    text_digest = hashlib.sha256(content.encode()).hexdigest()
    assert record.json["statement"]["digest"] == text_digest and text_digest in page
    assert all(one["digest"] == text_digest for one in record.json["signatories"])
    one = whole.json["disclosures"][0]
    bound = f'["{one["salt"]}",{{"listed_name":"{one["value"]["listed_name"]}"}}]'
    assert hashlib.sha256(bound.encode()).hexdigest() == one["commitment"]


def test_the_list_leads_to_every_statement_newest_first(site):
    with site.session() as session:
        for number in range(23):
            made = titled(f"Statement {number:02}")
            publish(session, ["Harbour Aid"], made, lead=f"Lead {number}", now=NOW + timedelta(hours=number))
    client = site.client()
    first = Page(client.get("/").text)
    assert re.findall(r"Statement \d\d", first.words) == [f"Statement {n:02}" for n in range(22, 2, -1)]
    assert "1 March 2027 · 1 signatory" in first.words
    second = Page(client.get("/?page=2").text)
    assert re.findall(r"Statement \d\d", second.words) == ["Statement 02", "Statement 01", "Statement 00"]
    links = {one.get("href") for one in second.all("a")}
    assert {"/", "/statements/statement-02"} <= links
    assert "/page/2" in {one.get("href") for one in first.all("a")}
    assert client.get("/page/2").data == client.get("/?page=2").data
    assert [client.get(f"/page/{wrong}").status_code for wrong in ("0", "1", "3", "x")] == [404] * 4
    for wrong in ("0", "3", "-1", "x", "²", "99999999999999999999", ""):
        assert client.get("/", query_string={"page": wrong}).status_code == 404


def test_an_empty_list_says_so(site):
    assert "Nothing has been published yet" in site.client().get("/").text


def test_the_feed_and_robots(site, published):
    answer = site.client().get("/feed.atom")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.data)
    assert root.findtext("{*}entry/{*}id") == f"http://localhost{published}"
    robots = site.client().get("/robots.txt")
    assert robots.content_type == "text/plain; charset=utf-8"
    assert "Disallow: /sign/" in robots.text


def test_the_feed_leads_through_all_of_it_page_by_page(site):
    with site.session() as session:
        for number in range(42):
            made, at = titled(f"S {number:02}"), NOW + timedelta(hours=number)
            publish(session, ["Harbour Aid"], made, lead=f"L {number}", now=at)
    client, path, titles, ids = site.client(), "/feed.atom", [], set()
    while path:
        root = ET.fromstring(client.get(path).data)
        links = {one.get("rel"): one.get("href") for one in root.findall("{*}link")}
        assert (links["self"], links["first"]) == (f"http://localhost{path}", "http://localhost/feed.atom")
        ids.add(root.findtext("{*}id"))
        titles += [one.text for one in root.findall("{*}entry/{*}title")]
        path = links.get("next", "").removeprefix("http://localhost")
    assert titles == [f"S {number:02}" for number in range(41, -1, -1)]
    assert len(ids) == 1, "the pages are of one feed"
    assert links["previous"] == "http://localhost/feed/2.atom"
    for wrong in ("/feed/0.atom", "/feed/1.atom", "/feed/4.atom", "/feed/x.atom", f"/feed/{2**31 - 1}.atom"):
        assert client.get(wrong).status_code == 404, wrong


def test_machines_are_told_what_the_page_is(site, published):
    page = Page(site.client().get(published).text)
    address = f"http://localhost{published}"
    links = {(one.get("rel"), one.get("href")) for one in page.all("link")}
    assert {("canonical", address), ("alternate", f"{published}.json"), ("alternate", "/feed.atom")} <= links
    told = {one.get("property") or one.get("name"): one.get("content") for one in page.all("meta")}
    assert told["og:title"] == TWIN.headline and told["og:url"] == address
    assert told["og:description"] == told["description"] == TWIN.lead_paragraph
    data = json.loads(page.linked_data)
    assert (data["@type"], data["headline"], data["url"]) == ("NewsArticle", TWIN.headline, address)
    assert [one["name"] for one in data["author"]] == SEVEN_LISTED.split(" • ")
    assert data["datePublished"] == "2027-03-01T09:00:00Z"


def test_an_arabic_statement_is_read_from_the_right(site):
    edition = Edition("ar", "joint-statement", "سبع جمعيات تطالب بفتح الطريق", "الطريق **مغلق** منذ أربعين يوماً.")
    with site.session() as session:
        slug = publish(session, ["جمعية البحيرة", "منتدى التل", "Harbour Aid"], edition)
    assert slug == slug_of(edition.headline)
    answer = site.client().get(f"/statements/{quote(slug)}", headers={"Accept-Language": "en"})
    page = Page(answer.text)
    assert page.all("html") == [{"lang": "ar", "dir": "rtl"}]
    assert answer.headers["Content-Language"] == "ar"
    in_order(page.words, (edition.headline, "الطريق مغلق منذ أربعين يوماً.", "جمعية البحيرة • منتدى التل • Harbour Aid"))
    assert answer.headers["Link"] == f'<http://localhost/statements/{quote(slug)}>; rel="canonical"'
    listed = site.client().get("/").text
    assert '<h2 class="statement-list-title" lang="ar" dir="rtl">' in listed


# How it is sent -----------------------------------------------------------------------------------


def public_paths(published: str) -> list[str]:
    return ["/", "/feed.atom", "/robots.txt", "/statements/unknown", *(f"{published}{form}" for form in FORMS)]


def test_no_public_answer_sets_or_reads_a_cookie(site, published):
    with site.session() as session:
        made = begin(session, ["Harbour Aid"], titled("A draft"), "Other Lead")
    stranger, user = site.client(), site.client()
    site.sign_in(user, made.user)
    with user.session_transaction() as cookie:
        cookie.permanent = True
        cookie["_flashes"] = [("message", "Hello")]
    for path in [*public_paths(published), "/static/css/base.css"]:
        answers = [client.get(path, buffered=True) for client in (stranger, user)]
        assert not any("Set-Cookie" in answer.headers for answer in answers), path
        assert not any("cookie" in answer.headers.get("Vary", "").lower() for answer in answers), path
        if not path.startswith("/static"):
            assert bare(answers[0]) == bare(answers[1]), path
    with user.session_transaction() as cookie:
        assert cookie["_flashes"], "the public side took a message that was meant for the desk"


def test_public_answers_may_be_kept_and_load_nothing_from_elsewhere(site, published):
    client = site.client()
    for path in public_paths(published):
        answer = client.get(path)
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'"), path
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        if answer.status_code == 200:
            assert answer.headers["Cache-Control"] == "public, max-age=5, stale-while-revalidate=25"
            assert "X-Robots-Tag" not in answer.headers
    for path in ("/", published):
        page = Page(client.get(path).text)
        assert all(one.get("type") == "application/ld+json" for one in page.all("script"))
        loaded = [one.get("href") for one in page.all("link") if one.get("rel") in ("stylesheet", "icon")]
        assert loaded and all(str(href).startswith("/static/") for href in loaded)
        assert not page.all("form") and not page.all("img")


def test_who_has_the_bytes_is_told_so(site, published):
    client = site.client()
    for path in public_paths(published):
        answer = client.get(path)
        if answer.status_code == 404:
            assert "ETag" not in answer.headers
            continue
        etag = answer.headers["ETag"]
        assert etag == f'"{hashlib.sha256(answer.data).hexdigest()[:32]}"'
        for sent in (etag, f"W/{etag}", f'"x", {etag}', "*"):
            again = client.get(path, headers={"If-None-Match": sent})
            assert (again.status_code, again.data) == (304, b"")
            assert again.headers["ETag"] == etag and again.headers["Cache-Control"] == answer.headers["Cache-Control"]
        assert client.get(path, headers={"If-None-Match": '"x"'}).status_code == 200


def test_head_is_get_without_its_body(site, published):
    client = site.client()
    for path in public_paths(published):
        get, head = client.get(path), client.head(path)
        assert head.data == b""
        assert bare(head)[:2] == bare(get)[:2]


def test_forms_name_the_page_they_are_of_and_when_it_was_published(site, published):
    client = site.client()
    for form in FORMS:
        answer = client.get(f"{published}{form}")
        assert answer.headers["Link"] == f'<http://localhost{published}>; rel="canonical"'
        assert answer.headers["Last-Modified"] == "Mon, 01 Mar 2027 09:00:00 GMT"
        assert answer.headers["Content-Language"] == "en"


# Names that are taken back ------------------------------------------------------------------------


def test_a_name_taken_back_is_gone_at_once_from_every_form(any_site):
    site = any_site
    with site.session() as session:
        path = f"/statements/{publish(session, SEVEN[:3])}"
    client = site.client()
    paths = [*(f"{path}{form}" for form in FORMS), "/feed.atom"]
    before = {one: client.get(one) for one in paths}
    assert all("Orchard" in answer.text for one, answer in before.items() if not one.endswith("/record"))
    with site.session() as session:
        take_back(session, "The Orchard Trust")
    for one in paths:
        after = client.get(one, headers={"If-Modified-Since": "Mon, 01 Mar 2027 09:00:00 GMT"})
        assert after.status_code == 200, one
        assert "Orchard" not in after.text, one
        if one.endswith("/record"):
            assert after.data == before[one].data
        else:
            assert after.headers["ETag"] != before[one].headers["ETag"], one
        assert "Last-Modified" not in after.headers
    words = Page(client.get(path).text).words
    assert "3 signatories" in words and "organisations, one of which asked for its name to be withheld" in words
    assert "Lakeside Relief • Lakesider Weekly" in words


def test_when_all_names_are_taken_back_the_count_remains(site):
    with site.session() as session:
        path = f"/statements/{publish(session, ['Harbour Aid'])}"
        take_back(session, "Harbour Aid")
    answer = site.client().get(path)
    assert "Harbour Aid" not in answer.text and "1 signatory" in answer.text
    assert ET.fromstring(site.client().get("/feed.atom").data).find("{*}entry") is not None


# What is not public -------------------------------------------------------------------------------


def unpublished(site) -> list[str]:
    """Every address somebody could guess for a text that is not public: draft, circulating, locked."""
    guesses = []
    with site.session() as session:
        draft = begin(session, SEVEN[:2], titled("A secret draft"), "Lead of a draft")
        asked = circulate(begin(session, SEVEN[:2], titled("A secret asking"), "Lead of an asking"))
        sign(asked, 0)
        locked = begin(session, SEVEN[:2], titled("A secret lock"), "Lead of a lock")
        session.execute(
            update(Statement)
            .where(Statement.id == locked.statement.id)
            .values(stage="locked", slug=slug_of("A secret lock"))
        )
        session.commit()
        for made, headline in ((draft, "A secret draft"), (asked, "A secret asking"), (locked, "A secret lock")):
            guesses += [
                made.statement.public_id,
                slug_of(headline),
                str(made.statement.id),
                made.statement.public_id[:9],
            ]
    return guesses


def test_what_is_not_public_cannot_be_told_from_what_does_not_exist(any_site):
    site = any_site
    with site.session() as session:
        publish(session, ["Harbour Aid"])
    guesses = unpublished(site)
    client = site.client()
    for form in (*FORMS, ".pdf", ".xml", "/", "/edit", ".json/"):
        for method in METHODS:
            nothing = bare(client.open(f"/statements/{secrets.token_hex(10)}{form}", method=method))
            if method == "GET":
                assert nothing[0].startswith("404")
            for guess in guesses:
                assert bare(client.open(f"/statements/{guess}{form}", method=method)) == nothing, (guess, form, method)
    for language in ("en", "ar", "xx"):
        sent = {"Accept-Language": language, "If-None-Match": "*"}
        nothing = bare(client.get("/statements/unknown", headers=sent))
        assert all(bare(client.get(f"/statements/{guess}", headers=sent)) == nothing for guess in guesses)


def test_no_surface_holds_a_word_of_what_is_not_public(site):
    unpublished(site)
    client = site.client()
    empty = site.client().get("/")
    for path in ("/", "/feed.atom", "/robots.txt", "/?page=1"):
        assert "secret" not in client.get(path).text
    assert "Nothing has been published yet" in empty.text


def test_a_statement_is_there_the_moment_it_is_published(site):
    with site.session() as session:
        made = circulate(begin(session, SEVEN[:2]))
        path = f"/statements/{slug_of(TWIN.headline)}"
        client = site.client()
        assert client.get(path).status_code == 404
        assert client.get("/feed.atom").status_code == 200
        sign(made, 0)
        assert client.get(path).status_code == 404
        sign(made, 1)
    assert client.get(path).status_code == 200
    assert path in client.get("/feed.atom").text


@pytest.mark.parametrize("slug", ["%00", "%ED%A0%80", "%FF", "..", ".", "a%2Fb", "%F0%9F%98%80", "x" * 4000, ".json"])
def test_odd_addresses_are_nothing(any_site, slug):
    for form in FORMS:
        assert any_site.client().get(f"/statements/{slug}{form}").status_code == 404


# What is hostile ----------------------------------------------------------------------------------


def test_hostile_names_and_texts_stay_words(site):
    edition = replace(
        TWIN,
        headline='</title><script>alert("t")</script>"><img src=x>',
        label="</p><b onclick=x>",
        lead_paragraph="</script><script>alert(1)</script><!--",
        body="<script>alert(2)</script>\n\n[link](javascript:alert(3)) <img src=x onerror=alert(4)>\n\n<!-- x",
        quotes=(Quote("<i>Speaker</i>", "", "", "<svg onload=alert(5)>"),),
    )
    with site.session() as session:
        slug = publish(session, HOSTILE, edition)
    client = site.client()
    answer = client.get(f"/statements/{slug}")
    page = Page(answer.text)
    allowed = [one for one in page.all("script") if one == {"type": "application/ld+json"}]
    assert len(page.all("script")) == len(allowed) == 1
    assert not {"img", "svg", "b", "i"} & {tag for tag, _ in page.elements}
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert not any("javascript" in str(one.get("href")) for one in page.all("a"))
    for name in (HOSTILE[0], HOSTILE[1], HOSTILE[3]):
        assert name in page.words
    assert "\u202e" not in answer.text
    assert edition.headline in page.words
    data = json.loads(page.linked_data)
    assert data["headline"] == edition.headline
    assert {HOSTILE[0], HOSTILE[1]} <= {one["name"] for one in data["author"]}
    told = {one.get("property"): one.get("content") for one in page.all("meta")}
    assert told["og:title"] == edition.headline
    root = ET.fromstring(client.get("/feed.atom").data)
    assert root.findtext("{*}entry/{*}title") == edition.headline
    assert not re.search("<(script|img|svg)", root.findtext("{*}entry/{*}content"))
    names = {one["value"]["listed_name"] for one in client.get(f"/statements/{slug}.json").json["disclosures"]}
    assert names == set(HOSTILE)
    assert "<img" not in client.get("/").text


# How fast -----------------------------------------------------------------------------------------


def test_a_page_that_was_rendered_costs_one_query(site, published):
    client, sent = site.client(), Queries(site)
    for form in FORMS:
        client.get(f"{published}{form}")
    sent.clear()
    for form in FORMS:
        client.get(f"{published}{form}")
        assert len(sent) == 1, (form, sent)
        sent.clear()
    client.get("/feed.atom")
    sent.clear()
    client.get("/feed.atom")
    assert len(sent) == 1


def test_a_shelf_is_bounded_and_keeps_what_is_asked_for():
    shelf = Shelf(room=2)
    for key in ("a", "b"):
        shelf.put(key, Kept(()))
    assert shelf.get("a")
    shelf.put("c", Kept(()))
    assert (shelf.get("b"), bool(shelf.get("a")), bool(shelf.get("c"))) == (None, True, True)
    shelf.drop("a")
    shelf.drop("never there")
    assert shelf.get("a") is None


def test_what_a_process_keeps_is_never_another_installation_s(site, published):
    """Restored from a backup in which the publication is not: the page is gone, though this process had it."""
    client = site.client()
    assert client.get(published).status_code == 200
    with site.session() as session:
        session.execute(text("DROP TRIGGER protect_publications_delete"))
        session.execute(text("DELETE FROM publications"))
        session.execute(text("DELETE FROM disclosures"))
        session.commit()
    assert client.get(published).status_code == 404


# The page of all parts ----------------------------------------------------------------------------


def test_the_style_page_is_there_in_a_demo_only(demo_site):
    answer = demo_site.client().get("/style")
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_outside_a_demo_there_is_no_style_page(site):
    assert site.client().get("/style").status_code == 404
