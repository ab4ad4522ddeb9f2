"""Amending a living roll over HTTP: what follows is said first, nothing typed is lost, members see what they may."""

import re

import pytest

from tests.builders import EDITION, NOW, QUOTELESS, circulate, world
from tests.ground.application import text_of
from tests.web.test_circulation import Desk
from tests.web.test_commenting import opened
from workflow.actions import deadline
from workflow.models.circulation import Signatory
from workflow.models.coalition import Contact, Member, Organisation
from workflow.models.publication import Publication
from workflow.rules.circulation import Kind, Role, Rule


@pytest.fixture
def session(site):
    with site.session() as opened_:
        yield opened_


def desk_of(site, session, edition=QUOTELESS, **options):
    return Desk(site, circulate(world(session, edition=edition), **options))


def change(desk, index, expected=200, **fields):
    path = f"{desk.hub}/roll/{desk.made.signatories[index].id}"
    return desk.send(path, expected, path, **fields)


def test_what_follows_is_said_before_it_happens_and_then_everybody_is_told(site, session):
    desk = desk_of(site, session)
    desk.sign(0)
    desk.sign(1, Kind.OBJECTION)
    desk.sign(2)
    assert f"/roll/{desk.made.signatories[1].id}" in desk.get(f"{desk.hub}/roll")
    said = change(desk, 1, part="optional", reason="Their <board> meets too late.")
    assert "the text becomes final by it" in said
    assert "Their &lt;board&gt; meets too late." in said
    assert "all 2 required organisations have signed" in said
    assert desk.count(Publication) == 0
    change(desk, 1, 303, part="optional", reason="Their board meets too late.", confirmed="yes")
    assert desk.count(Publication) == 1


def test_what_is_not_the_last_thing_missing_is_not_said_to_be(site, session):
    desk = desk_of(site, session)
    said = change(desk, 1, part="off", reason="They left the coalition.")
    assert "becomes final" not in said
    assert "Off the roll" in said
    change(desk, 1, 303, part="off", reason="They left the coalition.", confirmed="yes")
    site.deliver()
    (told,) = [
        one for one in site.letters("contact1@valley-coalition.example.com") if "not asked any more" in one["Subject"]
    ]
    assert "They left the coalition." in text_of(told)
    assert "Hillside Forum" not in desk.get(f"{desk.hub}/roll")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"part": "optional"}, "Say why: the organisation is told."),
        ({"part": "required", "reason": "Typed with care"}, "That is its part already."),
        ({"part": "king", "reason": "Typed with care"}, "Please fill this in."),
        ({"part": "off", "reason": "x" * 501}, "This is too long"),
        ({"part": "off", "reason": "\u202e"}, "turns the direction of writing"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_what_was_typed(site, session, fields, said):
    desk = desk_of(site, session)
    page = change(desk, 1, 400, **fields)
    assert said in page
    if fields.get("reason") == "Typed with care":
        assert "Typed with care" in page


def test_the_last_required_one_cannot_be_taken_off(site, session):
    desk = desk_of(site, session, roles=[Role.REQUIRED, Role.OPTIONAL, Role.OBSERVER])
    page = change(desk, 0, 400, part="off", reason="why")
    assert "Nobody is required" in page


def test_a_quote_without_an_owner_asks_the_lead_to_vouch(site, session):
    desk = desk_of(site, session, edition=EDITION)
    page = change(desk, 0, 400, part="off", reason="They left.", confirmed="yes")
    assert 'name="vouched"' in page
    change(desk, 0, 303, part="off", reason="They left.", confirmed="yes", vouched="yes")


def newcomer(session, made, *, contact=True):
    organisation = Organisation(kept_by_id=made.user.organisation_id, name="Ferry Circle", listed_name="Ferry Circle")
    session.add(organisation)
    session.flush()
    session.add(Member(coalition_id=made.coalition.id, organisation_id=organisation.id))
    if contact:
        session.add(Contact(organisation_id=organisation.id, name="Nia", mail="nia@ferry.example.org"))
    session.commit()
    return organisation.id


def test_one_more_is_asked_by_a_link_of_its_own(site, session):
    desk = desk_of(site, session)
    path = f"{desk.hub}/roll/add"
    assert "Every member of the coalition is asked already" in desk.get(path)
    id_ = newcomer(session, desk.made)
    page = desk.send(path, 400, path, organisation="", part="required")
    assert "Please fill this in." in page
    desk.send(path, 303, path, organisation=id_, part="required")
    site.deliver()
    (asked,) = site.letters("nia@ferry.example.org")
    assert "/sign/" in text_of(asked)
    told = site.letters("contact0@valley-coalition.example.com")[-1]
    assert "New on the roll: Ferry Circle (required)" in text_of(told)
    assert desk.count(Signatory) == 4


def test_nobody_to_write_to_is_said_beside_the_organisation(site, session):
    desk = desk_of(site, session)
    id_ = newcomer(session, desk.made, contact=False)
    path = f"{desk.hub}/roll/add"
    assert "Nobody to write to at Ferry Circle" in desk.send(path, 400, path, organisation=id_, part="required")


def test_the_form_asks_for_the_others_and_for_time(site, session):
    desk = Desk(site, world(session, edition=QUOTELESS))
    typed = desk.typed(roles={1: "optional", 2: "optional"}, others="1", hold_open="yes")
    page = desk.send(f"{desk.form}/check", 200, **typed)
    assert "At least one of the others must have signed as well." in page or "At least 1 of the 2 others" in page
    assert "It stays open until the deadline" in page
    assert 'name="hold_open" value="yes"' in page
    assert "more sign-offs than there are" in desk.send(f"{desk.form}/check", 400, **{**typed, "others": "3"})
    assert "not a whole number" in desk.send(f"{desk.form}/check", 400, **{**typed, "others": "two"})


def test_silence_is_asked_for_broken_and_told(site, session):
    desk = Desk(site, world(session, edition=QUOTELESS))
    page = desk.send(f"{desk.form}/check", 200, **desk.typed(purpose="silence"))
    assert "Silence: adopted unless somebody objects" in page
    desk.send(f"{desk.form}/send", 303, **desk.typed(purpose="silence"))
    site.deliver()
    (asked,) = site.letters("contact1@valley-coalition.example.com")
    assert "silence counts as agreement" in text_of(asked)
    roll = desk.get(f"{desk.hub}/roll")
    assert "Circulated for adoption by silence" in roll
    assert "The time for objecting is running" in roll


def test_a_member_reads_that_silence_agrees_and_cannot_decline(site, session):
    made = circulate(world(session, edition=QUOTELESS), rule=Rule(silence=True))
    page = opened(site, made).page
    assert "Silence counts as agreement: you need not answer." in page
    assert 'value="decline"' not in page
    assert 'value="objection"' in page


def test_what_silence_adopted_names_the_coalition_and_nobody_else(site, session):
    made = circulate(world(session, edition=QUOTELESS), rule=Rule(silence=True))
    until = made.circulation.deadline_at
    assert deadline.reached(session, until, made.circulation.id)
    (path,) = {one for one in links(site.client().get("/").text) if one.startswith("/statements/")}
    for ending in ("", ".txt", ".md"):
        text = site.client().get(path + ending).text
        assert "Adopted in the name of Valley campaign" in text
        assert not any(one.name in text for one in made.members)
    assert "no objection was raised before" in site.client().get(path).text
    assert "Adopted in the name" in site.client().get("/feed.atom").text
    assert until > NOW
    site.at(until)
    site.deliver()
    told = [text_of(one) for one in site.letters() if one["Subject"].startswith("Published:")]
    assert len(told) == 4
    assert all("adopted in the name of the coalition" in one and "what was signed" not in one for one in told)


def links(page):
    return re.findall(r'href="([^"]+)"', page)
