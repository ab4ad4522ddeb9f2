"""Previews over HTTP: the link out of the mail, the button, the marked text and files, and closed links."""

import io
import re
from datetime import timedelta
from html import unescape

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from tests.actions.acting import rows
from tests.actions.test_locked import AT, due, locked_world, take_back
from tests.builders import LINKS, NOW
from tests.ground.application import hidden, link_in, text_of
from tests.web.living import csrf_of
from workflow.actions import press, previewing
from workflow.links import Purpose
from workflow.models.press import Journalist
from workflow.models.previewing import Preview, PreviewOpening
from workflow.text.addresses import Address
from workflow.web.publication_previews import _with_the_press_list

WORDS = ("valley road", "forty", "clinic", "reopened")
MARK = "EMBARGOED UNTIL Thursday 4 March 2027, 11:00 Asia/Beirut (UTC+02:00) / 09:00 UTC"


@pytest.fixture
def made(site):
    with site.session() as session:
        found = locked_world(session)
        who = (session, NOW, found.user.id, found.statement.public_id)
        people = [Address("Dana Reporter", "dana@paper.example", 1)]
        previewing.add(*who, people, language="en", time_zone="Asia/Beirut", hours=None)
        session.commit()
    site.deliver()
    yield found


def path_of(site):
    (letter,) = site.letters("dana@paper.example")
    return link_in(letter, "/preview/")


def opened(site, client, **typed):
    path = path_of(site)
    token = hidden(client.get(path).get_data(as_text=True), "form_token")
    answer = client.post(path, data={"form_token": token, **typed})
    assert answer.status_code == 303, answer.text
    return answer


def test_the_letter_and_the_landing_page_hold_no_word_and_change_nothing(site, made):
    (letter,) = site.letters("dana@paper.example")
    told = text_of(letter)
    assert "Thursday 4 March 2027, 11:00 Asia/Beirut" in told
    assert "09:00 UTC" in told
    assert letter["Reply-To"].addresses[0].addr_spec == "desk@valley-coalition.example.org"
    for _ in range(20):
        page = site.client().get(path_of(site))
        assert page.status_code == 200
        assert not [one for one in WORDS if one in (told + page.text).lower()]
    assert "11:00" in page.text
    with site.session() as session:
        assert rows(session, PreviewOpening) == []


def test_the_button_opens_the_marked_text_and_its_files(site, made):
    client = site.client()
    answer = opened(site, client)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert "Path=/preview/at/1/" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    page = client.get(answer.headers["Location"])
    assert page.text.count(MARK) >= 2
    assert "clinic" in page.text
    assert "Lakeside Relief" in page.text
    for form in ("txt", "md", "pdf"):
        file = client.get(f"/preview/at/1/statement.{form}")
        assert file.status_code == 200
        assert "embargoed" in file.headers["Content-Disposition"]
        if form == "pdf":
            reader = PdfReader(io.BytesIO(file.data))
            told = "\n".join(" ".join(one.extract_text().split()) for one in reader.pages)
            assert all("EMBARGOED UNTIL" in one.extract_text() for one in reader.pages)
        else:
            told = file.text.replace("\\", "")
            assert told.strip("*\n").startswith("EMBARGOED")
        assert "EMBARGOED UNTIL Thursday 4 March 2027, 11:00" in told
        assert "clinic" in told
        assert "Lakeside Relief" in told
        assert "Preview for Dana Reporter" in told
        for one in (page, file):
            assert one.headers["Cache-Control"] == "no-store"
            assert "noindex" in one.headers["X-Robots-Tag"]
    assert client.get("/preview/at/1/statement.exe").status_code == 404
    with site.session() as session:
        assert len(rows(session, PreviewOpening)) == 1


def test_the_reader_chooses_the_clock(site, made):
    client = site.client()
    page = client.get(opened(site, client, zone="America/Toronto").headers["Location"])
    assert "EMBARGOED UNTIL Thursday 4 March 2027, 04:00 America/Toronto (UTC-05:00) / 09:00 UTC" in page.text
    opened(site, client, zone="Nowhere/Atall")


def test_read_in_arabic_each_clock_stays_with_its_zone(site, made):
    with site.session() as session:
        session.execute(update(Preview).values(language="ar"))
        session.commit()
    client = site.client()
    page = client.get(opened(site, client).headers["Location"]).text
    mark = "\u206611:00 Asia/Beirut (UTC+02:00)\u2069 / \u206609:00 UTC\u2069"
    assert page.count(mark) >= 2


def test_a_cookie_that_was_copied_is_good_for_its_twelve_hours_and_no_more(site, made):
    client = site.client()
    name, _, value = opened(site, client).headers["Set-Cookie"].partition(";")[0].partition("=")
    for hours, status in ((11, 200), (13, 404)):
        site.at(NOW + timedelta(hours=hours))
        other = site.client()
        other.set_cookie(name, value, path="/preview/at/1/")
        assert other.get("/preview/at/1/").status_code == status


def test_nobody_else_gets_in(site, made):
    client, other = site.client(), site.client()
    opened(site, client)
    assert other.get("/preview/at/1/").status_code == 404
    other.set_cookie("preview-1", LINKS.make(Purpose.PREVIEW, [1, 1]), path="/preview/at/1/")
    assert other.get("/preview/at/1/").status_code == 404, "a token of another purpose"
    of_one = LINKS.make(Purpose.PREVIEW_OPENED, [1, 1, int(NOW.timestamp())])
    other.set_cookie("preview-2", of_one, path="/preview/at/2/")
    assert other.get("/preview/at/2/").status_code == 404, "a cookie of another preview"
    path = path_of(site)
    assert other.post(path, data={"form_token": LINKS.make(Purpose.SIGN_FORM, [1, 1])}).status_code == 400
    assert other.get(path + "x").status_code == 404
    with site.session() as session:
        stored = " ".join(map(repr, rows(session, Preview)[0].__dict__.values()))
    assert path.rpartition("/")[2] not in stored


def test_a_closed_link_says_why_and_shows_nothing(site, made):
    client = site.client()
    opened(site, client)
    with site.session() as session:
        previewing.revoke(session, NOW, made.user.id, made.statement.public_id, 1)
    for path in (path_of(site), "/preview/at/1/", "/preview/at/1/statement.txt"):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "taken back" in answer.text
        assert not [one for one in WORDS if one in answer.text.lower()]


def test_unlocking_closes_what_is_open_in_a_browser(site, made):
    client = site.client()
    opened(site, client)
    with site.session() as session:
        made.session = session
        take_back(made, 0, NOW)
    assert client.get("/preview/at/1/").status_code == 410
    assert client.get("/preview/at/1/statement.pdf").status_code == 410


def test_the_lead_reads_that_journalists_are_told_and_they_are(site, made):
    lead = site.client()
    site.sign_in(lead, made.user)
    here = f"/desk/statements/{made.statement.public_id}"
    moved = {"embargo_day": "2027-03-05", "embargo_clock": "09:00", "embargo_zone": "UTC"}
    page = lead.get(f"{here}/locked").text
    assert "The journalist who was sent a preview is told too." in page
    assert "The journalist who was sent a preview is told not to publish." in page
    assert lead.post(f"{here}/embargo", data={"csrf_token": csrf_of(lead), **moved}).status_code == 303
    site.deliver()
    assert "Friday 5 March 2027, 11:00 Asia/Beirut" in text_of(site.letters("dana@paper.example")[-1])
    assert "The journalist who was sent a preview is told not to publish." in lead.get(f"{here}/recall").text
    assert lead.post(f"{here}/recall", data={"csrf_token": csrf_of(lead)}).status_code == 303
    site.deliver()
    letters = site.letters("dana@paper.example")
    assert len(letters) == 3
    assert letters[-1]["Subject"].startswith("Do not publish")
    assert not [one for one in WORDS if one in "".join(map(text_of, letters)).lower()]


def test_where_nobody_has_a_preview_no_journalist_is_spoken_of(site, made):
    lead = site.client()
    site.sign_in(lead, made.user)
    here = f"/desk/statements/{made.statement.public_id}"
    with site.session() as session:
        previewing.revoke(session, NOW, made.user.id, made.statement.public_id, 1)
    assert "who was sent a preview" not in lead.get(f"{here}/locked").text + lead.get(f"{here}/recall").text


def test_after_the_publication_every_link_leads_to_the_public_page(site, made):
    client = site.client()
    opened(site, client)
    with site.session() as session:
        made.session = session
        assert due(made, AT)
    site.at(AT)
    for path in (path_of(site), "/preview/at/1/"):
        answer = client.get(path)
        assert answer.status_code == 410
        public = re.search(r"/statements/[\w-]+", answer.text)
        assert public
        assert client.get(public.group()).status_code == 200


def test_the_lead_pastes_names_and_sees_who_opened(site, made):
    lead, reader = site.client(), site.client()
    site.sign_in(lead, made.user)
    path = f"/desk/statements/{made.statement.public_id}/previews"
    csrf = csrf_of(lead)
    lines = ["Eli Editor <eli@radio.example>", "", "nobody", "Dana <dana@paper.example>", "Fay <fay@tv.example>;"]
    pasted = "\n".join([*lines, "<eli@radio.example>"])
    bad = lead.post(path, data={"csrf_token": csrf, "pasted": pasted, "zone": "UTC", "hours": "6"})
    assert bad.status_code == 400
    assert "Line 3:" in bad.text
    assert "Line 6: eli@radio.example stands on an earlier line already." in bad.text
    assert "fay@tv.example&gt;;" in bad.text, "what was typed stands there again"
    known = lead.post(path, data={"csrf_token": csrf, "pasted": "Dana <dana@paper.example>"})
    assert "Line 1: dana@paper.example is there already." in known.text
    good = "Eli Editor <eli@radio.example>\r\nFay  <fay@tv.example>;\r\ngus@wire.example"
    assert lead.post(path, data={"csrf_token": csrf, "pasted": good, "hours": "6"}).status_code == 303
    site.deliver()
    assert [len(site.letters(one)) for one in ("eli@radio.example", "fay@tv.example", "gus@wire.example")] == [1, 1, 1]
    opened(site, reader)
    page = lead.get(path).text
    assert "once" in page
    assert "Eli Editor" in page
    assert lead.post(f"{path}/1/revoke", data={"csrf_token": csrf}).status_code == 303
    assert reader.get("/preview/at/1/").status_code == 410
    assert lead.post(f"{path}/1/renew", data={"csrf_token": csrf}).status_code == 303
    site.deliver()
    assert len(site.letters("dana@paper.example")) == 2


def test_who_of_the_press_list_gets_the_release_is_filled_in_and_nothing_typed_is_lost(site, made):
    with site.session() as session:
        lead_id = made.statement.lead_id
        for name in ("Zoe Writer", "Ali Writer", "Nobody Writer", "Dana Reporter"):
            mail = f"{name.split()[0].lower()}@paper.example"
            session.add(Journalist(lead_id=lead_id, name=name, mail=mail, language="en", added_at=NOW))
        session.commit()
        ids = {one.name: one.id for one in session.scalars(select(Journalist))}
        chosen = {ids[name] for name in ("Zoe Writer", "Ali Writer", "Dana Reporter")}
        press.choose(session, NOW, made.user.id, made.statement.public_id, chosen)
    lead = site.client()
    site.sign_in(lead, made.user)
    path = f"/desk/statements/{made.statement.public_id}/previews"
    assert "Add the 2 of the press list who get the release" in lead.get(path).text
    typed = "Eli <eli@radio.example>\nSomebody <ZOE@paper.example>\n"
    data = {"csrf_token": csrf_of(lead), "pasted": typed, "hours": "24", "fill": "press"}
    page = lead.post(path, data=data).text
    typed_in = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert typed_in
    lines = unescape(typed_in.group(1)).strip().splitlines()
    assert lines == ["Eli <eli@radio.example>", "Somebody <ZOE@paper.example>", "Ali Writer <ali@paper.example>"]
    assert '<option value="24" selected' in page
    assert site.letters("eli@radio.example") == []


def test_whose_address_ends_another_one_is_filled_in_all_the_same():
    people = [("Ali", "ali@paper.example"), ("Zoe", "Zoe@paper.example"), ("Bo", "bo@paper.example")]
    typed = "Eva <eva.ali@paper.example>\nzoe@PAPER.example,\nBoris <bo@paper.example.org>"
    assert _with_the_press_list(typed, people).splitlines()[3:] == ["Ali <ali@paper.example>", "Bo <bo@paper.example>"]


def test_a_letter_that_still_waits_when_the_link_dies_is_not_sent(site):
    with site.session() as session:
        found = locked_world(session)
        who = (session, NOW, found.user.id, found.statement.public_id)
        people = [Address("Dana", "dana@paper.example"), Address("Eli", "eli@radio.example")]
        previewing.add(*who, people, language="en", time_zone="UTC", hours=6)
        previewing.revoke(*who, 1)
        session.commit()
    site.at(NOW + timedelta(hours=7))
    site.deliver()
    assert site.letters("paper.example") == []
    assert site.letters("radio.example") == []
