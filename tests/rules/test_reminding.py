"""When somebody is reminded: exact instants, also where clocks are changed between, and never at night."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.circulation import Kind, Purpose, Role, Rule, Standing
from workflow.rules.quoting import QuoteWord
from workflow.rules.refusals import InputRefused
from workflow.rules.reminding import (
    APART,
    NO_REMINDERS,
    USUAL,
    Reminders,
    awaited,
    hours_of,
    instants,
    is_night,
    morning_after,
    over,
)

LONDON, BERLIN, NEW_YORK, LAGOS, AMMAN = (
    ZoneInfo(name) for name in ("Europe/London", "Europe/Berlin", "America/New_York", "Africa/Lagos", "Asia/Amman")
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def local(found: list[datetime], zone: ZoneInfo) -> list[str]:
    return [f"{one.astimezone(zone):%d %H:%M}" for one in found]


def test_the_usual_three():
    found = instants(USUAL, at("2027-03-01T09:00+00:00"), [at("2027-03-05T18:00+00:00")], LONDON)
    assert found == [at("2027-03-03T13:30+00:00"), at("2027-03-04T18:00+00:00"), at("2027-03-05T15:00+00:00")]


# Each line: zone; asked and deadline on its clock; when it reminds, on its clock.
OVER_CHANGES = [
    # Clocks go forward on 28 March 2027: 24 hours before 18:00 on Sunday was 17:00 on Saturday.
    (LONDON, "2027-03-26 12:00", "2027-03-28 18:00", ["27 17:00", "28 15:00"]),
    (BERLIN, "2027-03-26 12:00", "2027-03-28 18:00", ["27 17:00", "28 15:00"]),
    # 14 March 2027 in New York.
    (NEW_YORK, "2027-03-10 09:00", "2027-03-14 18:00", ["12 13:00", "13 17:00", "14 15:00"]),
    # Clocks go back on 31 October 2027: 24 hours before 18:00 was 19:00.
    # Half of these 79 hours are over at 3:30 in the night: it waits for the morning.
    (LONDON, "2027-10-28 12:00", "2027-10-31 18:00", ["30 07:00", "30 19:00", "31 15:00"]),
    (BERLIN, "2027-10-28 12:00", "2027-10-31 18:00", ["30 07:00", "30 19:00", "31 15:00"]),
    (NEW_YORK, "2027-11-03 12:00", "2027-11-07 18:00", ["05 15:30", "06 19:00", "07 15:00"]),
    # No change in Lagos and, since 2022, in Amman.
    (LAGOS, "2027-03-25 12:00", "2027-03-28 18:00", ["27 07:00", "27 18:00", "28 15:00"]),
    (AMMAN, "2027-03-26 12:00", "2027-03-28 18:00", ["27 15:00", "27 18:00", "28 15:00"]),
]


@pytest.mark.parametrize(("zone", "asked", "until", "expected"), OVER_CHANGES, ids=str)
def test_hours_are_hours_that_pass_also_where_the_clocks_are_changed(zone, asked, until, expected):
    opened, due = (datetime.fromisoformat(one).replace(tzinfo=zone).astimezone(UTC) for one in (asked, until))
    assert local(instants(USUAL, opened, [due], zone), zone) == expected


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("2027-03-03 09:00", "03 07:00"),  # 6:00: two of the three hours are left in the morning
        ("2027-03-03 08:30", "03 07:00"),  # 5:30: half of the three hours is left
        ("2027-03-03 08:00", "02 21:00"),  # 5:00: too little would be left, so the evening before
        ("2027-03-03 02:00", "02 21:00"),  # 23:00: the morning is too late
        ("2027-03-03 01:00", "02 21:00"),  # 22:00 is night
        ("2027-03-03 00:59", "02 21:59"),  # 21:59 is not
        ("2027-03-03 10:00", "03 07:00"),  # 7:00 is not
    ],
)
def test_nobody_is_reminded_at_night(until, expected):
    due = at(until.replace(" ", "T") + "+00:00")
    found = instants(Reminders(hours=(3,)), at("2027-03-01T09:00+00:00"), [due], LONDON)
    assert local(found, LONDON) == [expected]
    urgent = instants(Reminders(hours=(3,), urgent=True), at("2027-03-01T09:00+00:00"), [due], LONDON)
    assert urgent == [due - timedelta(hours=3)]


def test_night_is_on_the_clock_of_the_contact():
    opened, due = at("2027-03-01T09:00+00:00"), at("2027-03-03T21:00+00:00")
    assert local(instants(Reminders(hours=(3,)), opened, [due], LONDON), LONDON) == ["03 18:00"]
    amman = instants(Reminders(hours=(3,)), opened, [due], AMMAN)
    assert local(amman, AMMAN) == ["03 21:00"]  # the deadline is at midnight there
    tokyo = ZoneInfo("Asia/Tokyo")
    assert local(instants(Reminders(hours=(3,)), opened, [due], tokyo), tokyo) == ["03 21:00"]  # 3:00, and due at 6:00


def test_nothing_is_planned_for_the_past_or_for_before_it_was_decided():
    opened, due = at("2027-03-01T09:00+00:00"), at("2027-03-01T19:00+00:00")
    assert instants(USUAL, opened, [due], LONDON) == [at("2027-03-01T16:00+00:00")]
    assert instants(USUAL, opened, [due], LONDON, since=at("2027-03-01T16:00+00:00")) == []
    assert instants(NO_REMINDERS, opened, [due], LONDON) == []
    # The evening before is over: the morning it is, however little is left; and nothing where that is too late.
    late = at("2027-03-01T23:00+00:00")
    assert instants(Reminders(hours=(3,)), late, [at("2027-03-02T07:30+00:00")], LONDON) == [
        at("2027-03-02T07:00+00:00")
    ]
    assert instants(Reminders(hours=(3,)), late, [at("2027-03-02T06:30+00:00")], LONDON) == []


def test_what_falls_together_is_one_and_what_the_lead_chose_is_kept():
    opened, due = at("2027-03-01T08:00+00:00"), at("2027-03-03T08:00+00:00")
    assert local(instants(USUAL, opened, [due], LONDON), LONDON) == [
        "02 08:00",
        "02 21:00",
    ]  # half-way is 24 hours before
    close = Reminders(hours=(6, 3, 2, 1))
    due = at("2027-03-03T20:00+00:00")
    assert local(instants(close, opened, [due], LONDON), LONDON) == ["03 14:00", "03 17:00", "03 18:00", "03 19:00"]


def test_with_a_soft_deadline_both_are_reminded_of():
    opened, soft, hard = at("2027-03-01T09:00+00:00"), at("2027-03-04T09:00+00:00"), at("2027-03-05T18:00+00:00")
    found = instants(USUAL, opened, [soft, hard], LONDON)
    assert local(found, LONDON) == ["02 21:00", "03 09:00", "04 07:00", "04 18:00", "05 15:00"]


@given(
    hours=st.lists(st.integers(1, 100), max_size=6, unique=True),
    asked=st.integers(0, 365 * 24 * 60),
    lasts=st.integers(1, 20 * 24 * 60),
    soft=st.none() | st.floats(0.01, 0.99),
    zone=st.sampled_from(
        [LONDON, BERLIN, NEW_YORK, LAGOS, AMMAN, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kolkata")]
    ),
)
def test_never_at_night_never_late_never_together(hours, asked, lasts, soft, zone):
    opened = at("2027-01-01T00:00+00:00") + timedelta(minutes=asked)
    hard = opened + timedelta(minutes=lasts)
    deadlines = [*([opened + (hard - opened) * soft] if soft else []), hard]
    found = instants(Reminders(True, tuple(hours)), opened, deadlines, zone)
    assert all(opened < one < hard and not is_night(one, zone) for one in found)
    assert all(later - earlier >= APART for earlier, later in pairwise(found))
    assert len(found) <= 2 * len(hours) + 1


def test_the_morning_after_a_night():
    assert local([morning_after(at("2027-03-27T23:30+00:00"), LONDON)], LONDON) == ["28 07:00"]
    assert local([morning_after(at("2027-03-28T00:30+00:00"), LONDON)], LONDON) == ["28 07:00"]


def test_what_is_over_before_it_is_asked():
    now = datetime(2027, 3, 1, 9, tzinfo=UTC)
    soft, hard = now + timedelta(hours=3), now + timedelta(hours=30)
    reminders = Reminders(half_way=True, hours=(48, 24, 3))
    assert over(reminders, [soft, hard], now) == [
        (48, soft - timedelta(hours=48)),
        (24, soft - timedelta(hours=24)),
        (3, now),
        (48, hard - timedelta(hours=48)),
    ]
    assert over(reminders, [hard + timedelta(days=9)], now) == []


@pytest.mark.parametrize(
    ("typed", "hours"),
    [("24, 3", (24, 3)), ("3 24", (24, 3)), ("3;3", (3,)), ("", ()), ("720", (720,))],
)
def test_hours_as_they_are_typed(typed, hours):
    assert hours_of(typed) == hours


@pytest.mark.parametrize("typed", ["soon", "1.5", "-3", "0", "721", "1 2 3 4 5 6 7", "99999", "²"])
def test_hours_that_cannot_be_taken(typed):
    with pytest.raises(InputRefused):
        hours_of(typed)


SILENT = Standing("Hillside Forum", Role.REQUIRED)
OPTIONAL, OBSERVER = replace(SILENT, role=Role.OPTIONAL), replace(SILENT, role=Role.OBSERVER)
SIGNED = replace(SILENT, kind=Kind.SIGN_OFF)
COMMENT, SILENCE = Rule(purpose=Purpose.COMMENT), Rule(silence=True)


@pytest.mark.parametrize(
    ("rule", "standing", "opened", "expected"),
    [
        (Rule(), SILENT, False, True),
        (Rule(), SILENT, True, True),
        (Rule(), SIGNED, True, False),
        (Rule(), replace(SIGNED, current=False), True, True),
        (Rule(), replace(SIGNED, current=False, carried=True), True, False),
        (Rule(), replace(SIGNED, kind=Kind.TAKEN_BACK), True, True),
        (Rule(), replace(SIGNED, kind=Kind.OBJECTION), True, False),
        (Rule(), replace(SIGNED, kind=Kind.DECLINE), True, False),
        (Rule(), replace(SIGNED, quotes=(QuoteWord.WAITING,)), True, True),
        (Rule(), replace(SIGNED, quotes=(QuoteWord.APPROVED,)), True, False),
        (Rule(), OPTIONAL, False, False),
        (Rule(at_least=2), OPTIONAL, False, True),
        (Rule(others=1), OPTIONAL, False, True),
        (Rule(hold_open=True), OPTIONAL, False, True),
        (Rule(at_least=2), OBSERVER, False, False),
        (COMMENT, OBSERVER, False, True),
        (COMMENT, SILENT, True, False),
        (SILENCE, OPTIONAL, False, True),
        (SILENCE, OPTIONAL, True, False),
        (SILENCE, OBSERVER, False, False),
        (SILENCE, replace(OBSERVER, quotes=(QuoteWord.WAITING,)), False, True),
        (SILENCE, replace(OPTIONAL, kind=Kind.OBJECTION), False, False),
    ],
)
def test_who_is_reminded(rule, standing, opened, expected):
    assert awaited(rule, standing, opened=opened) is expected
