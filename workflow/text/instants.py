"""Instants as people type and read them: local times with their zone, in and out.

An instant is an aware `datetime` in UTC beside the name of the zone it was typed in. Local times that a clock
skips or shows twice are refused with what to type instead; an explicit offset always says which is meant.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_date

from workflow.rules.refusals import InputRefused, Message
from workflow.text.collation import comma, locale_for

TYPED = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]\s*|\s+)(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)"
    r"\s*(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?(?:\s+(?P<zone>\S+))?"
)
CLOCK = re.compile(r"([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)\s*(Z|[+-][0-9]{2}:?[0-9]{2})?")
OFFSET_ZONE = re.compile(r"UTC([+-])([0-9]{2}):([0-9]{2})")
LONGEST = 100
BACK_AT = time(6)


def parse_instant(text: str, *, field: str = "deadline") -> tuple[datetime, str]:
    """An instant from one line, as (UTC instant, zone name).

    Taken are `2026-03-29T19:00+01:00`, `2026-03-29T19:00Z` and `2026-03-29 19:00 Europe/London`.
    """
    match = TYPED.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if match is None or not (match["offset"] or match["zone"]):
        raise InputRefused(field, Message("instant-unreadable"))
    return _instant(match["date"], match["time"], match["offset"] or "", match["zone"] or "", field)


def instant_from_parts(day: str, clock: str, zone: str, *, field: str = "deadline") -> tuple[datetime, str]:
    """An instant from three form fields; the time may carry an offset (`01:30+01:00`) where it is needed."""
    match = CLOCK.fullmatch(clock.strip()) if len(clock) <= LONGEST else None
    if match is None or not _reads(time.fromisoformat, match[1]):
        raise InputRefused(field, Message("time-unreadable"))
    if not day.strip():
        raise InputRefused(field, Message("missing"))
    if not _reads(date.fromisoformat, day.strip()):
        raise InputRefused(field, Message("date-unreadable", {"date": day.strip()[:40]}))
    return _instant(day.strip(), match[1], match[2] or "", zone.strip(), field)


def back_after(day: str, zone: str, *, field: str) -> datetime:
    """When somebody who is away until and with `day` is there again: in the morning after. Raises InputRefused."""
    last = date.fromisoformat(clean_day(day, field))
    return instant_from_parts((last + timedelta(days=1)).isoformat(), f"{BACK_AT:%H:%M}", zone, field=field)[0]


def last_day(at: datetime, zone: str, *, morning: bool = False) -> date | None:
    """The day that was typed where `at` is its end: midnight after it, or the `morning` after; None at other times."""
    local = in_zone(at, zone)
    ends = local.time() == (BACK_AT if morning else time(0))
    return local.date() - timedelta(days=1) if ends else None


def clean_day(day: str, field: str) -> str:
    """A day as a date field of a form brings it. Raises InputRefused."""
    try:
        found = date.fromisoformat(day.strip())
        found + timedelta(days=1)
    except (ValueError, OverflowError):
        raise InputRefused(field, Message("date-unreadable", {"date": day[:40]})) from None
    return found.isoformat()


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def known_zone(name: str) -> bool:
    """Whether `name` is a time zone that instants can be typed and shown in."""
    return name in _zones()


def zone_names(kept: str = "") -> list[str]:
    """Every zone a person can choose, each under one name, in alphabetical order; first the one that is `kept`.

    Zones have older names too ("Asia/Calcutta"): they are taken wherever they come from, and offered to who has one.
    """
    offered = _offered()
    other = kept not in offered and (known_zone(kept) or OFFSET_ZONE.fullmatch(kept))
    return [kept, *offered] if other else list(offered)


def in_zone(instant: datetime, zone: str) -> datetime:
    """The same instant on the clock of `zone`, a zone name or `UTC+01:00`."""
    return instant.astimezone(_zone(zone))


def zone_of(name: str) -> tzinfo:
    """The zone of that name, or of `UTC+01:00`; UTC where there is no such zone."""
    return _zone(name)


def iso(instant: datetime) -> str:
    """ISO 8601 in UTC to the second, with Z: the form in records and machine-readable attributes."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def format_instant(instant: datetime, zone: str, language: str = "en") -> str:
    """For readers: "Friday 27 November 2026, 18:00 Europe/London (UTC+00:00)"."""
    local = in_zone(instant, zone)
    english = language.partition("-")[0].lower() == "en"
    day = format_date(local.date(), "EEEE d MMMM y" if english else "full", locale=locale_for(language))
    offset = _offset_name(local)
    named = zone if zone == "UTC" or OFFSET_ZONE.fullmatch(zone) else f"{zone} ({offset})"
    return f"{day}{comma(language)}{clock_in_line(f'{local:%H:%M} {named}', language)}"


def clock_in_line(clock: str, language: str) -> str:
    """A time and its zone ("18:00 UTC") as they stand in a line of `language`.

    In a line that is read from the right they would change places for the eye, and with what is beside them.
    """
    return f"\u2066{clock}\u2069" if locale_for(language).text_direction == "rtl" else clock


def format_day(day: date, language: str = "en") -> str:
    """For readers: "27 November 2026"."""
    return format_date(day, "long", locale=locale_for(language))


def format_moment(instant: datetime, now: datetime, zone: str, language: str = "en") -> str:
    """A moment of the recent past, on the reader's clock: "14:03", or "27 November, 14:03" on another day."""
    local = in_zone(instant, zone)
    if local.date() == in_zone(now, zone).date():
        return f"{local:%H:%M}"
    return f"{format_date(local.date(), 'd MMMM', locale=locale_for(language))}{comma(language)}{local:%H:%M}"


def _instant(day: str, clock: str, offset: str, zone: str, field: str) -> tuple[datetime, str]:
    try:
        naive = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock))
    except ValueError:
        raise InputRefused(field, Message("instant-unreadable")) from None
    if not 1900 <= naive.year <= 9000:
        raise InputRefused(field, Message("instant-unreadable"))
    # An offset is no zone to choose, but a deadline that was typed with one comes back with its name.
    if zone and not known_zone(zone) and not OFFSET_ZONE.fullmatch(zone):
        raise InputRefused(field, Message("zone-unknown", {"zone": zone}))
    if offset:
        fixed = _offset(offset, field)
        aware = naive.replace(tzinfo=fixed)
        return aware.astimezone(UTC), zone or ("UTC" if not fixed.utcoffset(None) else _offset_name(aware))
    if not zone:
        raise InputRefused(field, Message("zone-missing"))
    return _on_the_clock(naive, zone, field), zone


def _on_the_clock(naive: datetime, zone: str, field: str) -> datetime:
    """The one instant at which the clock of `zone` shows `naive`; refused where there is none, or two."""
    earlier = naive.replace(tzinfo=_zone(zone), fold=0)
    later = naive.replace(tzinfo=_zone(zone), fold=1)
    if earlier.utcoffset() == later.utcoffset():
        return earlier.astimezone(UTC)
    exists = earlier.astimezone(UTC).astimezone(_zone(zone)).replace(tzinfo=None) == naive
    if not exists:
        # Read with the offset from before the change, a skipped time lands as far behind the gap.
        instead = in_zone(earlier.astimezone(UTC), zone)
        told = {"time": f"{naive:%H:%M}", "zone": zone, "instead": f"{instead:%H:%M}"}
        raise InputRefused(field, Message("time-skipped", told))
    first, second = (f"{one:%H:%M}{_offset_name(one)[3:]}" for one in (earlier, later))
    told = {"time": f"{naive:%H:%M}", "zone": zone, "first": first, "second": second}
    raise InputRefused(field, Message("time-twice", told))


def _offset(text: str, field: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 15 or minutes > 59:
        raise InputRefused(field, Message("instant-unreadable"))
    return timezone((-1 if text[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def _offset_name(aware: datetime) -> str:
    seconds = int((aware.utcoffset() or timedelta()).total_seconds())
    sign, minutes = ("-" if seconds < 0 else "+"), abs(seconds) // 60
    return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"


def _zone(name: str) -> tzinfo:
    match = OFFSET_ZONE.fullmatch(name)
    if match:
        return _offset(f"{match[1]}{match[2]}:{match[3]}", "zone")
    return ZoneInfo(name) if known_zone(name) else UTC


@cache
def _offered() -> tuple[str, ...]:
    """The names that the zone database has for people to choose from, by country; and UTC."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    names = {line.split("\t")[2] for line in table.splitlines() if line and not line.startswith("#")}
    return tuple(sorted((names & _zones()) | {"UTC"}))


@cache
def _zones() -> frozenset[str]:
    # The last three depend on the machine or are no zone at all.
    return frozenset(available_timezones() - {"localtime", "posixrules", "Factory"})
