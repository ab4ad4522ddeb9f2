"""On completion: when a locked text is published, how long a sign-off holds, what is allowed afterwards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from workflow.rules.refusals import EmbargoPassed, FormRefused, LateSigningOver, Message

USUAL_VALIDITY_DAYS = 90
MOST_VALIDITY_DAYS = 3650
MOST_HOLD_MINUTES = 7 * 24 * 60


class Completion(StrEnum):
    """When a text is published once its rule is met; chosen before circulating and frozen with the circulation."""

    AT_ONCE = "at-once"
    EMBARGO = "embargo"
    HOLD = "hold"
    PRESS = "press"


@dataclass(frozen=True)
class Ending:
    """What happens once the rule is met.

    `embargo_at`, in the zone in which it is told, is the instant of an embargo; `hold_minutes` how long after the lock
    a held text is published. A sign-off holds for `validity_days`. `withheld_allowed`: a signatory may ask not to be
    named. Until `late_until`, where given, organisations that were asked can sign after the publication.
    """

    how: Completion = Completion.AT_ONCE
    embargo_at: datetime | None = None
    hold_minutes: int = 0
    validity_days: int = USUAL_VALIDITY_DAYS
    withheld_allowed: bool = True
    late_until: datetime | None = None

    def due(self, locked_at: datetime) -> datetime | None:
        """The instant at which a text locked at `locked_at` is to be published; none where the lead presses."""
        if self.how is Completion.PRESS:
            return None
        if self.how is Completion.EMBARGO and self.embargo_at is not None:
            return max(self.embargo_at, locked_at)
        return locked_at + timedelta(minutes=self.hold_minutes if self.how is Completion.HOLD else 0)

    def holds(self, confirmed_at: datetime, at: datetime) -> bool:
        """Whether a sign-off that was given, or last reconfirmed, at `confirmed_at` still holds at an instant."""
        return at - confirmed_at <= timedelta(days=self.validity_days)

    @property
    def last_instant(self) -> datetime | None:
        """The last instant that is declared: until then, and for a while after, links must open."""
        return max((one for one in (self.embargo_at, self.late_until) if one is not None), default=None)


AT_ONCE = Ending()


def check_ending(ending: Ending, now: datetime) -> None:
    """Refuse an ending that cannot be. Raises EmbargoPassed, LateSigningOver, FormRefused."""
    if ending.how is Completion.EMBARGO and (ending.embargo_at is None or ending.embargo_at <= now):
        raise EmbargoPassed
    if ending.late_until is not None and ending.late_until <= now:
        raise LateSigningOver
    if not 1 <= ending.validity_days <= MOST_VALIDITY_DAYS:
        raise FormRefused({"validity_days": Message("number-between", {"least": 1, "most": MOST_VALIDITY_DAYS})})
    if ending.how is Completion.HOLD and not 1 <= ending.hold_minutes <= MOST_HOLD_MINUTES:
        raise FormRefused({"hold_minutes": Message("number-between", {"least": 1, "most": MOST_HOLD_MINUTES})})


def too_old(confirmed: Mapping[int, datetime], ending: Ending, at: datetime) -> list[int]:
    """Whose sign-offs do not hold any more at an instant; `confirmed`: when each was given or last reconfirmed."""
    return [who for who, confirmed_at in confirmed.items() if not ending.holds(confirmed_at, at)]


def reconfirming_helps(ending: Ending, now: datetime, at: datetime) -> bool:
    """Whether a sign-off that is reconfirmed now still holds at an instant to come."""
    return ending.holds(now, at)


def when_published(ending: Ending) -> Message:
    """When the text is published once it is final, as it is stated to everybody."""
    if ending.how is Completion.EMBARGO:
        return Message("completion.embargo", {"at": ending.embargo_at})
    if ending.how is Completion.HOLD:
        return Message("completion.hold", {"minutes": ending.hold_minutes})
    return Message(f"completion.{ending.how.value}")


def rule_with(rule: Message, ending: Ending) -> Message:
    """The sentence of a rule, with how long a sign-off holds and when the text is published."""
    parts: Iterable[object] = rule.params["parts"] if rule.id == "rule.several" else (rule,)  # type: ignore[assignment]
    ends = [] if ending.how is Completion.AT_ONCE else [when_published(ending)]
    validity = Message("rule.validity", {"days": ending.validity_days})
    return Message("rule.several", {"parts": (*parts, *ends, validity)})
