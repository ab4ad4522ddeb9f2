"""Amending the roll of a living circulation: who is told, who is asked, and what that completes."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.actions.acting import letters, reread, rows, sign, stage_of
from tests.builders import EDITION, LINKS, NOW, QUOTELESS, circulate, offered, world
from tests.prove.invariants import violations
from workflow.actions import amending_roll, recording, signing
from workflow.actions import circulation as circulating
from workflow.mail.letters import render
from workflow.mail.outbox import Kind as LetterKind
from workflow.models.circulation import Invitation, Signatory
from workflow.models.coalition import Contact, Member, Organisation
from workflow.models.history import Event
from workflow.models.posting import Letter
from workflow.models.publication import Publication
from workflow.models.recording import Recording
from workflow.queries.circulation import roll
from workflow.queries.posting import letter_view
from workflow.rules.circulation import Kind, Role, Rule, Visibility
from workflow.rules.recording import Evidence
from workflow.rules.refusals import (
    EmptyRule,
    FormRefused,
    LinkRevoked,
    NotFound,
    QuoteWithoutOwner,
    WrongStage,
)

LATER = NOW + timedelta(hours=1)
URL = "http://localhost"


def who(made):
    return made.session, LATER, made.user.id, made.statement.public_id


def change(made, index, part, reason="Their board meets too late.", **options):
    amending_roll.change_part(*who(made), made.signatories[index].id, part, reason, **options)


def newcomer(made, name="Ferry Circle", contact=True):
    """A member of the coalition that is not asked."""
    organisation = Organisation(kept_by_id=made.user.organisation_id, name=name, listed_name=name)
    made.session.add(organisation)
    made.session.flush()
    made.session.add(Member(coalition_id=made.coalition.id, organisation_id=organisation.id))
    if contact:
        made.session.add(Contact(organisation_id=organisation.id, name="Nia", mail="nia@ferry.example.org"))
    made.session.commit()
    found = organisation.id
    made.session.expunge_all()
    return found


def test_demoting_the_last_one_that_was_missing_publishes(session):
    made = circulate(world(session, edition=QUOTELESS))
    sign(made, 0)
    sign(made, 1, Kind.OBJECTION)
    sign(made, 2)
    assert stage_of(made) == "circulating"
    change(made, 1, Role.OPTIONAL)
    assert stage_of(made) == "published"
    (published,) = rows(session, Publication)
    assert len(json.loads(published.listing)) == 2


def test_who_signed_and_was_made_an_observer_is_neither_counted_nor_listed(session):
    made = circulate(world(session, edition=QUOTELESS), at_least=2)
    sign(made, 0)
    change(made, 0, Role.OBSERVER)
    sign(made, 1)
    assert stage_of(made) == "circulating", "an observer's sign-off was counted"
    sign(made, 2)
    assert stage_of(made) == "published"
    (published,) = rows(session, Publication)
    record = json.loads(published.record)
    assert len(json.loads(published.listing)) == len(record["signatories"]) == 2


def test_who_was_dropped_is_asked_about_no_quote_any_more(session):
    made = circulate(world(session, edition=EDITION))
    assert made.signatories[0].quotes
    change(made, 0, None, vouched=True)
    (dropped,) = [one for one in rows(session, Signatory) if one.dropped_at is not None]
    assert dropped.quotes == {}


def test_dropping_the_last_one_that_was_missing_publishes_and_its_link_is_dead(session):
    made = circulate(world(session, edition=QUOTELESS))
    sign(made, 0)
    sign(made, 1)
    change(made, 1, None)
    with pytest.raises(LinkRevoked):
        sign(made, 1, Kind.TAKEN_BACK)
    change(made, 2, None)
    assert stage_of(made) == "published"
    dropped = [one.invitation_id for one in letters(session, LetterKind.DROPPED)]
    assert dropped == [made.invitations[1].id, made.invitations[2].id]


def test_a_sign_off_of_one_that_was_dropped_does_not_count(session):
    made = circulate(world(session, edition=QUOTELESS), at_least=2)
    sign(made, 0)
    change(made, 0, None)
    sign(made, 1)
    assert stage_of(made) == "circulating"
    sign(made, 2)
    assert stage_of(made) == "published"
    (published,) = rows(session, Publication)
    assert len(json.loads(published.listing)) == 2


def test_everybody_is_told_once_and_nobody_is_asked_again(session):
    made = circulate(world(session, edition=QUOTELESS))
    asked = len(letters(session, LetterKind.APPROVAL))
    change(made, 1, Role.OPTIONAL)
    told = letters(session, LetterKind.ROLL_CHANGED)
    assert {one.invitation_id for one in told} == {one.id for one in made.invitations}
    assert ["reason" in one.facts for one in told] == [one.invitation_id == made.invitations[1].id for one in told]
    assert len(letters(session, LetterKind.APPROVAL)) == asked
    (event,) = [one for one in rows(session, Event) if one.kind == "part changed"]
    facts = json.loads(event.body)["facts"]
    assert facts["part"] == "optional"
    assert "board" not in event.body  # why is disclosed beside it


def test_a_promoted_one_must_sign(session):
    made = circulate(world(session, edition=QUOTELESS), roles=[Role.REQUIRED, Role.OPTIONAL, Role.OBSERVER])
    change(made, 1, Role.REQUIRED)
    sign(made, 0)
    assert stage_of(made) == "circulating"
    sign(made, 1)
    assert stage_of(made) == "published"


def test_a_newcomer_is_asked_and_holds_the_lock(session):
    made = circulate(world(session, edition=QUOTELESS))
    organisation_id = newcomer(made)
    amending_roll.add(*who(made), organisation_id, Role.REQUIRED)
    (approval,) = [one for one in letters(session, LetterKind.APPROVAL) if one.created_at == LATER]
    told = letters(session, LetterKind.ROLL_CHANGED)
    assert {one.invitation_id for one in told} == {one.id for one in made.invitations}
    for index in range(3):
        sign(made, index)
    assert stage_of(made) == "circulating"
    places = roll(session, made.circulation.id)
    assert [one.name for one in places if one.kind is None] == ["Ferry Circle"]
    invitation = session.get_one(Invitation, approval.invitation_id)
    assert invitation.signatory_id == places[-1].signatory_id


def test_who_was_dropped_can_be_asked_again_by_a_new_link(session):
    made = circulate(world(session, edition=QUOTELESS))
    sign(made, 1, Kind.DECLINE)
    change(made, 1, None)
    amending_roll.add(*who(made), made.members[1].id, Role.REQUIRED)
    sign(made, 0)
    sign(made, 2)
    assert stage_of(made) == "circulating"
    sign(made, 1)
    assert stage_of(made) == "published"


def test_what_cannot_be_amended(session):
    made = circulate(world(session, edition=QUOTELESS))
    with pytest.raises(FormRefused):
        amending_roll.add(*who(made), made.members[0].id, Role.OPTIONAL)
    with pytest.raises(NotFound):
        amending_roll.add(*who(made), 999_999, Role.OPTIONAL)
    with pytest.raises(FormRefused):
        change(made, 0, Role.REQUIRED)
    with pytest.raises(NotFound):
        amending_roll.change_part(*who(made), 999_999, None, "why")
    change(made, 0, None)
    change(made, 1, None)
    with pytest.raises(EmptyRule):
        change(made, 2, None)
    with pytest.raises(NotFound):  # it is not on the roll any more
        change(made, 0, Role.OPTIONAL)
    assert [one.kind for one in rows(session, Event)].count("signatory dropped") == 2
    circulating.recall(*who(made))
    with pytest.raises(WrongStage):
        change(made, 2, Role.OPTIONAL)


def test_a_quote_without_its_owner_is_vouched_for_or_holds_the_change(session):
    made = circulate(world(session, edition=EDITION))
    with pytest.raises(QuoteWithoutOwner):
        change(made, 0, None)
    assert rows(session, Signatory)[0].dropped_at is None
    change(made, 1, Role.OPTIONAL)  # which leaves no quote alone
    change(made, 0, None, vouched=True)
    change(made, 1, Role.REQUIRED)
    change(made, 1, None)  # what was vouched for stays so
    dropped = [json.loads(one.body)["facts"] for one in rows(session, Event) if one.kind == "signatory dropped"]
    assert [len(one["vouched"]) for one in dropped] == [1, 1]


def test_another_lead_finds_nothing(session):
    made, other = circulate(world(session, edition=QUOTELESS)), world(session, lead="Mountain League")
    with pytest.raises(NotFound):
        amending_roll.change_part(
            session, LATER, other.user.id, made.statement.public_id, made.signatories[0].id, None, "why"
        )


@pytest.mark.parametrize("visibility", list(Visibility))
def test_letters_name_no_one_to_members_who_do_not_see_each_other(session, visibility):
    made = circulate(world(session, edition=QUOTELESS), visibility=visibility)
    change(made, 1, Role.OPTIONAL)
    said = {}
    for one in session.scalars(select(Letter).where(Letter.kind == LetterKind.ROLL_CHANGED)).all():
        view = letter_view(session, LINKS, URL, LATER, one.id)
        said[one.invitation_id] = render(view).text
    own, other = said[made.invitations[1].id], said[made.invitations[0].id]
    assert "Another part for Hillside Forum: optional" in own
    assert "Their board meets too late." in own
    assert "board" not in other
    named = "Another part for Hillside Forum: optional" in other
    assert named is (visibility is Visibility.EVERYTHING)
    assert ("Hillside" in other) is named
    assert "Nobody has to answer again" in other


def test_the_letter_to_who_was_dropped_has_no_link_and_says_why(session):
    made = circulate(world(session, edition=QUOTELESS))
    change(made, 1, None)
    (one,) = letters(session, LetterKind.DROPPED)
    text = render(letter_view(session, LINKS, URL, LATER, one.id)).text
    assert "Their board meets too late." in text
    assert "/sign/" not in text


def test_another_number_of_the_others_is_weighed_after_a_promotion(session):
    roles = [Role.REQUIRED, Role.OPTIONAL, Role.OPTIONAL]
    made = circulate(world(session, edition=QUOTELESS), roles=roles, rule=Rule(others=1))
    sign(made, 0)
    sign(made, 1)
    assert stage_of(made) == "published"


def test_who_comes_back_has_said_nothing_yet(session):
    made = circulate(world(session, edition=QUOTELESS))
    sign(made, 0)
    change(made, 0, None)
    amending_roll.add(*who(made), made.members[0].id, Role.REQUIRED)
    sign(made, 1)
    sign(made, 2)
    assert stage_of(made) == "circulating", "what it said on its former place is history"
    sign(made, 0)
    assert stage_of(made) == "published"
    assert violations(session) == []


def test_one_voice_of_before_is_none_of_two(session):
    made = world(session, edition=QUOTELESS)
    session.add(Contact(organisation_id=made.members[0].id, name="Zoe", mail="zoe@valley.example.org"))
    session.get_one(Organisation, made.members[0].id).needed = 2
    session.commit()
    circulate(made)
    sign(made, 0)
    change(made, 0, None)
    amending_roll.add(*who(made), made.members[0].id, Role.REQUIRED)
    sign(made, 1)
    sign(made, 2)
    first, second = [one for one in rows(session, Invitation) if one.signatory_id == rows(session, Signatory)[-1].id]
    for one in (second, first):
        assert stage_of(made) == "circulating"
        signing.answer(session, LINKS, LATER, one.id, one.generation, offered(made, 0))
    assert stage_of(made) == "published"


def test_what_was_recorded_of_who_is_dropped_is_overtaken(session):
    made = circulate(world(session, edition=QUOTELESS))
    told = Evidence("phone", "Ada rang at noon.")
    recording.record(*who(made), made.signatories[0].id, offered(made, 0), told)
    change(made, 0, None)
    assert [one.outcome for one in rows(session, Recording)] == ["overtaken"]
    assert violations(session) == []


def test_who_asked_not_to_be_named_is_not_when_it_is_added(session):
    made = circulate(world(session, edition=QUOTELESS))
    sign(made, 0, withheld=True)
    circulating.recall(*who(made))
    members = made.members
    reread(made)
    made.members = members[1:]
    circulate(made, now=LATER)
    amending_roll.add(*who(made), members[0].id, Role.REQUIRED)
    told = letters(session, LetterKind.ROLL_CHANGED)
    session.rollback()
    assert told
    assert all("Lakeside Relief" not in render(letter_view(session, LINKS, URL, LATER, one.id)).text for one in told)


def test_nobody_is_added_under_a_name_that_is_taken(session):
    made = circulate(world(session, edition=QUOTELESS))
    other = newcomer(made, "Lakeside Relief of the North")
    session.get_one(Organisation, other).listed_name = "Lakeside Relief"
    session.commit()
    with pytest.raises(FormRefused):
        amending_roll.add(*who(made), other, Role.OPTIONAL)
