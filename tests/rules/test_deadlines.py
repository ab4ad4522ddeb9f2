"""Soft and hard deadlines, and working days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from workflow.rules.deadlines import check_soft, kept_soft, working_day_after, working_days_of
from workflow.rules.refusals import FormRefused, InputRefused

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
HARD = NOW + timedelta(days=2)


def test_the_soft_one_is_before_the_hard_one_and_to_come():
    check_soft(None, HARD, NOW)
    check_soft(HARD - timedelta(seconds=1), HARD, NOW)
    for wrong in (NOW, HARD, HARD + timedelta(days=1)):
        with pytest.raises(FormRefused) as refused:
            check_soft(wrong, HARD, NOW)
        assert set(refused.value.problems) == {"soft_day"}


def test_the_soft_one_stays_while_it_is_before_the_hard_one():
    assert kept_soft(NOW, HARD) == NOW
    assert kept_soft(HARD, HARD) is None
    assert kept_soft(None, HARD) is None


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        (date(2027, 3, 1), 1, date(2027, 3, 2)),  # a Monday
        (date(2027, 3, 1), 5, date(2027, 3, 8)),
        (date(2027, 3, 5), 1, date(2027, 3, 8)),  # a Friday
        (date(2027, 3, 6), 1, date(2027, 3, 8)),  # a Saturday
        (date(2027, 3, 7), 5, date(2027, 3, 12)),  # a Sunday
        (date(2027, 12, 31), 2, date(2028, 1, 4)),
    ],
)
def test_working_days_are_monday_to_friday(day, days, expected):
    assert working_day_after(day, days) == expected


def test_a_number_of_working_days_as_it_is_typed():
    assert working_days_of(" 5 ") == 5
    for wrong in ("", "0", "61", "2.5", "five", "²", "99999"):
        with pytest.raises(InputRefused):
            working_days_of(wrong)
