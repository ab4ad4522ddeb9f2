"""The press list over HTTP: pasting, choosing, the release as a letter, and leaving by one click."""

import re

import pytest

from tests.actions.test_locked import AT, due, locked_world
from tests.builders import NOW
from tests.ground.application import text_of
from tests.web.living import csrf_of, differing, dump
from workflow.actions import press
from workflow.text.addresses import Address

BASE = "http://localhost"


@pytest.fixture
def made(site):
    with site.session() as session:
        found = locked_world(session)
        press.add(session, NOW, found.user.id, [Address("Dana Reporter", "dana@paper.example")], "en")
        press.add(session, NOW, found.user.id, [Address("دانا", "eli@radio.example")], "ar")
        press.choose(session, NOW, found.user.id, found.statement.public_id, [1, 2])
    yield found


def published(site, made):
    with site.session() as session:
        made.session = session
        assert due(made, AT)
    site.at(AT)
    site.deliver()


def test_the_release_is_a_letter_of_its_own_with_the_whole_text_and_the_address(site, made):
    site.deliver()
    assert site.letters("paper.example") == []
    published(site, made)
    (letter,) = site.letters("dana@paper.example")
    told = text_of(letter)
    address = re.search(rf"{BASE}/statements/[\w-]+", told)
    assert address
    assert site.client().get(address.group().removeprefix(BASE)).status_code == 200
    assert "The valley road has been closed for forty days." in told
    assert "Hillside Forum • Lakeside Relief" in told
    assert letter["Subject"] == "Seven organisations ask for the valley road to be reopened"
    html = letter.get_body(("html",)).get_content()
    assert "The valley road has been closed for forty days." in html
    (arabic,) = site.letters("eli@radio.example")
    assert arabic["Content-Language"] == "ar"


def test_every_letter_carries_a_way_off_the_list_that_a_look_does_not_go(site, made):
    published(site, made)
    (letter,) = site.letters("dana@paper.example")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = re.fullmatch(rf"<({BASE}/press/leave/[\w-]+\.?[\w.-]*)>", letter["List-Unsubscribe"])
    assert url, letter["List-Unsubscribe"]
    assert url.group(1) in text_of(letter)
    path = url.group(1).removeprefix(BASE)
    before = dump(site)
    for _ in range(5):
        assert "Leave the list" in site.client().get(path).text
    assert differing(before, dump(site)) == []
    # As a mail provider does it: no cookie, no form token, no origin; and no redirect is answered.
    answer = site.client().post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "not on the press list any more" in site.client().get(path).text
    assert site.client().post(path).status_code == 200
    assert site.client().get(path + "x").status_code == 404


def test_the_header_to_leave_is_one_line_and_not_encoded(site, made):
    published(site, made)
    raw = next(one for one in (site.settings.data_dir / "mail").glob("*.eml") if b"To: Dana" in one.read_bytes())
    lines = [line for line in raw.read_bytes().split(b"\r\n") if line.startswith(b"List-Unsubscribe:")]
    assert len(lines) == 1
    assert lines[0].endswith(b">")


def test_the_lead_pastes_changes_and_removes(site, made):
    lead = site.client()
    site.sign_in(lead, made.user)
    csrf = csrf_of(lead)
    pasted = "Fay <fay@tv.example>\nDana <dana@paper.example>"
    bad = lead.post("/desk/press", data={"csrf_token": csrf, "pasted": pasted})
    assert bad.status_code == 400
    assert "Line 2: dana@paper.example is there already." in bad.text
    good = lead.post("/desk/press", data={"csrf_token": csrf, "pasted": "Fay <fay@tv.example>", "language": "ar"})
    assert good.status_code == 303
    assert lead.post("/desk/press/3", data={"csrf_token": csrf, "language": "en"}).status_code == 303
    assert lead.post("/desk/press/3", data={"csrf_token": csrf, "what": "remove"}).status_code == 303
    assert "fay@tv.example" not in lead.get("/desk/press").text
    assert lead.post("/desk/press/3", data={"csrf_token": csrf, "what": "remove"}).status_code == 404


def test_the_lead_chooses_and_sees_how_the_letters_fared(site, made):
    lead = site.client()
    site.sign_in(lead, made.user)
    csrf, path = csrf_of(lead), f"/desk/statements/{made.statement.public_id}/press"
    assert lead.get(path).text.count("checked") == 2
    assert lead.post(path, data={"csrf_token": csrf, "journalist": ["2", "x", "99999999999"]}).status_code == 303
    assert lead.get(path).text.count("checked") == 1
    published(site, made)
    assert "1 sent, 0 waiting, 0 not delivered" in lead.get(path).text
    note = {"csrf_token": csrf, "kind": "correction", "text": "Ten days.", "press": "yes", "sure": "yes"}
    after = f"/desk/statements/{made.statement.public_id}"
    assert "journalist who was chosen" in lead.get(f"{after}/after").text
    assert lead.post(f"{after}/note", data=note).status_code == 303
    site.deliver()
    assert len(site.letters("eli@radio.example")) == 2
    assert site.letters("dana@paper.example") == []
