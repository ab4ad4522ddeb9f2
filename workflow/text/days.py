"""A line that is a day: 9/6/2024 (the day first), 2024-06-09, 9 June 2024, ٩ حزيران ٢٠٢٤."""

import re
from datetime import date
from functools import cache

from babel.dates import get_month_names

DAY_FIRST = re.compile(r"([0-9]{1,2})(?:\s*[/.-]\s*)([0-9]{1,2})(?:\s*[/.-]\s*)([0-9]{4})")
ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
NAMED_MONTH = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?\s+([^\W\d_]{3,12}(?:\s[^\W\d_]{3,12})?)\.?[,،]?\s+([0-9]{4})")
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONGEST = 40


def day_in(text: str) -> str:
    """The day that `text` consists of, as YYYY-MM-DD; empty if it is none. ValueError for one that does not exist."""
    if len(text) > LONGEST:
        return ""
    text = text.translate(DIGITS)
    if match := DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    elif match := ISO_DAY.fullmatch(text):
        year, month, day = match.groups()
    elif (match := NAMED_MONTH.fullmatch(text)) and (number := _month(match[2])):
        day, month, year = match[1], str(number), match[3]
    else:
        return ""
    return date(int(year), int(month), int(day)).isoformat()


def _month(name: str) -> int:
    """The number of a month by its English or Arabic name, 0 for any other word."""
    short = name[:3].lower()
    return ENGLISH.index(short) + 1 if short in ENGLISH else _arabic().get(name, 0)


@cache
def _arabic() -> dict[str, int]:
    """Both sets of names that are in use: of the Nile and of the Levant."""
    return {name: number for place in ("ar", "ar_LB") for number, name in get_month_names("wide", locale=place).items()}
