"""Organisations in which several contacts have to say the same: one answer out of several."""

import pytest
from sqlalchemy import update

from tests.actions.acting import rows, sign, stage_of, verdict
from tests.builders import LINKS, NOW, QUOTELESS, circulate, offered, world
from tests.prove.invariants import violations
from workflow.actions import contesting, recording, signing, standing_in
from workflow.models.circulation import Invitation, Signatory
from workflow.models.coalition import Contact, Organisation
from workflow.queries.contesting import mail_mark
from workflow.rules.circulation import Kind, Role, Rule
from workflow.rules.completion import Completion, Ending
from workflow.rules.people import NeedsSeveral, TooFewContacts
from workflow.rules.recording import Evidence
from workflow.rules.refusals import FormRefused, NotFound


def two(session, needed=2, **how):
    """Lakeside has a second contact, Zoe, and both have to say the same; gives the world and her invitation."""
    made = world(session, edition=QUOTELESS)
    session.add(Contact(organisation_id=made.members[0].id, name="Zoe", mail="zoe@lake.example.org"))
    session.commit()
    need(made, needed)
    circulate(made, **how)
    known = [contact.id for contact in made.contacts]
    (zoe,) = [one for one in rows(session, Invitation) if one.contact_id not in known]
    for index in (1, 2):
        sign(made, index)
    return made, zoe


def need(made, needed, index=0):
    standing_in.need(made.session, NOW, made.user.id, made.coalition.id, made.members[index].id, needed)


def by(made, invitation, kind=Kind.SIGN_OFF, **changes):
    given = offered(made, 0, kind, **changes)
    return signing.answer(made.session, LINKS, NOW, invitation.id, invitation.generation, given).id


def missing(made) -> list[str]:
    return [one.id for one in verdict(made).missing]


def place(made) -> tuple[int, int]:
    one = rows(made.session, Signatory)[0]
    return one.voices, one.needed


def test_one_of_two_is_not_yet_an_answer_and_two_are(session):
    made, zoe = two(session)
    sign(made, 0)
    assert place(made) == (1, 2)
    assert missing(made) == ["missing.voices"]
    sign(made, 0)  # the same person twice is one voice
    assert place(made) == (1, 2)
    by(made, zoe)
    assert stage_of(made) == "published"
    assert violations(session) == []


def test_another_name_or_another_answer_is_another_voice(session):
    made, zoe = two(session)
    sign(made, 0)
    by(made, zoe, listed_name="Lakeside Relief & Friends")
    assert place(made) == (1, 2)
    by(made, zoe, Kind.DECLINE)
    assert missing(made) == ["missing.declined"]
    by(made, zoe)
    assert stage_of(made) == "published"


def test_one_contact_who_objects_is_not_signed_over(session):
    rule, roles = Rule(objections_hold=True), [Role.OPTIONAL, Role.REQUIRED, Role.REQUIRED]
    made = world(session, edition=QUOTELESS)
    session.add(Contact(organisation_id=made.members[0].id, name="Zoe", mail="zoe@lake.example.org"))
    session.commit()
    need(made, 2)
    circulate(made, rule=rule, roles=roles)
    zoe = next(one for one in rows(session, Invitation) if one.id == made.invitations[1].id)
    by(made, zoe, Kind.OBJECTION)
    sign(made, 0)
    assert place(made) == (0, 2)
    sign(made, 1)
    sign(made, 2)
    assert missing(made) == ["missing.objects"]
    by(made, zoe, Kind.TAKEN_BACK)
    assert stage_of(made) == "published"


def test_one_of_them_takes_it_back_and_the_lock_opens(session):
    made, zoe = two(session, ending=Ending(Completion.PRESS))
    sign(made, 0)
    by(made, zoe)
    assert stage_of(made) == "locked"
    by(made, zoe, Kind.TAKEN_BACK)
    assert stage_of(made) == "circulating"
    sign(made, 0)
    assert missing(made) == ["missing.voices"]
    by(made, zoe)
    assert stage_of(made) == "locked"
    assert violations(session) == []


def test_a_void_voice_is_none(session):
    made, zoe = two(session, needed=2)
    given = sign(made, 0).id
    contest = contesting.contest(session, NOW, zoe.id, given, mail_mark("zoe@lake.example.org")).id
    contesting.resolve(session, NOW, made.user.id, made.statement.public_id, contest, "void", "We rang.")
    by(made, zoe)
    assert place(made) == (1, 2)
    assert missing(made) == ["missing.voices"]


def test_it_is_frozen_with_the_circulation_and_never_more_than_there_are(session):
    made, _zoe = two(session, needed=1)
    with pytest.raises(FormRefused):
        need(made, 3)
    with pytest.raises(FormRefused):
        need(made, 0)
    need(made, 2)
    assert place(made) == (1, 1)
    other = world(session, lead="Other lead")
    with pytest.raises(NotFound):
        standing_in.need(session, NOW, other.user.id, made.coalition.id, made.members[0].id, 1)


def test_too_few_contacts_cannot_be_asked_and_one_word_is_not_recorded_for_two(session):
    made, _zoe = two(session)
    who = (session, NOW, made.user.id, made.statement.public_id, made.signatories[0].id)
    with pytest.raises(NeedsSeveral):
        recording.record(*who, offered(made, 0), Evidence("phone", "She rang."))
    fresh = world(session, edition=QUOTELESS, lead="Another lead")
    session.execute(update(Organisation).where(Organisation.id == fresh.members[0].id).values(needed=2))
    session.commit()
    with pytest.raises(TooFewContacts):
        circulate(fresh)
