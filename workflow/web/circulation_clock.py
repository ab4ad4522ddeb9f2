"""The part of the form that says when those who have not answered are reminded."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request

from workflow.queries.reminding import Planned
from workflow.rules.refusals import InputRefused, Message
from workflow.rules.reminding import NO_REMINDERS, Reminders, hours_of, instants
from workflow.text.instants import zone_of


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
