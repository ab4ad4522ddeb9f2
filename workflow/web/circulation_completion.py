"""What happens once the rule is met: this part of the form to circulate, and the fields of an instant alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request

from workflow.rules.completion import (
    MOST_HOLD_MINUTES,
    MOST_VALIDITY_DAYS,
    USUAL_VALIDITY_DAYS,
    Completion,
    Ending,
)
from workflow.rules.refusals import EmbargoPassed, InputRefused, LateSigningOver, Message
from workflow.text.instants import in_zone, instant_from_parts

USUAL_MINUTES = 10


@dataclass(frozen=True)
class TypedEnding:
    """This part of the form as it came. An embargo is typed in the zone of the deadline, as is the last day."""

    completion: str = Completion.AT_ONCE.value
    embargo_day: str = ""
    embargo_clock: str = ""
    hold_minutes: str = str(USUAL_MINUTES)
    validity_days: str = str(USUAL_VALIDITY_DAYS)
    withheld_allowed: bool = True
    late_until: str = ""

    @classmethod
    def of(cls, ending: Ending, zone: str) -> "TypedEnding":
        """The form for what there was, in the zone of the deadline; also for an instant that has passed."""
        embargo = in_zone(ending.embargo_at, zone) if ending.embargo_at else None
        # It is the end of a day that was typed.
        day = (in_zone(ending.late_until, zone) - timedelta(seconds=1)).date() if ending.late_until else None
        return cls(
            completion=ending.how.value,
            embargo_day=f"{embargo:%Y-%m-%d}" if embargo else "",
            embargo_clock=f"{embargo:%H:%M}" if embargo else "",
            hold_minutes=str(ending.hold_minutes or USUAL_MINUTES),
            validity_days=str(ending.validity_days),
            withheld_allowed=ending.withheld_allowed,
            late_until=day.isoformat() if day else "",
        )

    def fields(self) -> dict[str, str]:
        """The same as the names and values of hidden fields."""
        return {
            "completion": self.completion,
            "embargo_day": self.embargo_day,
            "embargo_clock": self.embargo_clock,
            "hold_minutes": self.hold_minutes,
            "validity_days": self.validity_days,
            "withheld_allowed": "yes" if self.withheld_allowed else "",
            "late_until": self.late_until,
        }

    def ending(self, zone: str, now: datetime, problems: dict[str, Message]) -> Ending:
        """What was typed as an ending; what cannot be taken is added to `problems` by field."""
        how = Completion(self.completion) if self.completion in set(Completion) else None
        if how is None:
            problems["completion"] = Message("embargo-missing")
            return Ending()
        embargo = None
        if how is Completion.EMBARGO:
            embargo = typed_instant(self.embargo_day, self.embargo_clock, zone, now, problems)
        minutes = 0
        if how is Completion.HOLD:
            minutes = _within("hold_minutes", self.hold_minutes, MOST_HOLD_MINUTES, problems)
        return Ending(
            how=how,
            embargo_at=embargo,
            hold_minutes=minutes,
            validity_days=_within("validity_days", self.validity_days, MOST_VALIDITY_DAYS, problems),
            withheld_allowed=self.withheld_allowed,
            late_until=self._last_instant(zone, now, problems),
        )

    def _last_instant(self, zone: str, now: datetime, problems: dict[str, Message]) -> datetime | None:
        """The end of the last day on which it can be signed late; none where there is no such day."""
        if not self.late_until.strip():
            return None
        try:
            begin, _ = instant_from_parts(self.late_until, "00:00", zone or "UTC", field="late_until")
            day = in_zone(begin, zone or "UTC").date() + timedelta(days=1)
            last, _ = instant_from_parts(day.isoformat(), "00:00", zone or "UTC", field="late_until")
        except (InputRefused, OverflowError):
            problems["late_until"] = Message("date-unreadable", {"date": self.late_until[:40]})
            return None
        if last <= now:
            problems["late_until"] = LateSigningOver().message
        return last


def typed_ending(form: Mapping[str, str] | None = None) -> TypedEnding:
    """This part of the form of this request."""
    form = request.form if form is None else form
    return TypedEnding(
        completion=form.get("completion", Completion.AT_ONCE.value),
        embargo_day=form.get("embargo_day", ""),
        embargo_clock=form.get("embargo_clock", ""),
        hold_minutes=form.get("hold_minutes", str(USUAL_MINUTES)),
        validity_days=form.get("validity_days", str(USUAL_VALIDITY_DAYS)),
        withheld_allowed=form.get("withheld_allowed") == "yes",
        late_until=form.get("late_until", ""),
    )


def typed_instant(day: str, clock: str, zone: str, now: datetime, problems: dict[str, Message]) -> datetime | None:
    """The instant of an embargo, in its zone; problems stand beside its fields."""
    try:
        at, named = instant_from_parts(day, clock, zone, field="embargo")
    except InputRefused as refused:
        of_clock = refused.problem.id in ("time-unreadable", "time-skipped", "time-twice")
        problems["embargo_clock" if of_clock else "embargo_day"] = refused.problem
        return None
    if at <= now:
        problems["embargo_day"] = EmbargoPassed().message
    return in_zone(at, named)


def _within(field: str, typed: str, most: int, problems: dict[str, Message]) -> int:
    text = typed.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        problems[field] = Message("number-unreadable")
        return 1
    if not 1 <= int(text) <= most:
        problems[field] = Message("number-between", {"least": 1, "most": most})
    return int(text)
