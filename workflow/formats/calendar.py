"""Deadlines as a calendar file (iCalendar, RFC 5545).

All instants stand in UTC, which every calendar shows on the clock of its reader: no zone need be described.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST_LINE = 75  # octets, without the line break
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
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Undersigned//Deadlines//EN", "METHOD:PUBLISH"]
    for one in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_text(one.uid)}",
            f"DTSTAMP:{_instant(now)}",
            f"SEQUENCE:{moved}",
            f"DTSTART:{_instant(one.at)}",
            f"SUMMARY:{_text(one.summary)}",
            *([f"DESCRIPTION:{_text(one.description)}"] if one.description else []),
            *([f"URL:{one.url}"] if one.url else []),
            "CLASS:PRIVATE",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    """Words as a value: what would end or divide it is escaped, what cannot be seen goes."""
    plain = CONTROL.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """A line with its end; a long one goes on in the next, after a blank, and no character is torn."""
    rows, row = [], b""
    for character in line:
        octets = character.encode()
        if len(row) + len(octets) > LONGEST_LINE:
            rows.append(row)
            row = b" "
        row += octets
    return b"\r\n".join([*rows, row]) + b"\r\n"
