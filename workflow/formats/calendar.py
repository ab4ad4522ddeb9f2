"""Deadlines as a calendar file (iCalendar, RFC 5545).

All instants stand in UTC, which every calendar shows on the clock of its reader: no zone need be described.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Entry:
    """One instant in a calendar. The same `uid` is the same entry, also once it was moved."""

    uid: str
    at: datetime
    summary: str
    description: str = ""
    url: str = ""


def calendar_file(entries: Sequence[Entry], now: datetime, moved: int) -> bytes:
    """The entries as one file; `moved` is how often they were moved before, so that calendars take the newest."""
    calendar = Calendar()
    head = {"version": "2.0", "prodid": "-//Undersigned//Deadlines//EN", "method": "PUBLISH"}
    for name, value in head.items():
        calendar.add(name, value)
    for one in entries:
        event = Event()
        values: dict[str, object] = {
            "uid": _seen(one.uid),
            "dtstamp": now.astimezone(UTC),
            "sequence": moved,
            "dtstart": one.at.astimezone(UTC),
            "summary": _seen(one.summary),
            **({"description": _seen(one.description)} if one.description else {}),
            **({"url": one.url} if one.url else {}),
            "class": "PRIVATE",
            "transp": "TRANSPARENT",
        }
        for name, said in values.items():
            event.add(name, said)
        calendar.add_component(event)
    return bytes(calendar.to_ical(sorted=False))


def _seen(words: str) -> str:
    """Words without what cannot be seen, their lines ended alike; the library escapes what would divide a value."""
    return CONTROL.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
