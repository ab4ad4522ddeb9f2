"""Inviting on a real database: a link of its own for each contact, replaced, revoked, asked for anew."""

from datetime import timedelta

import pytest

from tests.actions.acting import contacts_of, count, events, invitation_of, letters, rows, sign, stage_of
from tests.builders import LINKS, NOW, World, circulate, offered, world
from workflow.actions import circulation, coalition, inviting, signing
from workflow.actions.inviting import FRESH_LINKS_PER_HOUR
from workflow.models.circulation import Invitation
from workflow.models.coalition import Contact
from workflow.models.posting import Letter
from workflow.models.signing import Answer
from workflow.rules.people import LINK_LIFE_AFTER_DEADLINE
from workflow.rules.refusals import (
    LinkClosed,
    LinkExpired,
    LinkReplaced,
    LinkRevoked,
    LinkTampered,
    NotFound,
    TooManyTries,
    WrongStage,
)
from workflow.text.membership import ContactValues

DEADLINE = NOW + timedelta(days=2)
EXPIRY = DEADLINE + LINK_LIFE_AFTER_DEADLINE


def invite(made: World, index: int = 0, now=NOW, contact: Contact | None = None) -> Invitation:
    asked = contact or made.contacts[index]
    return inviting.invite(made.session, now, made.user.id, made.statement.public_id, asked.id)


def revoke(made: World, index: int = 0, now=NOW) -> None:
    inviting.revoke(made.session, now, made.user.id, made.statement.public_id, made.invitations[index].id)


def fresh(made: World, index: int = 0, generation: int = 1, now=NOW) -> None:
    inviting.fresh_link(made.session, now, made.invitations[index].id, generation)


def removed(made: World) -> None:
    made.session.get(Contact, made.contacts[0].id).removed = True
    made.session.commit()


def answer_by(made: World, generation: int, index: int = 0, now=NOW) -> Answer:
    wanted = offered(made, index)
    return signing.answer(made.session, LINKS, now, made.invitations[index].id, generation, wanted)


# Inviting ---------------------------------------------------------------------------------------


def test_a_new_link_replaces_the_old_one(session):
    made = circulate(world(session))
    renewed = invite(made)
    assert (renewed.id, renewed.generation) == (made.invitations[0].id, 2)
    for generation in (1, 3):
        with pytest.raises(LinkReplaced):
            answer_by(made, generation)
        with pytest.raises(LinkReplaced):
            signing.open_link(session, NOW, renewed.id, generation)
    assert count(session, Answer) == 0
    answer_by(made, 2)
    assert contacts_of(letters(session, "approval")) == sorted(
        [one.id for one in made.contacts] + [made.contacts[0].id]
    )


def test_a_new_link_is_not_opened_yet(session):
    made = circulate(world(session))
    signing.open_link(session, NOW, made.invitations[0].id, 1)
    assert invitation_of(made, 0).opened_at == NOW
    invite(made)
    assert invitation_of(made, 0).opened_at is None


def test_a_revoked_contact_can_be_invited_again(session):
    made = circulate(world(session))
    revoke(made)
    with pytest.raises(LinkRevoked):
        answer_by(made, 1)
    invite(made)
    with pytest.raises(LinkReplaced):
        answer_by(made, 1)
    answer_by(made, 2)


def test_a_contact_that_came_later_gets_a_link_of_its_own(session):
    made = circulate(world(session))
    later = Contact(organisation_id=made.members[0].id, name="Later", mail="later@valley.example.com")
    session.add(later)
    session.commit()
    made_now = invite(made, contact=later)
    assert made_now.id not in {one.id for one in made.invitations}
    assert (made_now.signatory_id, made_now.generation, made_now.expires_at) == (made.signatories[0].id, 1, EXPIRY)
    signing.answer(session, LINKS, NOW, made_now.id, 1, offered(made, 0))
    answer_by(made, 1)  # the first contact's link goes on working
    assert [one.signatory_id for one in rows(session, Answer)] == [made.signatories[0].id] * 2


def test_invited_after_the_deadline_the_link_lives_from_then(session):
    made = circulate(world(session))
    late = EXPIRY + timedelta(days=1)
    with pytest.raises(LinkExpired):
        answer_by(made, 1, now=late)
    assert invite(made, now=late).expires_at == late + LINK_LIFE_AFTER_DEADLINE
    answer_by(made, 2, now=late)


def test_only_a_living_contact_of_this_roll_is_invited(session):
    made = circulate(world(session))
    other = circulate(world(session, lead="Other Coalition"))
    session.get(Contact, made.contacts[1].id).removed = True
    session.commit()
    before = count(session, Letter)
    for contact in (other.contacts[0], made.contacts[1]):
        with pytest.raises(NotFound):
            invite(made, contact=contact)
    with pytest.raises(NotFound):
        inviting.invite(session, NOW, other.user.id, made.statement.public_id, made.contacts[0].id)
    assert count(session, Letter) == before


def test_nobody_is_invited_outside_a_circulation(session):
    made = world(session)
    with pytest.raises(WrongStage):
        invite(made)
    circulate(made)
    circulation.recall(session, NOW, made.user.id, made.statement.public_id)
    with pytest.raises(WrongStage):
        invite(made)


def test_after_circulating_again_the_new_roll_is_invited_for(session):
    made = circulate(world(session))
    circulation.recall(session, NOW, made.user.id, made.statement.public_id)
    circulate(made)
    assert invite(made).signatory_id == made.signatories[0].id


# Revoking ---------------------------------------------------------------------------------------


def test_a_revoked_link_opens_nothing_and_what_it_said_stands(session):
    made = circulate(world(session, members=2))
    sign(made, 0)
    revoke(made)
    revoke(made)
    assert events(session).count("link revoked") == 1
    with pytest.raises(LinkRevoked):
        signing.open_link(session, NOW, made.invitations[0].id, 1)
    with pytest.raises(LinkRevoked):
        fresh(made)
    sign(made, 1)
    assert stage_of(made) == "published"


def test_only_the_lead_revokes_and_only_its_own(session):
    made = circulate(world(session))
    other = circulate(world(session, lead="Other Coalition"))
    for user, statement, invitation in (
        (other.user, made.statement, made.invitations[0]),
        (made.user, made.statement, other.invitations[0]),
        (made.user, other.statement, other.invitations[0]),
    ):
        with pytest.raises(NotFound):
            inviting.revoke(session, NOW, user.id, statement.public_id, invitation.id)
    assert all(one.revoked_at is None for one in rows(session, Invitation))


def test_links_of_an_ended_circulation_are_not_revoked_in_the_next(session):
    made = circulate(world(session))
    earlier = made.invitations[0]
    circulation.recall(session, NOW, made.user.id, made.statement.public_id)
    circulate(made)
    with pytest.raises(NotFound):
        inviting.revoke(session, NOW, made.user.id, made.statement.public_id, earlier.id)


# Asking for a fresh link ------------------------------------------------------------------------


def test_within_its_time_the_same_link_is_sent_again(session):
    made = circulate(world(session))
    fresh(made)
    (letter,) = letters(session, "fresh_link")
    assert (letter.contact_id, letter.invitation_id) == (made.contacts[0].id, made.invitations[0].id)
    assert invitation_of(made, 0).generation == 1
    answer_by(made, 1)


def test_an_expired_link_is_replaced_not_revived(session):
    made = circulate(world(session))
    with pytest.raises(LinkExpired):
        answer_by(made, 1, now=EXPIRY)
    fresh(made, now=EXPIRY)
    renewed = invitation_of(made, 0)
    assert (renewed.generation, renewed.expires_at) == (2, EXPIRY + LINK_LIFE_AFTER_DEADLINE)
    with pytest.raises(LinkReplaced):
        answer_by(made, 1, now=EXPIRY)
    answer_by(made, 2, now=EXPIRY)


def test_from_behind_a_replaced_link_the_current_one_is_sent(session):
    made = circulate(world(session))
    invite(made)
    fresh(made, generation=1)
    assert invitation_of(made, 0).generation == 2
    assert len(letters(session, "fresh_link")) == 1


def test_few_fresh_links_are_sent_within_an_hour(session):
    made = circulate(world(session))
    for minute in range(FRESH_LINKS_PER_HOUR):
        fresh(made, now=NOW + timedelta(minutes=minute))
    with pytest.raises(TooManyTries):
        fresh(made, now=NOW + timedelta(minutes=59))
    assert len(letters(session, "fresh_link")) == FRESH_LINKS_PER_HOUR
    fresh(made, 1, now=NOW + timedelta(minutes=59))
    fresh(made, now=NOW + timedelta(minutes=60))


@pytest.mark.parametrize(
    ("refusal", "before"),
    [
        (LinkClosed, lambda made: circulation.recall(made.session, NOW, made.user.id, made.statement.public_id)),
        (LinkClosed, lambda made: circulation.abandon(made.session, NOW, made.user.id, made.statement.public_id)),
        (LinkRevoked, revoke),
        (LinkRevoked, removed),
    ],
)
def test_no_link_is_sent_where_none_works(session, refusal, before):
    made = circulate(world(session))
    before(made)
    with pytest.raises(refusal):
        fresh(made)
    assert letters(session, "fresh_link") == []


def test_a_generation_that_was_never_sent_gets_nothing(session):
    made = circulate(world(session))
    with pytest.raises(LinkTampered):
        fresh(made, generation=2)
    with pytest.raises(NotFound):
        inviting.fresh_link(session, NOW, 10_000, 1)
    assert letters(session, "fresh_link") == []


# Another address --------------------------------------------------------------------------------


def change(made: World, mail: str, name: str = "Contact 0") -> bool:
    values = ContactValues(name, mail)
    where = (made.user.id, made.coalition.id, made.members[0].id, made.contacts[0].id)
    return coalition.change_contact(made.session, NOW, *where, values)


def test_with_another_address_the_old_mailbox_loses_its_link_and_the_new_one_gets_one(session):
    made = circulate(world(session))
    assert change(made, "somebody.else@hillside.example.net") is True
    with pytest.raises(LinkReplaced):
        signing.open_link(session, NOW, made.invitations[0].id, 1)
    told = [one.contact_id for one in letters(session, "approval")]
    assert sorted(told) == sorted([*(one.id for one in made.contacts), made.contacts[0].id])
    assert events(session)[-1] == "invited"
    answer_by(made, 2)


def test_without_another_address_the_link_stays(session):
    made = circulate(world(session))
    assert change(made, made.contacts[0].mail.upper(), "Contact Zero") is False
    signing.open_link(session, NOW, made.invitations[0].id, 1)
    assert len(letters(session, "approval")) == 3


def test_another_address_revives_no_link(session):
    made = circulate(world(session))
    revoke(made)
    assert change(made, "somebody.else@hillside.example.net") is False
    with pytest.raises(LinkRevoked):
        signing.open_link(session, NOW, made.invitations[0].id, 1)
    invite(made)
    circulation.recall(session, NOW, made.user.id, made.statement.public_id)
    assert change(made, "a.third@hillside.example.net") is False
    assert len(letters(session, "approval")) == 4
