"""The soft deadline: it is asked for and reminded of, and nothing ends at it."""

from datetime import timedelta

import pytest

from tests.actions.acting import letters, rows, sign, stage_of
from tests.actions.test_reminding import run, told, view
from tests.builders import NOW, QUOTELESS, circulate, world
from workflow.actions import amending
from workflow.mail.letters import render
from workflow.mail.outbox import Kind as LetterKind
from workflow.models.circulation import Circulation
from workflow.rules.circulation import Role
from workflow.rules.refusals import FormRefused, NothingChanged
from workflow.rules.reminding import USUAL, Reminders

SOFT, HARD = NOW + timedelta(days=2), NOW + timedelta(days=4)
FIRST = [Role.REQUIRED, Role.OPTIONAL, Role.OPTIONAL]


def asked(session, soft=SOFT, **options):
    return circulate(world(session, edition=QUOTELESS), deadline=HARD, soft=soft, **options)


def extend(made, until, *soft, now=NOW):
    amending.extend(made.session, now, made.user.id, made.statement.public_id, until, "UTC", *soft)


def clock(session):
    (found,) = rows(session, Circulation)
    return found.soft_deadline_at, found.deadline_at


def test_an_answer_between_the_two_is_in_time(session):
    made = asked(session, roles=FIRST)
    sign(made, 0, now=SOFT + timedelta(days=1))
    assert stage_of(made) == "published"


def test_both_stand_in_the_letters_and_after_the_soft_one_only_the_hard_one(session):
    asked(session)
    letter = letters(session, LetterKind.APPROVAL)[0]
    before = render(view(session, letter, NOW))
    assert "to sign a statement by 3 Mar 2027, 09:00 UTC" in before.subject
    assert "Please answer by: Wednesday 3 March 2027, 09:00 UTC" in before.text
    assert "At the latest by: Friday 5 March 2027, 09:00 UTC" in before.text
    assert "At the latest by: Friday 5 March 2027, 09:00 UTC" in before.html
    after = render(view(session, letter, SOFT))
    assert "by 5 Mar 2027, 09:00 UTC" in after.subject
    assert "Answer by: Friday 5 March 2027, 09:00 UTC" in after.text
    assert "Wednesday" not in after.text + after.html


def test_reminders_refer_to_both(session):
    made = asked(session, reminders=USUAL, roles=FIRST)
    run(session, HARD)
    first = made.contacts[0].id
    expected = [
        NOW + timedelta(days=1),  # half-way to the soft one, and 24 hours before it
        SOFT - timedelta(hours=2),  # three hours before it is 6:00
        HARD - timedelta(days=1),
        HARD - timedelta(hours=2),
    ]
    assert told(session) == [(first, at) for at in expected]
    subjects = [render(view(session, one, one.created_at)).subject for one in letters(session, LetterKind.REMINDER)]
    assert [one.rpartition(" by ")[2] for one in subjects] == ["3 Mar 2027, 09:00 UTC"] * 2 + [
        "5 Mar 2027, 09:00 UTC"
    ] * 2


@pytest.mark.parametrize("soft", [NOW, HARD, HARD + timedelta(days=1)])
def test_it_lies_before_the_hard_one_and_to_come(session, soft):
    with pytest.raises(FormRefused):
        asked(session, soft=soft)


def test_it_stays_where_only_the_hard_one_is_moved_unless_that_comes_before_it(session):
    made = asked(session)
    extend(made, HARD + timedelta(days=1))
    assert clock(session) == (SOFT, HARD + timedelta(days=1))
    extend(made, SOFT)
    assert clock(session) == (None, SOFT)


def test_it_is_moved_alone_and_taken_away(session):
    made = asked(session, reminders=Reminders(hours=(3,)))
    extend(made, HARD, SOFT + timedelta(hours=9))
    assert clock(session) == (SOFT + timedelta(hours=9), HARD)
    assert len(letters(session, LetterKind.EXTENDED)) == 3
    with pytest.raises(NothingChanged):
        extend(made, HARD, SOFT + timedelta(hours=9))
    with pytest.raises(FormRefused):
        extend(made, HARD, HARD)
    run(session, SOFT + timedelta(hours=9))
    assert {at for _, at in told(session)} == {SOFT + timedelta(hours=6)}
    extend(made, HARD, None, now=SOFT + timedelta(hours=9))
    assert clock(session) == (None, HARD)
