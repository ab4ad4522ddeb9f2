"""Signing on a real database: what is recorded, what is refused, what closes."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.builders import LINKS, NOW, World, circulate, offered, world
from workflow.actions import codes, signing
from workflow.models.drafting import Statement
from workflow.models.publication import Publication
from workflow.models.signing import Answer, CodeChallenge
from workflow.rules.circulation import Kind
from workflow.rules.refusals import CodeSpent, CodeWrong, LinkClosed, TextMoved, TooManyCodes
from workflow.text.digest import answer_hash


def sign(made: World, index: int, kind: Kind = Kind.SIGN_OFF, **changes: object) -> Answer:
    invitation = made.invitations[index]
    return signing.answer(
        made.session, LINKS, NOW, invitation.id, invitation.generation, offered(made, index, kind, **changes)
    )


def count(made: World, row: type) -> int:
    made.session.rollback()
    found = made.session.scalar(select(func.count()).select_from(row))
    made.session.rollback()
    return found or 0


def test_the_last_required_sign_off_publishes(session):
    made = circulate(world(session))
    for index in range(3):
        assert count(made, Publication) == 0
        sign(made, index)
    assert count(made, Publication) == 1
    statement = session.get(Statement, made.statement.id)
    assert (statement.stage, statement.slug) == (
        "published",
        "seven-organisations-ask-for-the-valley-road-to-be-reopened",
    )


def test_an_objection_holds_the_lock_until_it_is_taken_back_by_signing(session):
    made = circulate(world(session))
    sign(made, 0, Kind.OBJECTION)
    sign(made, 1)
    sign(made, 2)
    assert count(made, Publication) == 0
    sign(made, 0)
    assert count(made, Publication) == 1


def test_the_same_answer_twice_is_one_row_and_the_same_receipt(session):
    made = circulate(world(session))
    first = sign(made, 0)
    second = sign(made, 0)
    assert (first.id, first.event_hash) == (second.id, second.event_hash)
    assert count(made, Answer) == 1


def test_a_sign_off_to_another_text_is_refused(session):
    made = circulate(world(session))
    with pytest.raises(TextMoved):
        sign(made, 0, digest="0" * 64)
    assert count(made, Answer) == 0


def test_after_the_lock_no_answer_is_taken(session):
    made = circulate(world(session, members=1))
    sign(made, 0)
    with pytest.raises(LinkClosed):
        sign(made, 0, Kind.DECLINE)


def test_with_the_code_an_answer_needs_the_six_digits_of_exactly_that_answer(session):
    made = circulate(world(session), code=True)
    invitation, wanted = made.invitations[0], offered(made, 0)
    with pytest.raises(CodeSpent):
        signing.answer(session, LINKS, NOW, invitation.id, 1, wanted)
    challenge = codes.ask_code(session, NOW, invitation.id, 1, wanted)
    code = LINKS.code(challenge, wanted.digest, answer_hash(wanted))
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    with pytest.raises(CodeWrong) as refused:
        signing.answer(session, LINKS, NOW, invitation.id, 1, wanted, challenge_id=challenge, code=wrong)
    assert refused.value.params == {"tries_left": 4}
    other = offered(made, 0, Kind.DECLINE)
    with pytest.raises(CodeSpent):
        signing.answer(session, LINKS, NOW, invitation.id, 1, other, challenge_id=challenge, code=code)
    assert count(made, Answer) == 0
    given = signing.answer(session, LINKS, NOW, invitation.id, 1, wanted, challenge_id=challenge, code=code)
    again = signing.answer(session, LINKS, NOW, invitation.id, 1, wanted, challenge_id=challenge, code=code)
    assert given.id == again.id


def test_a_code_dies_after_five_tries_and_after_ten_minutes(session):
    made = circulate(world(session), code=True)
    invitation, wanted = made.invitations[0], offered(made, 0)
    challenge = codes.ask_code(session, NOW, invitation.id, 1, wanted)
    code = LINKS.code(challenge, wanted.digest, answer_hash(wanted))
    late = NOW + timedelta(minutes=10)
    with pytest.raises(CodeSpent):
        signing.answer(session, LINKS, late, invitation.id, 1, wanted, challenge_id=challenge, code=code)
    for _ in range(5):
        with pytest.raises((CodeWrong, CodeSpent)):
            signing.answer(session, LINKS, NOW, invitation.id, 1, wanted, challenge_id=challenge, code="x")
    with pytest.raises(CodeSpent):
        signing.answer(session, LINKS, NOW, invitation.id, 1, wanted, challenge_id=challenge, code=code)
    assert count(made, Answer) == 0


def test_few_codes_are_sent_for_one_invitation(session):
    made = circulate(world(session), code=True)
    for _ in range(codes.CODES_PER_WINDOW):
        codes.ask_code(session, NOW, made.invitations[0].id, 1, offered(made, 0))
    with pytest.raises(TooManyCodes):
        codes.ask_code(session, NOW, made.invitations[0].id, 1, offered(made, 0))
    assert count(made, CodeChallenge) == codes.CODES_PER_WINDOW
    codes.ask_code(session, NOW, made.invitations[1].id, 1, offered(made, 1))
