"""Instants, over the changes of clocks as well."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.refusals import InputRefused
from workflow.text.instants import (
    format_instant,
    format_moment,
    in_zone,
    instant_from_parts,
    iso,
    known_zone,
    last_day,
    parse_instant,
    zone_names,
)


@pytest.mark.parametrize(
    ("typed", "utc", "zone"),
    [
        ("2026-03-29T19:00+01:00", "2026-03-29T18:00:00Z", "UTC+01:00"),
        ("2026-03-29T19:00Z", "2026-03-29T19:00:00Z", "UTC"),
        ("2026-03-29 19:00 Europe/London", "2026-03-29T18:00:00Z", "Europe/London"),
        ("2026-03-29 19:00:30 UTC", "2026-03-29T19:00:30Z", "UTC"),
        ("2026-10-25 01:30+01:00 Europe/London", "2026-10-25T00:30:00Z", "Europe/London"),
        ("2026-10-25 01:30+00:00 Europe/London", "2026-10-25T01:30:00Z", "Europe/London"),
        ("2026-01-01 00:30 Asia/Kathmandu", "2025-12-31T18:45:00Z", "Asia/Kathmandu"),
    ],
)
def test_what_is_taken(typed, utc, zone):
    instant, named = parse_instant(typed)
    assert (iso(instant), named) == (utc, zone)
    assert instant.tzinfo is UTC
    assert in_zone(instant, named).astimezone(UTC) == instant
    assert format_instant(instant, named)


@pytest.mark.parametrize(
    ("typed", "problem", "told"),
    [
        ("2026-03-29 01:30 Europe/London", "time-skipped", {"instead": "02:30"}),
        ("2026-10-25 01:30 Europe/London", "time-twice", {"first": "01:30+01:00", "second": "01:30+00:00"}),
        ("2026-10-04 02:15 Australia/Lord_Howe", "time-skipped", {"instead": "02:45"}),
        ("2026-03-29 19:00 Europe/Lundun", "zone-unknown", {"zone": "Europe/Lundun"}),
        ("2026-03-29 19:00 ../../etc/passwd", "zone-unknown", {}),
        ("2026-03-29 19:00", "instant-unreadable", {}),
        ("2026-02-30 19:00 UTC", "instant-unreadable", {}),
        ("2026-03-29 25:00 UTC", "instant-unreadable", {}),
        ("9999-12-31T23:59-12:00", "instant-unreadable", {}),
        ("0001-01-01T00:00+12:00", "instant-unreadable", {}),
        ("2026-03-29T19:00+99:00", "instant-unreadable", {}),
        ("tomorrow", "instant-unreadable", {}),
        ("", "instant-unreadable", {}),
        ("2" * 1_000_000, "instant-unreadable", {}),
    ],
)
def test_what_is_refused_says_what_to_type(typed, problem, told):
    with pytest.raises(InputRefused) as refused:
        parse_instant(typed, field="deadline")
    assert refused.value.field == "deadline"
    assert refused.value.problem.id == problem
    assert told.items() <= refused.value.problem.params.items()


def test_what_a_refusal_suggests_is_taken():
    with pytest.raises(InputRefused) as refused:
        instant_from_parts("2026-10-25", "01:30", "Europe/London")
    told = refused.value.problem.params
    first, _ = instant_from_parts("2026-10-25", told["first"], "Europe/London")
    second, zone = instant_from_parts("2026-10-25", told["second"], "Europe/London")
    assert (second - first).total_seconds() == 3600 and zone == "Europe/London"


def test_parts():
    assert iso(instant_from_parts("2026-07-01", "09:00", "Europe/Berlin")[0]) == "2026-07-01T07:00:00Z"
    for day, clock, zone in (("2026-07-01", "9", "UTC"), ("x", "09:00", "UTC"), ("2026-07-01", "09:00", "")):
        with pytest.raises(InputRefused):
            instant_from_parts(day, clock, zone)


@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)),
    st.sampled_from([*zone_names(), "Asia/Calcutta", "US/Eastern"]),
)
def test_a_time_that_is_taken_reads_back_as_typed(typed, zone):
    text = f"{typed:%Y-%m-%d %H:%M}"
    try:
        instant, _ = parse_instant(f"{text} {zone}")
    except InputRefused as refused:
        assert refused.problem.id in ("time-skipped", "time-twice")
    else:
        assert f"{in_zone(instant, zone):%Y-%m-%d %H:%M}" == text


def test_a_zone_is_offered_under_one_name_and_taken_under_any():
    offered = zone_names()
    assert {"UTC", "Asia/Kolkata", "Europe/Kyiv", "Europe/Oslo", "Asia/Gaza"} <= set(offered)
    aliases = ("Asia/Calcutta", "Europe/Kiev", "US/Eastern", "EST", "Zulu", "Asia/Katmandu")
    for alias in aliases:
        assert known_zone(alias)
        assert alias not in offered
        assert zone_names(alias)[0] == alias  # what is kept stays chosen
    assert zone_names("UTC+01:00") == ["UTC+01:00", *offered]
    assert zone_names("Asia/Kolkata") == zone_names("Nowhere/Land") == zone_names("") == offered


def test_how_it_is_shown():
    instant = datetime(2026, 11, 27, 18, tzinfo=UTC)
    assert format_instant(instant, "Europe/London") == "Friday 27 November 2026, 18:00 Europe/London (UTC+00:00)"
    assert format_instant(instant, "UTC") == "Friday 27 November 2026, 18:00 UTC"
    assert "نوفمبر" in format_instant(instant, "Europe/London", "ar")
    assert format_instant(instant, "UTC", "no such language")
    assert known_zone("Asia/Gaza") and not known_zone("localtime") and not known_zone("")


@pytest.mark.parametrize("language", ["ar", "ar-SY", "he", "fa"])
def test_read_from_the_right_a_clock_with_its_zone_stays_together(language):
    instant = datetime(2026, 11, 27, 20, 25, tzinfo=UTC)
    assert format_instant(instant, "UTC", language).endswith("\u206620:25 UTC\u2069")
    told = format_instant(instant, "Asia/Damascus", language)
    assert told.endswith("\u206623:25 Asia/Damascus (UTC+03:00)\u2069")
    assert told.count("\u2066") == told.count("\u2069") == 1
    assert "\u2066" not in format_instant(instant, "Asia/Damascus", "en")


def test_a_moment_of_today_is_a_time_and_of_another_day_has_its_day():
    at = datetime(2026, 11, 27, 14, 3, tzinfo=UTC)
    assert format_moment(at, datetime(2026, 11, 27, 23, 0, tzinfo=UTC), "Europe/London") == "14:03"
    assert format_moment(at, datetime(2026, 11, 27, 23, 0, tzinfo=UTC), "Asia/Amman") == "27 November, 17:03"
    assert format_moment(at, datetime(2026, 11, 28, 1, 0, tzinfo=UTC), "Europe/London", "ar") == "27 نوفمبر، 14:03"


@pytest.mark.parametrize(
    ("at", "zone", "morning", "expected"),
    [
        ("2027-01-16T00:00+00:00", "UTC", False, "2027-01-15"),
        ("2027-03-28T23:00+00:00", "Europe/London", False, "2027-03-28"),
        ("2027-01-16T06:00+00:00", "UTC", True, "2027-01-15"),
        ("2027-01-16T06:00+00:00", "UTC", False, None),
        ("2027-01-16T00:00+00:00", "UTC", True, None),
        ("2027-01-16T00:00+00:00", "Europe/Berlin", False, None),
        ("2027-01-16T00:00:01+00:00", "UTC", False, None),
    ],
)
def test_the_day_whose_end_an_instant_is(at, zone, morning, expected):
    found = last_day(datetime.fromisoformat(at), zone, morning=morning)
    assert (found and found.isoformat()) == expected
