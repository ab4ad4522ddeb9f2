"""Reminders: at which instants somebody who has not answered is reminded, and who has not.

Hours are hours that pass, also where a clock is changed between; night is what it is on the contact's own clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from workflow.rules.circulation import Kind, Purpose, Role, Rule, Standing
from workflow.rules.quoting import QuoteWord
from workflow.rules.refusals import InputRefused, Message

NIGHT_BEGINS, NIGHT_ENDS, EVENING = time(22), time(7), time(21)
# Two that the lead chose are both sent, unless they are closer than this; half-way is not sent close to another.
APART, HALF_WAY_APART = timedelta(hours=1), timedelta(hours=3)
# What falls into so long is told by one letter.
TOGETHER = timedelta(hours=1)
MOST_HOURS, MOST_REMINDERS = 30 * 24, 6


@dataclass(frozen=True)
class Reminders:
    """When to remind: half-way to the deadline, and so many hours before it. `urgent`: at night too."""

    half_way: bool = False
    hours: tuple[int, ...] = ()
    urgent: bool = False


NO_REMINDERS = Reminders()
USUAL = Reminders(half_way=True, hours=(24, 3))


def hours_of(typed: str, *, field: str = "reminder_hours") -> tuple[int, ...]:
    """Whole hours before the deadline from one line such as "24, 3", the earliest first. Raises InputRefused."""
    words = typed.replace(",", " ").replace(";", " ").split()
    if not all(word.isascii() and word.isdigit() and len(word) <= 4 for word in words):
        raise InputRefused(field, Message("reminder-hours-unreadable"))
    hours = sorted({int(word) for word in words}, reverse=True)
    if len(hours) > MOST_REMINDERS or any(not 1 <= one <= MOST_HOURS for one in hours):
        raise InputRefused(field, Message("reminder-hours-range", {"most": MOST_REMINDERS, "days": MOST_HOURS // 24}))
    return tuple(hours)


def instants(
    reminders: Reminders,
    opened: datetime,
    deadlines: Sequence[datetime],
    zone: tzinfo,
    since: datetime | None = None,
) -> list[datetime]:
    """The instants at which somebody asked at `opened`, who lives by `zone`, is to be reminded, in their order, in UTC.

    `deadlines` are the soft one (where there is one) and the hard one. None lies before `since` (when this was decided;
    else `opened`), nor at its deadline or after it, nor at night, unless it is urgent. Half-way is to the first.
    """
    after = max(opened, since) if since else opened

    def moved(at: datetime, due: datetime) -> datetime | None:
        found = at if reminders.urgent else by_day(at, due, after, zone)
        return found.astimezone(UTC) if found is not None and after < found < due else None

    chosen = {moved(due - timedelta(hours=hours), due) for due in deadlines for hours in reminders.hours}
    found: list[datetime] = []
    for at in sorted(filter(None, chosen), reverse=True):
        if not found or found[-1] - at >= APART:
            found.append(at)
    if reminders.half_way and deadlines:
        middle = (opened + (deadlines[0] - opened) / 2).replace(second=0, microsecond=0)  # what is seen is what is kept
        half = moved(middle, deadlines[0])
        if half is not None and all(abs(other - half) >= HALF_WAY_APART for other in found):
            found.append(half)
    return sorted(found)


def over(reminders: Reminders, deadlines: Sequence[datetime], now: datetime) -> list[tuple[int, datetime]]:
    """The hours before a deadline that are over already, each with when that was: nobody is reminded then."""
    chosen = [(hours, due - timedelta(hours=hours)) for due in deadlines for hours in reminders.hours]
    return [(hours, at) for hours, at in chosen if at <= now]


def by_day(at: datetime, due: datetime, after: datetime, zone: tzinfo) -> datetime | None:
    """`at`, or where it is night then: the next morning if at least half of the time is left, else the evening before.

    None where neither lies between `after` and `due`.
    """
    local = at.astimezone(zone)
    if not is_night(at, zone):
        return at
    eve = local.date() if local.time() >= NIGHT_BEGINS else local.date() - timedelta(days=1)
    evening, morning = _at(eve, EVENING, zone), _at(eve + timedelta(days=1), NIGHT_ENDS, zone)
    if due - morning >= (due - at) / 2:
        return morning
    if evening > after:
        return evening
    return morning if morning < due else None


def is_night(at: datetime, zone: tzinfo) -> bool:
    """Whether nobody there is to be written to without need."""
    return not NIGHT_ENDS <= at.astimezone(zone).time() < NIGHT_BEGINS


def morning_after(at: datetime, zone: tzinfo) -> datetime:
    """When the night in which `at` lies is over."""
    local = at.astimezone(zone)
    day = local.date() + timedelta(days=1) if local.time() >= NIGHT_BEGINS else local.date()
    return _at(day, NIGHT_ENDS, zone)


def awaited(rule: Rule, standing: Standing, *, opened: bool) -> bool:
    """Whether a signatory is to be reminded: something is asked of it that it has not said.

    Who is not required is reminded where the rule counts on it. Where nobody need say anything (comments, silence),
    only who has not `opened` the text is. A quote that waits for its owner's word is always a reason, and so is
    a sign-off that more of its contacts have to give. Of a silence that was broken nobody is reminded.
    """
    if rule.broken:
        return False
    if QuoteWord.WAITING in standing.quotes:
        return True
    answered = standing.kind not in (None, Kind.TAKEN_BACK) and (standing.current or standing.carried)
    if answered and not standing.halved:
        return False
    if rule.purpose is Purpose.COMMENT or rule.silence:
        means_nothing = rule.silence and standing.role is Role.OBSERVER  # its silence says nothing, nor can it object
        return not opened and not means_nothing
    counted_on = rule.at_least > 0 or rule.others > 0 or rule.hold_open
    return standing.role is Role.REQUIRED or (standing.role is Role.OPTIONAL and counted_on)


def _at(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
