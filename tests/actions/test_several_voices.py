"""Organisations in which several contacts have to say the same: one answer out of several."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.actions.acting import invitation_of, reread, rows, sign, stage_of, verdict
from tests.builders import EDITION, LINKS, NOW, QUOTELESS, circulate, offered, world
from tests.prove.invariants import violations
from workflow.actions import amending, contesting, drafting, handing, in_force, noting, recording, signing, standing_in
from workflow.actions import circulation as circulating
from workflow.mail.letters import render
from workflow.models.circulation import Invitation, Signatory
from workflow.models.coalition import Contact, Organisation
from workflow.models.notes import Note
from workflow.models.posting import Letter
from workflow.models.signing import LateVoice
from workflow.queries.contesting import mail_mark
from workflow.queries.desk_roll import roll_page
from workflow.queries.later import later_page
from workflow.queries.member import receipt_of
from workflow.queries.posting import letter_view
from workflow.queries.signing import invitation_for_page
from workflow.rules.circulation import Kind, Role, Rule
from workflow.rules.completion import Completion, Ending
from workflow.rules.contesting import AnsweredSince
from workflow.rules.counting import NotCountable
from workflow.rules.handing import Colleague
from workflow.rules.noting import Later, LaterKind
from workflow.rules.people import NeedsSeveral, TooFewContacts
from workflow.rules.quoting import QuoteWord
from workflow.rules.recording import Evidence
from workflow.rules.refusals import FormRefused, NotFound


def two(session, needed=2, edition=QUOTELESS, **how):
    """Lakeside has a second contact, Zoe, and both have to say the same; gives the world and her invitation."""
    made = world(session, edition=edition)
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


def place(made, at=0) -> tuple[int, int]:
    one = rows(made.session, Signatory)[at]
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


def test_what_enough_of_several_say_goes_before_the_word_of_one_but_for_an_objection(session):
    made, zoe = two(session, needed=1)
    session.add(Contact(organisation_id=made.members[0].id, name="Cleo", mail="cleo@lake.example.org"))
    session.commit()
    need(made, 2)
    rule = Rule(objections_hold=True)
    circulating.recall(session, NOW, made.user.id, made.statement.public_id)
    circulate(made, rule=rule, ending=Ending(Completion.PRESS))
    ada, zoe, cleo = (one for one in made.invitations if one.signatory_id == made.signatories[0].id)
    by(made, ada)
    by(made, cleo)
    by(made, zoe, listed_name="Lakeside")
    assert place(made, -3) == (2, 2)
    late = made.circulation.deadline_at + timedelta(minutes=1)
    signing.answer(session, LINKS, late, zoe.id, zoe.generation, offered(made, 0))  # as well, and too late
    assert place(made, -3) == (3, 2) and "missing.late" not in missing(made)
    by(made, zoe, Kind.OBJECTION)
    assert place(made, -3)[0] < 2
    by(made, zoe, Kind.TAKEN_BACK)
    assert place(made, -3) == (2, 2)
    assert violations(session) == []


def test_in_what_they_differ_stands_in_the_receipt_and_for_the_lead(session):
    made, zoe = two(session)
    sign(made, 0)
    told = receipt(made)
    assert "1 of 2 so far" in told and "do not say the same" not in told
    by(made, zoe, listed_name="Lakeside Relief & Friends", withheld=True, person_name="Zoe")
    told = receipt(made)
    assert "1 of 2 so far" in told and "Agree on it among yourselves" in told
    assert "- Zoe: signs as Lakeside Relief & Friends, counted and not named" in told
    assert "- Person 0: signs, to be listed as Lakeside Relief" in told
    assert "under the same name" in told and "another does not" in told and "the same answer" not in told
    assert "ask them to agree" in receipt(made, "answered")
    by(made, zoe, Kind.DECLINE)
    assert "They do not give the same answer" in receipt(made)
    lines = {line.place.needed: line.voices for line in roll_page(session, made.statement.public_id).lines}
    assert [one.id for one in lines[2].differences] == ["voices.kind"] and lines[1] is None
    session.rollback()
    by(made, zoe)
    assert stage_of(made) == "published"


def receipt(made, kind="receipt") -> str:
    newest = [one for one in rows(made.session, Letter) if one.kind == kind][-1]
    found = render(letter_view(made.session, LINKS, "http://localhost", NOW, newest.id))
    made.session.rollback()
    return found.text


def test_the_same_contact_saying_the_same_again_is_one_row_and_its_own_receipt(session):
    made, zoe = two(session)
    first = sign(made, 0).id
    assert sign(made, 0).id == first
    declined = by(made, zoe, Kind.DECLINE)
    assert sign(made, 0).id == first  # also where another has spoken since
    assert by(made, zoe, Kind.DECLINE) == declined
    page = receipt_of(session, invitation_for_page(session, invitation_of(made, 0).id))
    assert (page.said.kind, page.said.own, page.voices.same) == (Kind.SIGN_OFF, True, 1)
    session.rollback()
    mark = mail_mark("zoe@lake.example.org")
    contest = contesting.contest(session, NOW, zoe.id, first, mark).id
    contesting.resolve(session, NOW, made.user.id, made.statement.public_id, contest, "void", "We rang.")
    assert sign(made, 0).id != first  # what is void was never said


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


def test_who_hands_over_passes_on_the_voice_and_does_not_double_it(session):
    made, zoe = two(session)
    sign(made, 0)
    old = invitation_of(made, 0)
    bo = Colleague("Bo Colleague", "bo@valley-coalition.example.com")
    handing.hand_over(session, LINKS, NOW, old.id, old.generation, bo)
    by(made, rows(session, Invitation)[-1])
    assert place(made) == (1, 2)
    by(made, zoe)
    assert stage_of(made) == "published"


def test_each_voice_can_be_contested_not_only_the_newest(session):
    made, zoe = two(session, ending=Ending(Completion.PRESS))
    first = sign(made, 0).id
    by(made, zoe)
    assert stage_of(made) == "locked"
    mark = mail_mark(made.contacts[0].mail)
    contest = contesting.contest(session, NOW, made.invitations[0].id, first, mark).id
    assert stage_of(made) == "circulating"
    contesting.resolve(session, NOW, made.user.id, made.statement.public_id, contest, "void", "We rang.")
    assert place(made) == (1, 2)
    sign(made, 0)
    with pytest.raises(AnsweredSince):
        contesting.contest(session, NOW, made.invitations[0].id, first, mark)


def test_an_editorial_change_keeps_each_voice_once_the_hours_are_over(session):
    made, zoe = two(session, rule=Rule(editorial_hours=1, editorial_words=10), deadline=NOW + timedelta(days=9))
    sign(made, 0)
    editorial(made)
    by(made, zoe)
    assert place(made) == (1, 2)
    in_force.objections_over(session, NOW + timedelta(hours=1), made.circulation.id)
    assert place(made) == (2, 2)


def test_an_editorial_change_keeps_an_objection_among_them(session):
    made, zoe = two(session, rule=Rule(editorial_hours=1, editorial_words=10), deadline=NOW + timedelta(days=9))
    by(made, zoe, Kind.OBJECTION)
    editorial(made)
    sign(made, 0)
    in_force.objections_over(session, NOW + timedelta(hours=1), made.circulation.id)
    assert place(made) == (0, 2)


def editorial(made):
    changed = replace(QUOTELESS, body=QUOTELESS.body.replace("forty", "40"))
    about = (made.session, NOW, made.user.id, made.statement.public_id)
    drafting.revise(*about, changed, 1)
    in_force.put_in_force(*about, 2, editorial=True)
    reread(made)


def test_two_of_two_sign_late_and_one_does_not(session):
    made, zoe = two(session, roles=[Role.OPTIONAL, Role.REQUIRED, Role.REQUIRED], ending=LATE)
    assert stage_of(made) == "published"
    ada = made.invitations[0]
    sign_late(made, zoe)
    sign_late(made, zoe)  # the same once more is one row, and told once
    assert [one.withheld for one in rows(session, LateVoice)] == [False]
    assert len([one for one in rows(session, Letter) if one.kind == "later_receipt"]) == 2  # to both contacts
    assert "Further ones have to sign as well" in receipt(made, "later_told")
    sign_late(made, ada, withheld=True)
    page = later_page(session, invitation_for_page(session, ada.id), NOW)
    assert [one.id for one in page.late_voices.differences] == ["voices.withheld"] and not page.late
    session.rollback()
    assert rows(session, Note) == []
    sign_late(made, ada)
    (note,) = rows(session, Note)
    assert (note.kind, note.signatory_id) == ("late", made.signatories[0].id)
    assert "has signed after the publication" in receipt(made, "later_told")
    page = later_page(session, invitation_for_page(session, zoe.id), NOW)
    assert page.late and LaterKind.SIGN_LATE not in page.may
    session.rollback()
    assert violations(session) == []


def sign_late(made, invitation, **how):
    later = Later(LaterKind.SIGN_LATE, made.revision.digest, "Zoe", "Chair", authority=True, **how)
    noting.act(made.session, LINKS, NOW, invitation.id, invitation.generation, later)


def test_late_answers_of_several_are_counted_once_enough_have_said_the_same(session):
    made, zoe = two(session)
    after = made.circulation.deadline_at + timedelta(minutes=1)
    about = (session, after, made.user.id, made.statement.public_id, made.signatories[0].id)
    first = sign(made, 0, now=after).id
    with pytest.raises(NotCountable):
        amending.count_late(*about, first)
    second = signing.answer(session, LINKS, after, zoe.id, zoe.generation, offered(made, 0)).id
    assert missing(made) == ["missing.late"]
    amending.count_late(*about, second)
    assert stage_of(made) == "published"
    assert violations(session) == []


def test_one_of_two_does_not_approve_a_quote_and_one_of_two_refuses_it(session):
    made, zoe = two(session, edition=EDITION, roles=[Role.OPTIONAL, Role.REQUIRED, Role.REQUIRED])
    old = invitation_of(made, 0)
    assert of_quote(made, old, QuoteWord.APPROVED) == ["waiting"]
    assert of_quote(made, old, QuoteWord.APPROVED) == ["waiting"]
    assert of_quote(made, zoe, QuoteWord.REFUSED) == ["refused"]
    assert of_quote(made, old, QuoteWord.APPROVED) == ["refused"]
    assert stage_of(made) == "circulating"
    assert of_quote(made, zoe, QuoteWord.APPROVED) == ["approved"]
    assert stage_of(made) == "published"


def of_quote(made, invitation, decision):
    given = replace(offered(made, 0), kind=None, text="", listed_name="")
    given = replace(given, quotes=tuple(replace(one, decision=decision) for one in given.quotes))
    signing.answer(made.session, LINKS, NOW, invitation.id, invitation.generation, given)
    return list(rows(made.session, Signatory)[0].quotes.values())


LATE = Ending(late_until=NOW + timedelta(days=10))
