"""What the lead records on somebody's word: it counts once a contact confirmed it, or nobody contradicted in time."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.actions.acting import contacts_of, events, invitation_of, letters, reread, rows, sign, stage_of, verdict
from tests.builders import LINKS, NOW, QUOTELESS, circulate, offered, world
from tests.prove.invariants import violations
from workflow.actions import circulation as circulating
from workflow.actions import codes, contesting, deadline, drafting, handing, in_force, inviting, recording
from workflow.links import Purpose
from workflow.mail.letters import render
from workflow.mail.outbox import Kind as LetterKind
from workflow.models.coalition import Contact
from workflow.models.history import Event
from workflow.models.publication import Publication
from workflow.models.recording import Recording
from workflow.models.signing import Answer, CodeChallenge
from workflow.queries.contesting import mail_mark
from workflow.queries.posting import letter_view
from workflow.rules.circulation import Kind, Role, Rule
from workflow.rules.handing import Colleague, LinkHandedOn
from workflow.rules.people import People
from workflow.rules.recording import DecidedAlready, Evidence, Word
from workflow.rules.refusals import (
    CodeSpent,
    CodeWrong,
    FormRefused,
    LinkClosed,
    LinkExpired,
    LinkRevoked,
    LinkTampered,
    NoContact,
    NotFound,
    ObserversDoNotSign,
)

LATER = NOW + timedelta(hours=1)
OVER = LATER + timedelta(hours=24)
RANG = Evidence("phone", "Ada rang at noon.")
YES = Word(agrees=True, person_name="Zoe", person_role="Chair", authority=True)
NO = Word(agrees=False)


def record(made, index=1, kind=Kind.SIGN_OFF, evidence=RANG, now=LATER, **changes) -> int:
    who = (made.session, now, made.user.id, made.statement.public_id)
    return recording.record(*who, made.signatories[index].id, offered(made, index, kind, **changes), evidence).id


def say(made, recording_id, word, index=1, now=LATER, **code):
    mark = mail_mark(made.contacts[index].mail)
    return recording.decide(made.session, LINKS, now, made.invitations[index].id, recording_id, mark, word, **code)


def words(session, letter):
    found = render(letter_view(session, LINKS, "http://localhost", LATER, letter.id))
    session.rollback()
    return found


def asked(session, **how):
    """Two of three have signed."""
    made = circulate(world(session, edition=QUOTELESS), **how)
    sign(made, 0)
    sign(made, 2)
    return made


def test_it_does_not_count_and_the_member_is_asked_at_once(session):
    made = asked(session)
    record(made)
    assert stage_of(made) == "circulating"
    assert len(rows(session, Answer)) == 2
    assert [one.id for one in verdict(made).missing] == ["missing.recorded"]
    told = letters(session, LetterKind.RECORDED)
    assert contacts_of(told) == [made.contacts[1].id]
    said = words(session, told[0]).text
    assert "does not count yet" in said and "/sign/recorded/" in said and "said by telephone" in said
    assert "Ada rang" not in said  # the evidence stays at the desk
    assert events(session)[-1] == "answer recorded"
    body = json.loads(rows(session, Event)[-1].body)
    assert "Ada rang" not in json.dumps(body)
    assert violations(session) == []


def own_link(made, index=1) -> str:
    one = invitation_of(made, index)
    return f"http://localhost/sign/{LINKS.make(Purpose.APPROVAL, [one.id, one.generation])}"


def test_the_text_can_be_read_before_a_word_on_it_and_answered_after(session):
    made = asked(session)
    made_id = record(made)
    say(made, made_id, NO)
    for act in ("recorded", "contradicted"):
        (letter,) = [one for one in letters(session, LetterKind.RECORDED) if one.facts["act"] == act and one.contact_id]
        said = words(session, letter)
        assert own_link(made) in said.text and own_link(made) in said.html
    inviting.revoke(session, LATER, made.user.id, made.statement.public_id, made.invitations[1].id)
    assert own_link(made) not in words(session, letter).text


def test_confirmed_by_a_contact_it_counts_and_completes_the_rule_and_is_marked(session):
    made = asked(session)
    say(made, record(made), YES)
    assert stage_of(made) == "published"
    given = rows(session, Answer)[-1]
    assert (given.invitation_id, given.user_id, given.person_name) == (made.invitations[1].id, None, "Person 1")
    record_ = json.loads(rows(session, Publication)[0].record)
    assert sorted(one.get("recorded", False) for one in record_["signatories"]) == [False, False, True]
    (receipt,) = [one for one in letters(session, LetterKind.RECEIPT) if one.contact_id == made.contacts[1].id]
    assert "Recorded by the lead, said by telephone" in words(session, receipt).text
    assert violations(session) == []


def test_only_a_link_that_opens_confirms_and_any_contradicts(session):
    made = asked(session)
    made_id = record(made)
    with pytest.raises(LinkExpired):
        say(made, made_id, YES, now=invitation_of(made, 1).expires_at)
    inviting.revoke(session, LATER, made.user.id, made.statement.public_id, made.invitations[1].id)
    with pytest.raises(LinkRevoked):
        say(made, made_id, YES)
    assert stage_of(made) == "circulating"
    say(made, made_id, NO)
    assert rows(session, Recording)[0].outcome == "contradicted"


def test_who_has_handed_over_confirms_nothing(session):
    made = asked(session)
    made_id = record(made)
    old = invitation_of(made, 1)
    bo = Colleague("Bo Colleague", "bo@valley-coalition.example.com")
    handing.hand_over(session, LINKS, LATER, old.id, old.generation, bo)
    with pytest.raises(LinkHandedOn):
        say(made, made_id, YES)


def test_where_answers_take_a_code_so_does_confirming_and_contradicting_does_not(session):
    made = circulate(world(session, edition=QUOTELESS), code=True)
    made_id = record(made)
    with pytest.raises(CodeSpent):
        say(made, made_id, YES)
    mark = mail_mark(made.contacts[1].mail)
    challenge_id = codes.ask_code_to_confirm(session, LATER, made.invitations[1].id, made_id, mark, YES)
    challenge = session.get(CodeChallenge, challenge_id)
    digits = LINKS.code(challenge.id, challenge.digest, challenge.answer_hash)
    session.rollback()
    with pytest.raises(CodeSpent):  # it is for this name and role
        say(made, made_id, replace(YES, person_name="Yan"), challenge_id=challenge_id, code=digits)
    with pytest.raises(CodeWrong):
        say(made, made_id, YES, challenge_id=challenge_id, code="no code")
    assert rows(session, Answer) == []
    say(made, made_id, YES, challenge_id=challenge_id, code=digits)
    assert len(rows(session, Answer)) == 1
    say(made, record(made, 2), NO, 2)


def test_contradicted_it_never_counts_and_the_lead_is_told(session):
    made = asked(session)
    made_id = record(made)
    say(made, made_id, NO)
    assert [one.id for one in verdict(made).missing] == ["missing.waiting"]
    assert not recording.word_stands(session, OVER, made_id)
    assert stage_of(made) == "circulating"
    told = [one for one in letters(session, LetterKind.RECORDED) if one.facts["act"] == "contradicted"]
    assert [one.user_id for one in told if one.user_id] == [made.user.id]
    assert "never did" in words(session, told[-1]).text
    with pytest.raises(DecidedAlready):
        say(made, made_id, YES)


def test_not_contradicted_in_the_declared_hours_it_counts_and_not_a_second_before(session):
    made = asked(session)
    made_id = record(made)
    assert not recording.word_stands(session, OVER - timedelta(seconds=1), made_id)
    assert recording.word_stands(session, OVER, made_id)
    assert stage_of(made) == "published"
    given = rows(session, Answer)[-1]
    assert (given.invitation_id, given.user_id, given.answered_at) == (None, made.user.id, OVER)
    assert not recording.word_stands(session, OVER, made_id)
    assert violations(session) == []


def test_the_hours_are_those_that_were_declared(session):
    made = asked(session, people=People(word_hours=2))
    made_id = record(made)
    assert recording.word_stands(session, LATER + timedelta(hours=2), made_id)
    facts = json.loads(next(one.body for one in rows(session, Event) if one.kind == "circulated"))["facts"]
    assert facts["people"] == {"domains_asked": True, "word_hours": 2}


def test_after_the_deadline_it_is_kept_as_late(session):
    made = asked(session, deadline=LATER + timedelta(hours=3))
    assert recording.word_stands(session, OVER, record(made))
    assert [one.id for one in verdict(made).missing] == ["missing.late"]


def test_what_the_member_answers_itself_goes_before_what_was_recorded(session):
    made = asked(session)
    made_id = record(made)
    sign(made, 1, Kind.DECLINE, now=LATER)
    assert not recording.word_stands(session, OVER, made_id)
    assert rows(session, Recording)[0].outcome == "overtaken"
    assert [one.id for one in verdict(made).missing] == ["missing.declined"]


def test_recorded_anew_the_first_is_overtaken(session):
    made = asked(session)
    first = record(made)
    second = record(made, kind=Kind.DECLINE)
    with pytest.raises(DecidedAlready):
        say(made, first, YES)
    say(made, second, YES)
    assert [one.id for one in verdict(made).missing] == ["missing.declined"]


def test_an_own_answer_stands_until_the_recorded_one_counts_but_the_lock_waits(session):
    made = asked(session, roles=[Role.OPTIONAL, Role.REQUIRED, Role.REQUIRED])
    made_id = record(made, 0, Kind.TAKEN_BACK)
    sign(made, 1, now=LATER)
    assert stage_of(made) == "circulating"
    assert [one.id for one in verdict(made).missing] == ["missing.recorded"]
    say(made, made_id, NO, 0)  # and this door, too, leads to the lock
    assert stage_of(made) == "published"
    assert len(json.loads(rows(session, Publication)[0].listing)) == 3


def test_an_objection_on_the_phone_breaks_the_silence_at_once(session):
    made = circulate(world(session, edition=QUOTELESS), rule=Rule(silence=True))
    record(made, kind=Kind.OBJECTION)
    assert reread(made).circulation.broken_at == LATER


@pytest.mark.parametrize("seconds", [0, 1])
def test_an_objection_on_the_phone_after_the_instant_does_not_hold_the_text(session, seconds):
    rule, roles = Rule(silence=True, objections_hold=True), [Role.OPTIONAL] * 3
    made = circulate(world(session, edition=QUOTELESS), rule=rule, roles=roles)
    at = made.circulation.deadline_at + timedelta(seconds=seconds)
    record(made, kind=Kind.OBJECTION, now=at)
    deadline.reached(session, at, made.circulation.id)
    assert stage_of(made) == ("published" if seconds else "circulating")
    assert violations(session) == []


def test_a_recorded_answer_is_contested_like_any_other(session):
    made = asked(session)
    assert recording.word_stands(session, OVER - timedelta(hours=0), record(made))
    given = rows(session, Answer)[-1]
    contesting.contest(session, OVER, made.invitations[1].id, given.id, mail_mark(made.contacts[1].mail))
    assert "answer contested" in events(session)


def test_what_cannot_be_recorded(session):
    made = circulate(world(session, edition=QUOTELESS), roles=[Role.REQUIRED, Role.REQUIRED, Role.OBSERVER])
    with pytest.raises(ObserversDoNotSign):
        record(made, 2)
    with pytest.raises(FormRefused):
        record(made, evidence=Evidence("phone"))
    with pytest.raises(FormRefused):
        record(made, authority=False)
    made_id = record(made)
    with pytest.raises(FormRefused):
        say(made, made_id, Word(agrees=True))
    for index, mark in ((0, None), (1, mail_mark("old@lake.example.org"))):
        with pytest.raises(LinkTampered):
            recording.decide(
                session,
                LINKS,
                LATER,
                made.invitations[index].id,
                made_id,
                mark or mail_mark(made.contacts[0].mail),
                YES,
            )
    session.query(Contact).filter(Contact.id == made.contacts[0].id).update({"removed": True})
    session.commit()
    with pytest.raises(NoContact):  # nobody could contradict it
        record(made, 0)
    circulating.recall(session, LATER, made.user.id, made.statement.public_id)
    with pytest.raises(LinkClosed):
        say(made, made_id, YES)
    assert not recording.word_stands(session, OVER, made_id)
    assert violations(session) == []


def test_the_lead_signs_at_the_desk_and_not_by_its_own_word(session):
    made = world(session, edition=QUOTELESS)
    with pytest.raises(NotFound):
        circulate(made)
        who = (session, LATER, made.user.id, made.statement.public_id)
        recording.record(*who, made.signatories[0].id + 100, offered(made, 0), RANG)


@pytest.mark.parametrize("editorial", [True, False])
def test_what_was_recorded_of_the_text_before_does_not_count_for_another(session, editorial):
    rule = Rule(editorial_hours=1, editorial_words=10)
    made = asked(session, rule=rule, deadline=NOW + timedelta(days=9))
    made_id = record(made)
    about = (session, LATER, made.user.id, made.statement.public_id)
    drafting.revise(*about, replace(QUOTELESS, body=QUOTELESS.body.replace("forty", "40")), 1)
    in_force.put_in_force(*about, 2, editorial=editorial)
    reread(made)
    assert rows(session, Recording)[0].outcome == "overtaken"
    told = [one for one in letters(session, LetterKind.RECORDED) if one.facts["act"] == "overtaken"]
    assert contacts_of(told) == [made.contacts[1].id]
    assert [one.user_id for one in told if one.user_id] == [made.user.id]
    for one in told:
        said = words(session, one).text
        assert "does not count, unless it is recorded anew" in said
        assert (own_link(made) in said) is (one.contact_id is not None)
    assert not recording.word_stands(session, OVER, made_id)
    record(made)  # of the text that is in force now
    assert violations(session) == []


def test_a_recorded_objection_outlives_an_editorial_change(session):
    rule = Rule(objections_hold=True, editorial_hours=1, editorial_words=10)
    made = asked(session, rule=rule, deadline=NOW + timedelta(days=9))
    made_id = record(made, kind=Kind.OBJECTION)
    about = (session, LATER, made.user.id, made.statement.public_id)
    drafting.revise(*about, replace(QUOTELESS, body=QUOTELESS.body.replace("forty", "40")), 1)
    in_force.put_in_force(*about, 2, editorial=True)
    assert recording.word_stands(session, OVER, made_id)
    assert "missing.objects" in [one.id for one in verdict(made).missing]
