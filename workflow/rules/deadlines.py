"""Deadlines: the soft one is asked for, the hard one ends the asking; and how many working days lead to one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from workflow.rules.refusals import DeadlinePassed, FormRefused, InputRefused, Message, NothingChanged

MOST_WORKING_DAYS = 60
SATURDAY = 5


def check_soft(soft: datetime | None, hard: datetime, now: datetime) -> None:
    """Refuse a soft deadline that is over, or that is not before the hard one. Raises FormRefused."""
    if soft is not None and soft <= now:
        raise FormRefused({"soft_day": Message("deadline-passed")})
    if soft is not None and soft >= hard:
        raise FormRefused({"soft_day": Message("soft-not-before")})


def kept_soft(soft: datetime | None, hard: datetime) -> datetime | None:
    """The soft deadline that stays where only the hard one is moved: what is not before it any more goes."""
    return soft if soft is not None and soft < hard else None


@dataclass(frozen=True)
class Deadlines:
    """The deadlines of a living circulation; while `silence_lasts`, the hard one is promised to nobody's harm.

    Until `objections_until` everybody was told that they can object to an editorial change.
    """

    hard: datetime
    soft: datetime | None
    silence_lasts: bool = False
    objections_until: datetime | None = None

    def moved(self, hard: datetime, soft: datetime | Literal["as it is"] | None, now: datetime) -> datetime | None:
        """Gives the soft deadline that there is once the hard one is moved; as it is, it stays where it is before it.

        Raises DeadlinePassed, NothingChanged, FormRefused.
        """
        if hard <= now:
            raise DeadlinePassed
        chosen = kept_soft(self.soft, hard) if soft == "as it is" else soft
        if (hard, chosen) == (self.hard, self.soft):
            raise NothingChanged
        if chosen != self.soft:
            check_soft(chosen, hard, now)
        if self.silence_lasts and hard < self.hard:
            raise FormRefused({"deadline_day": Message("silence-shortened")})
        if self.objections_until is not None and hard < min(self.hard, self.objections_until):
            raise FormRefused({"deadline_day": Message("objections-cut-off")})
        return chosen


def working_day_after(day: date, days: int) -> date:
    """The day that is so many working days after `day`: Monday to Friday, whatever holidays there are."""
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return day


def working_days_of(typed: str, *, field: str = "working_days") -> int:
    """A number of working days as it is typed. Raises InputRefused."""
    word = typed.strip()
    if not (word.isascii() and word.isdigit() and len(word) <= 4):
        raise InputRefused(field, Message("number-unreadable"))
    if not 1 <= int(word) <= MOST_WORKING_DAYS:
        raise InputRefused(field, Message("number-between", {"least": 1, "most": MOST_WORKING_DAYS}))
    return int(word)
