"""Alternates, who is away, who has left: at the desk and from a contact's own link."""

import re
from datetime import UTC, datetime

import pytest

from tests.actions.acting import rows
from tests.builders import QUOTELESS, circulate, world
from tests.ground.application import hidden, text_of
from tests.web.signing_visit import Visit
from tests.web.test_circulation import Desk
from workflow.models.circulation import Invitation
from workflow.models.coalition import Contact


@pytest.fixture
def session(site):
    with site.session() as opened_:
        yield opened_


def with_alternate(session):
    made = world(session, edition=QUOTELESS)
    session.add(Contact(organisation_id=made.members[0].id, name="Zoe", mail="zoe@lake.example.org"))
    session.commit()
    return made


def contact_path(made, contact_id):
    return f"/coalitions/{made.coalition.id}/members/{made.members[0].id}/contacts/{contact_id}"


def test_the_lead_makes_somebody_an_alternate_and_asks_on_the_roll(site, session):
    made = with_alternate(session)
    zoe = rows(session, Contact)[-1].id
    desk = Desk(site, made)
    path = f"{contact_path(made, zoe)}/presence"
    assert "not a date" in desk.send(path, 400, path, alternate="yes", away="soon")
    desk.send(path, 303, path, alternate="yes", away="")
    assert "Alternate" in desk.get(f"/coalitions/{made.coalition.id}/members/{made.members[0].id}")
    circulate(made)
    roll = desk.get(f"{desk.hub}/roll")
    assert "Ask the alternate" in roll
    assert zoe not in [one.contact_id for one in rows(session, Invitation)]
    desk.send(f"{desk.hub}/invite/{zoe}", 303, f"{desk.hub}/roll")
    assert zoe in [one.contact_id for one in rows(session, Invitation)]


def test_away_is_shown_to_the_day_and_asks_the_alternate(site, session):
    made = with_alternate(session)
    zoe = rows(session, Contact)[-1].id
    desk = Desk(site, made)
    desk.send(f"{contact_path(made, zoe)}/presence", 303, alternate="yes")
    circulate(made)
    path = f"{contact_path(made, made.contacts[0].id)}/presence"
    desk.send(path, 303, path, away="2027-03-05")
    assert re.search(r'name="away"[^>]*value="2027-03-05"', desk.get(path))
    assert rows(session, Contact)[0].away_until == datetime(2027, 3, 6, 6, 0, tzinfo=UTC)
    assert zoe in [one.contact_id for one in rows(session, Invitation)]
    assert re.search("Away until <time[^>]*>the end of 5 March 2027</time>", desk.get(f"{desk.hub}/roll"))


def test_a_contact_says_so_itself(site, session):
    made = with_alternate(session)
    session.query(Contact).filter(Contact.name == "Zoe").update({"alternate": True})
    session.commit()
    circulate(made)
    visit = Visit(site, made)
    visit.open()
    page = visit.client.get(f"{visit.base}hand-over").get_data(as_text=True)
    fields = {"form_token": hidden(page, "form_token")}
    assert visit.client.post(f"{visit.base}away", data={**fields, "away": ""}).status_code == 400
    answer = visit.client.post(f"{visit.base}away", data={**fields, "away": "2027-03-05"}, follow_redirects=True)
    assert "An alternate of your organisation is asked now" in answer.get_data(as_text=True)
    assert len(rows(session, Invitation)) == 4
    site.deliver()
    (told,) = [text_of(one) for one in site.letters(made.user.mail) if "is away" in text_of(one)]
    assert "is away until the end of 5 March 2027." in told
    assert visit.client.get(visit.base).status_code == 200


def test_who_has_left_leaves_a_roll_that_says_that_nobody_can_answer(site, session):
    made = circulate(world(session, edition=QUOTELESS))
    desk = Desk(site, made)
    path = f"{contact_path(made, made.contacts[0].id)}/left"
    assert "open nothing any more" in desk.get(path)
    desk.send(path, 303, path)
    assert "Its contact has left: nobody can answer." in desk.get(f"{desk.hub}/roll")
    assert site.client().get(site.approval_path(made.invitations[0])).status_code == 410


def test_two_of_two_contacts_are_asked_for_and_the_roll_counts_them(site, session):
    made = with_alternate(session)
    desk = Desk(site, made)
    page = f"/coalitions/{made.coalition.id}/members/{made.members[0].id}"
    desk.send(f"{page}/voices", 303, page, needed="3")
    assert "from 1 to 2" in desk.get(page)
    desk.send(f"{page}/voices", 303, page, needed="2")
    circulate(made)
    visit = Visit(site, made)
    visit.open()
    assert "0 of 2 so far" in visit.page
    visit.check()
    visit.again("record")
    assert "1 of 2 so far" in visit.client.get(f"{visit.base}receipt").get_data(as_text=True)
    zoe = Visit(site, made, 1)
    zoe.open()
    zoe.check(kind="decline", text="Not like this.")
    zoe.again("record")
    page = zoe.client.get(f"{zoe.base}receipt").get_data(as_text=True)
    assert "Your contacts do not say the same yet" in page and "They do not give the same answer." in page
    assert "ask them to agree" in desk.get(f"{desk.hub}/roll")
    assert "do not say the same yet" in zoe.client.get(zoe.base).get_data(as_text=True)
    zoe.open()
    zoe.check(kind="taken-back")
    zoe.again("record")
    roll = desk.get(f"{desk.hub}/roll")
    assert "1 of 2 contacts" in roll
    assert "further contacts of Lakeside Relief have to sign as well" in roll
