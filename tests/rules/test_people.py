"""Who is asked first, and when the others are."""

from datetime import UTC, datetime, timedelta

from workflow.rules.people import Reach, asked_first, half_way

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def test_alternates_are_asked_where_somebody_is_away_or_nobody_else_is_there():
    ada, bo, cy = Reach(1), Reach(2), Reach(3, alternate=True)
    assert asked_first([ada, bo, cy], NOW) == [1, 2]
    assert asked_first([Reach(1, away_until=LATER), bo, cy], NOW) == [1, 2, 3]
    assert asked_first([Reach(1, away_until=NOW), cy], NOW) == [1]
    assert asked_first([cy], NOW) == [3]
    assert asked_first([ada, Reach(3, alternate=True, away_until=LATER)], NOW) == [1]
    assert asked_first([], NOW) == []


def test_half_way():
    assert half_way(NOW, NOW + timedelta(hours=7)) == NOW + timedelta(hours=3.5)
