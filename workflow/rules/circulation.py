"""The rule of completeness: who must have said what before a text locks, and what is still missing.

Everything here weighs one frozen picture of a roll; every door to the lock uses the same functions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from workflow.rules.refusals import EmptyRule, Message, NoContact, RuleOutOfReach

NAMES_SPELLED_OUT = 6
LINK_LIFE_AFTER_DEADLINE = timedelta(days=14)


class Role(StrEnum):
    """What a circulation asks of a signatory."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    OBSERVER = "observer"


class Kind(StrEnum):
    """What a signatory can say to a revision. Taking back is said too, so that history keeps it."""

    SIGN_OFF = "sign-off"
    OBJECTION = "objection"
    DECLINE = "decline"
    ABSTAIN = "abstain"
    TAKEN_BACK = "taken-back"


class Purpose(StrEnum):
    """What a circulation asks for."""

    SIGN_OFF = "sign-off"
    COMMENT = "comment"


class Outcome(StrEnum):
    """How a circulation ended."""

    COMPLETE = "complete"
    RECALLED = "recalled"
    ABANDONED = "abandoned"


@dataclass(frozen=True)
class Rule:
    """Every required signatory must sign; `at_least` may ask for a number of sign-offs in all beside that."""

    at_least: int = 0


@dataclass(frozen=True)
class Standing:
    """Where one signatory stands: its newest answer, and what keeps a sign-off from counting.

    `current`: the answer is to the revision in force. `late`: it came after the deadline.
    `name_held`: it asks to be listed under a name that the lead has not accepted yet.
    """

    organisation: str
    role: Role
    kind: Kind | None = None
    current: bool = True
    late: bool = False
    name_held: bool = False
    revision: int = 0

    @property
    def signed(self) -> bool:
        """A sign-off to the text in force that came in time: it counts."""
        return self.kind is Kind.SIGN_OFF and self.current and not self.late

    @property
    def stale(self) -> bool:
        """A sign-off to an earlier revision: kept and shown, but it does not count."""
        return self.kind is Kind.SIGN_OFF and not self.current

    @property
    def outstanding(self) -> bool:
        """Required, and without a sign-off that counts."""
        return self.role is Role.REQUIRED and not self.signed


def check_rule(rule: Rule, roll: Iterable[Role]) -> None:
    """Refuse a rule that is met by nobody's word or can never be met. Raises EmptyRule, RuleOutOfReach."""
    roles = list(roll)
    can_sign = sum(role is not Role.OBSERVER for role in roles)
    if Role.REQUIRED not in roles and rule.at_least < 1:
        raise EmptyRule
    if rule.at_least > can_sign:
        raise RuleOutOfReach(at_least=rule.at_least, of=can_sign)


def check_contacts(roll: Iterable[tuple[str, int]]) -> None:
    """Refuse to ask organisations nobody can be written to. `roll`: (name, number of contacts) each."""
    without = [name for name, contacts in roll if not contacts]
    if without:
        raise NoContact(organisations=without)


def link_expiry(deadline_at: datetime, now: datetime) -> datetime:
    """When a link sent at `now` stops opening: well after the deadline, so that late answers can be given."""
    return max(deadline_at, now) + LINK_LIFE_AFTER_DEADLINE


def missing(rule: Rule, roll: Iterable[Standing]) -> list[Message]:
    """What keeps the text from locking, as parts of one sentence; empty when the rule is met."""
    standings = list(roll)
    required = [standing for standing in standings if standing.role is Role.REQUIRED]
    parts: list[Message] = []

    def say(id_: str, who: Iterable[Standing]) -> None:
        names = [standing.organisation for standing in who]
        if names:
            parts.append(Message(id_, {"names": _names(names)}))

    unsigned = [standing for standing in required if not standing.signed]
    waiting = [s for s in unsigned if not s.late and (not s.current or s.kind in (None, Kind.TAKEN_BACK))]
    said = [s for s in unsigned if s.current and not s.late]
    say("missing.waiting", [s for s in waiting if not s.stale])
    say("missing.stale", [s for s in waiting if s.stale])
    say("missing.objects", [s for s in said if s.kind is Kind.OBJECTION])
    say("missing.declined", [s for s in said if s.kind is Kind.DECLINE])
    say("missing.abstains", [s for s in said if s.kind is Kind.ABSTAIN])
    say("missing.late", [s for s in unsigned if s.late])
    say("missing.name", [s for s in standings if s.signed and s.name_held])
    signed = sum(standing.signed for standing in standings)
    if signed < rule.at_least:
        parts.append(Message("missing.number", {"signed": signed, "at_least": rule.at_least}))
    return parts


def _names(names: list[str]) -> object:
    """All names, or so many that one sentence can carry and how many others."""
    if len(names) <= NAMES_SPELLED_OUT:
        return tuple(names)
    shown = tuple(names[: NAMES_SPELLED_OUT - 1])
    return Message("names-and-others", {"first": shown, "others": len(names) - len(shown)})


def sentence(rule: Rule, roll: Iterable[Standing]) -> Message:
    """The one sentence that says what is missing, the same on every page and in every mail."""
    parts = missing(rule, roll)
    if not parts:
        return Message("missing.nothing")
    return parts[0] if len(parts) == 1 else Message("missing.several", {"parts": tuple(parts)})


def rule_sentence(rule: Rule, roll: Iterable[Role]) -> Message:
    """The rule itself, as it is stated to every member before they answer."""
    required = sum(role is Role.REQUIRED for role in roll)
    if rule.at_least > required and required:
        return Message("rule.required-and-number", {"required": required, "at_least": rule.at_least})
    if required:
        return Message("rule.required", {"required": required})
    return Message("rule.number", {"at_least": rule.at_least})
