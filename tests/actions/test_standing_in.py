"""Alternates, contacts who are away, contacts who have left: who is asked when, and what opens no more."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from tests.actions.acting import contacts_of, events, invitation_of, letters, rows, sign, stage_of, verdict
from tests.builders import LINKS, NOW, QUOTELESS, circulate, offered, world
from workflow.actions import amending_roll, coalition, handing, signing, standing_in
from workflow.mail.letters import render
from workflow.mail.outbox import Kind as LetterKind
from workflow.models.circulation import Invitation
from workflow.models.coalition import Contact, Organisation
from workflow.models.posting import Job
from workflow.queries.posting import letter_view
from workflow.rules.circulation import Kind, Role, Rule
from workflow.rules.handing import Colleague, LinkHandedOn
from workflow.rules.refusals import FormRefused, LinkReplaced, LinkRevoked, NotFound
from workflow.rules.reminding import USUAL
from workflow.text.membership import ContactValues

DEADLINE = NOW + timedelta(days=2)
HALF = NOW + timedelta(days=1)
BACK = NOW + timedelta(days=9)


def with_alternate(session, **how):
    """Lakeside has an alternate; gives the world and the alternate's contact id."""
    made = world(session, edition=QUOTELESS)
    there = Contact(organisation_id=made.members[0].id, name="Alt", mail="alt@lake.example.org", alternate=True)
    session.add(there)
    session.commit()
    alternate = there.id
    session.expunge_all()
    return made, alternate


def asked(session) -> list[int]:
    return sorted(one.contact_id for one in rows(session, Invitation))


def who(made, contact_id, now=NOW):
    return made.session, now, made.user.id, made.coalition.id, made.members[0].id, contact_id


def by(made, contact_id, now=HALF):
    (one,) = [one for one in rows(made.session, Invitation) if one.contact_id == contact_id]
    return signing.answer(made.session, LINKS, now, one.id, one.generation, offered(made, 0))


def test_once_a_silence_is_broken_no_alternate_is_asked(session):
    made, alternate = with_alternate(session)
    circulate(made, deadline=DEADLINE, rule=Rule(silence=True))
    sign(made, 1, Kind.OBJECTION)
    assert not standing_in.half_way_over(session, HALF, made.circulation.id)
    assert alternate not in asked(session)


def test_an_alternate_is_asked_half_way_where_nobody_has_answered(session):
    made, alternate = with_alternate(session)
    circulate(made, deadline=DEADLINE)
    assert alternate not in asked(session)
    (job,) = [one for one in rows(session, Job) if one.kind == "alternates"]
    assert job.run_at == HALF
    assert standing_in.half_way_over(session, HALF, made.circulation.id)
    assert alternate in contacts_of(letters(session, LetterKind.APPROVAL))
    assert events(session)[-1] == "alternate asked"
    assert not standing_in.half_way_over(session, HALF, made.circulation.id)
    by(made, alternate)
    sign(made, 1, now=HALF)
    sign(made, 2, now=HALF)
    assert stage_of(made) == "published"


def test_whoever_has_answered_needs_no_alternate(session):
    made, alternate = with_alternate(session)
    circulate(made, deadline=DEADLINE)
    sign(made, 0)
    assert not standing_in.half_way_over(session, HALF, made.circulation.id)
    assert alternate not in asked(session)


def test_without_alternates_there_is_no_job(session):
    made = circulate(world(session, edition=QUOTELESS))
    assert [one for one in session.scalars(select(Job)) if one.kind == "alternates"] == []
    assert not standing_in.half_way_over(session, HALF, made.circulation.id + 99)


def test_somebody_who_is_away_beforehand_is_asked_together_with_the_alternate(session):
    made, alternate = with_alternate(session)
    standing_in.describe(*who(made, made.contacts[0].id), alternate=False, away_until=BACK)
    circulate(made, deadline=DEADLINE)
    assert {made.contacts[0].id, alternate} <= set(asked(session))


def test_somebody_who_goes_away_meanwhile_has_the_alternate_asked_at_once(session):
    made, alternate = with_alternate(session)
    circulate(made, deadline=DEADLINE)
    with pytest.raises(FormRefused):
        standing_in.describe(*who(made, made.contacts[0].id), alternate=False, away_until=NOW)
    assert alternate not in asked(session)
    standing_in.describe(*who(made, made.contacts[0].id), alternate=False, away_until=BACK)
    assert alternate in asked(session)


def test_a_contact_says_by_its_link_that_it_is_away(session):
    made, alternate = with_alternate(session)
    circulate(made, deadline=DEADLINE)
    one = invitation_of(made, 0)
    assert standing_in.away(session, NOW, one.id, one.generation, BACK) == 1
    assert alternate in asked(session)
    (contact,) = [c for c in rows(session, Contact) if c.id == made.contacts[0].id]
    assert contact.away_until == BACK
    assert standing_in.away(session, NOW, one.id, one.generation, BACK) == 0
    (told,) = letters(session, LetterKind.AWAY)  # pressed twice, told once
    said = render(letter_view(session, LINKS, "http://localhost", NOW, told.id))
    session.rollback()
    assert told.user_id == made.user.id and "An alternate of the organisation was asked" in said.text
    assert said.subject == "Contact 0 of Lakeside Relief is away"
    with pytest.raises(FormRefused) as refused:
        standing_in.away(session, NOW, one.id, one.generation, NOW)
    assert refused.value.problems["away"].id == "away-past"
    sign(made, 0)  # its own link goes on opening
    with pytest.raises(LinkReplaced):
        standing_in.away(session, NOW, one.id, one.generation + 1, BACK)


def test_who_has_left_is_written_to_no_more_and_its_links_open_nothing(session):
    made, alternate = with_alternate(session)
    circulate(made, deadline=DEADLINE)
    standing_in.left(*who(made, made.contacts[0].id))
    with pytest.raises(LinkRevoked):
        sign(made, 0)
    assert "contact left" in events(session)
    assert alternate in asked(session)
    assert [one.id for one in verdict(made).missing] == ["missing.waiting"]
    with pytest.raises(NotFound):
        standing_in.left(*who(made, made.contacts[0].id))


def test_another_lead_describes_nobody_of_ours(session):
    made, alternate = with_alternate(session)
    other = world(session, lead="Other lead")
    with pytest.raises(NotFound):
        standing_in.left(session, NOW, other.user.id, made.coalition.id, made.members[0].id, alternate)
    with pytest.raises(NotFound):
        standing_in.left(session, NOW, made.user.id, made.coalition.id, made.members[1].id, alternate)
    assert session.get_one(Organisation, made.members[0].id)


def test_an_address_that_changes_in_the_middle_takes_the_old_links_with_it(session):
    made = circulate(world(session, edition=QUOTELESS))
    one = invitation_of(made, 0)
    handing.hand_over(session, LINKS, NOW, one.id, 1, Colleague("Bo", "bo@valley-coalition.example.com"))
    moved = ContactValues("Contact 0", "new@lake.example.org")
    coalition.change_contact(*who(made, made.contacts[0].id), moved)
    with pytest.raises(LinkHandedOn):  # a new address is no way back into what was handed on
        sign(made, 0)
    colleague = rows(session, Contact)[-1]
    moved = ContactValues("Bo", "bo@elsewhere.example.net")
    coalition.change_contact(*who(made, colleague.id), moved)
    (there,) = [one for one in rows(session, Invitation) if one.contact_id == colleague.id]
    with pytest.raises(LinkReplaced):
        signing.answer(session, LINKS, NOW, there.id, 1, offered(made, 0))
    signing.answer(session, LINKS, NOW, there.id, there.generation, offered(made, 0))


def test_the_alternate_of_a_member_that_was_added_is_asked_half_way_of_its_own_time(session):
    made, alternate = with_alternate(session)
    first, made.members = made.members[0], made.members[1:]
    circulate(made, deadline=DEADLINE)
    assert [one for one in rows(session, Job) if one.kind == "alternates"] == []
    amending_roll.add(session, HALF, made.user.id, made.statement.public_id, first.id, Role.REQUIRED)
    (job,) = [one for one in rows(session, Job) if one.kind == "alternates"]
    assert job.run_at == HALF + (DEADLINE - HALF) / 2
    assert alternate not in asked(session)
    assert standing_in.half_way_over(session, job.run_at, made.circulation.id)
    assert alternate in asked(session)


def test_asking_many_alternates_takes_no_more_looks_than_asking_few(session):
    def looks(members):
        made = world(session, members=members, edition=QUOTELESS, lead=f"Lead of {members}")
        session.add_all(
            Contact(organisation_id=one.id, name="Alt", mail=f"alt{one.id}@lake.example.org", alternate=True)
            for one in made.members
        )
        session.commit()
        circulate(made, deadline=DEADLINE, reminders=USUAL)
        seen = []

        def look(_connection, _cursor, statement, *_more):
            seen.append(statement.startswith(("SELECT", "UPDATE", "WITH")))

        event.listen(session.get_bind(), "before_cursor_execute", look)
        try:
            assert standing_in.half_way_over(session, HALF, made.circulation.id)
        finally:
            event.remove(session.get_bind(), "before_cursor_execute", look)
        assert len(contacts_of(letters(session, LetterKind.APPROVAL))) >= 2 * members
        return sum(seen)

    assert looks(24) == looks(3)
