"""Handing over, over HTTP: deliberate, nothing typed is lost, the old link explains itself, the lead decides."""

import re

import pytest

from tests.actions.acting import rows
from tests.builders import LINKS, QUOTELESS, circulate, world
from tests.ground.application import code_in, hidden, link_in, text_of
from tests.web.signing_visit import Visit
from tests.web.test_circulation import Desk
from workflow.links import Purpose
from workflow.models.circulation import Invitation

HOME = {"name": "Bo <b>Colleague</b>", "mail": "bo@valley-coalition.example.com"}
ELSEWHERE = {"name": "Cy", "mail": "cy@elsewhere.example.net"}


@pytest.fixture
def session(site):
    with site.session() as opened_:
        yield opened_


def visit_of(site, session, **how):
    visit = Visit(site, circulate(world(session, edition=QUOTELESS), **how))
    visit.open()
    visit.keep(visit.client.get(f"{visit.base}hand-over"))
    return visit


def send(visit, **fields):
    carried = {"form_token": LINKS.make(Purpose.SIGN_FORM, [visit.invitation.id, visit.invitation.generation])}
    return visit.keep(visit.client.post(f"{visit.base}hand-over", data={**carried, **fields}))


def test_a_colleague_is_named_and_asked_and_the_old_link_says_so(site, session):
    visit = visit_of(site, session)
    assert send(visit, name="", mail="no address").status_code == 400
    assert "no address" in visit.page
    answer = send(visit, **HOME)
    assert answer.status_code == 200
    assert "Bo &lt;b&gt;Colleague&lt;/b&gt;" in visit.page
    for path in (visit.base, visit.path):
        dead = visit.client.get(path)
        assert dead.status_code == 410
        assert "handed over to a colleague" in dead.get_data(as_text=True)
    site.deliver()
    (asked,) = site.letters(HOME["mail"])
    fresh = site.client()
    landing = fresh.get(link_in(asked))
    assert landing.status_code == 200
    (told,) = [one for one in site.letters("contact0@") if "answers for" in one["Subject"]]
    assert HOME["mail"] in text_of(told)


def test_with_the_code_it_takes_six_digits_from_the_registered_mailbox(site, session):
    visit = visit_of(site, session, code=True)
    send(visit, **HOME)
    assert "for handing over to this colleague only" in visit.page
    site.deliver()
    (letter,) = [one for one in site.letters("contact0@") if "code" in one["Subject"].lower()]
    assert letter["Subject"] == "Your code to hand over to a colleague at Lakeside Relief"
    assert "to hand the asking of" in text_of(letter) and "confirm the answer" not in text_of(letter)
    digits = code_in([one for one in site.letters("contact0@") if "code" in one["Subject"].lower()][-1])
    fields = {name: hidden(visit.page, name) for name in ("mail", "challenge")} | {"name": HOME["name"]}
    wrong = send(visit, **fields, code="000000" if digits != "000000" else "111111")
    assert wrong.status_code == 400
    assert send(visit, **fields, code=digits).status_code == 200
    assert "has a link of their own now" in visit.page


def test_another_domain_is_shown_to_the_lead_who_decides(site, session):
    visit = visit_of(site, session)
    send(visit, **ELSEWHERE)
    assert "not accepted yet" in visit.page
    desk = Desk(site, visit.made)
    assert "no link goes there before you accept it" in desk.get(f"{desk.hub}/roll")
    assert visit.client.get(visit.base).status_code == 200
    again = visit.client.get(f"{visit.base}hand-over").get_data(as_text=True)
    assert "has to accept the address of" in again
    assert send(visit, **ELSEWHERE).status_code == 409
    there = rows(session, Invitation)[-1]
    waiting = site.client().get(site.approval_path(there))
    assert waiting.status_code == 410
    assert "once the organisation that asks has accepted" in waiting.get_data(as_text=True)
    path = f"{desk.hub}/handed-over/{there.id}"
    desk.send(path, 303, f"{desk.hub}/roll", accept="yes")
    assert site.client().get(site.approval_path(there)).status_code == 200
    assert visit.client.get(visit.base).status_code == 410
    roll = re.sub(r"\s+", " ", desk.get(f"{desk.hub}/roll"))
    assert "Named by <bdi>Contact 0</bdi>" in roll
    assert "Handed over to a colleague" in roll
    desk.send(
        f"/coalitions/{visit.made.coalition.id}/members/{visit.made.members[0].id}/contacts/{there.contact_id}/left",
        303,
    )
    roll = desk.get(f"{desk.hub}/roll")  # the one who stood in has left, and the one who handed over has a dead link
    assert "Nobody can answer: no link of this organisation opens." in roll and "Send a new link to one" in roll


def test_a_refused_colleague_stays_out(site, session):
    visit = visit_of(site, session)
    send(visit, **ELSEWHERE)
    desk = Desk(site, visit.made)
    there = rows(session, Invitation)[-1]
    desk.send(f"{desk.hub}/handed-over/{there.id}", 303, f"{desk.hub}/roll", accept="no")
    assert site.client().get(site.approval_path(there)).status_code == 410
    assert visit.client.get(visit.base).status_code == 200
    old_tab = desk.send(f"{desk.hub}/handed-over/{there.id}", 409, f"{desk.hub}/roll", accept="yes")
    assert "You have not accepted this colleague before" in old_tab


def test_the_lead_says_beforehand_whether_it_wants_to_look(site, session):
    desk = Desk(site, world(session, edition=QUOTELESS))
    assert re.search(r'name="domains"[^>]*checked', desk.get(f"{desk.hub}/circulate"))
