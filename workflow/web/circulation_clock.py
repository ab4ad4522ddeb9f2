"""The part of the form that is about time: working days, the soft deadline, when who has not answered is reminded."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request
from flask_login import current_user

from workflow.queries.reminding import Planned
from workflow.rules.deadlines import check_soft, working_day_after, working_days_of
from workflow.rules.refusals import FormRefused, InputRefused, Message
from workflow.rules.reminding import NO_REMINDERS, Reminders, hours_of, instants
from workflow.text.instants import in_zone, instant_from_parts, zone_of
from workflow.web import house

END_OF_DAY = "18:00"


@dataclass(frozen=True)
class TypedReminders:
    """The part of the form as it came."""

    half_way: bool = False
    hours: str = ""
    urgent: bool = False

    @classmethod
    def of(cls, reminders: Reminders) -> "TypedReminders":
        """The form for what is there."""
        return cls(reminders.half_way, ", ".join(map(str, reminders.hours)), reminders.urgent)

    def fields(self) -> dict[str, str]:
        """The same as the names and values of hidden fields."""
        return {
            "remind_half_way": "yes" if self.half_way else "",
            "remind_hours": self.hours,
            "urgent": "yes" if self.urgent else "",
        }

    def reminders(self, problems: dict[str, Message]) -> Reminders:
        """What was typed; what cannot be taken goes into `problems`."""
        try:
            return Reminders(self.half_way, hours_of(self.hours), self.urgent)
        except InputRefused as refused:
            problems["remind_hours"] = refused.problem
            return NO_REMINDERS


def typed_reminders() -> TypedReminders:
    """The form of this request."""
    form = request.form
    return TypedReminders(
        half_way=form.get("remind_half_way") == "yes",
        hours=form.get("remind_hours", ""),
        urgent=form.get("urgent") == "yes",
    )


def foreseen(reminders: Reminders, now: datetime, deadlines: Sequence[datetime], zones: Iterable[str]) -> list[Planned]:
    """The instants at which contacts who live by these zones would be reminded, if they were asked now."""
    at: Counter[datetime] = Counter()
    for zone, contacts in Counter(zones).items():
        for one in instants(reminders, now, deadlines, zone_of(zone)):
            at[one] += contacts
    return [Planned(one, at[one]) for one in sorted(at)]


def by_working_days(typed: str) -> dict[str, str] | None:
    """Day, time and zone so many working days from today on the user's clock; None where no such number was typed."""
    try:
        days = working_days_of(typed)
    except InputRefused:
        return None
    zone = current_user.user.time_zone
    day = working_day_after(in_zone(house.now(), zone).date(), days)
    return {"day": day.isoformat(), "clock": END_OF_DAY, "zone": zone, "working_days": ""}


def working_days_problem(typed: str) -> Message:
    """Why that is no number of working days."""
    try:
        working_days_of(typed)
    except InputRefused as refused:
        return refused.problem
    return Message("input")


def soft_deadline(
    day: str, clock: str, zone: str, until: datetime, now: datetime, problems: dict[str, Message]
) -> datetime | None:
    """The soft deadline that was typed, or None; what is wrong with it goes into `problems`."""
    if not day.strip():
        return None
    try:
        soft, _zone = instant_from_parts(day, clock or END_OF_DAY, zone, field="soft_day")
        if not problems:
            check_soft(soft, until, now)
    except InputRefused as refused:
        if place_of(refused.problem) != "zone":  # that is said beside the zone
            problems[f"soft_{place_of(refused.problem)}"] = refused.problem
    except FormRefused as refused:
        problems.update(refused.problems)
    else:
        return soft
    return None


def place_of(problem: Message) -> str:
    """Which of the three fields of an instant a problem is about: day, clock or zone."""
    if problem.id in ("time-unreadable", "time-skipped", "time-twice"):
        return "clock"
    return "zone" if problem.id in ("zone-unknown", "zone-missing") else "day"
