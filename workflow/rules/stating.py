"""Stating a rule: the one sentence in which every member is told it before it answers."""

from collections.abc import Iterable

from workflow.rules.circulation import Purpose, Role, Rule
from workflow.rules.refusals import Message


def rule_sentence(rule: Rule, roll: Iterable[Role]) -> Message:
    """The rule itself, as it is stated to every member before they answer."""
    if rule.purpose is Purpose.COMMENT:
        return Message("rule.comment")
    roles = list(roll)
    if rule.silence and rule.broken:
        return Message("rule.silence-broken")
    if rule.silence:
        parts = [Message("rule.silence")]
    else:
        parts = [_completeness(rule, roles.count(Role.REQUIRED), len(roles) - roles.count(Role.OBSERVER))]
        if rule.others and Role.REQUIRED in roles:
            parts.append(Message("rule.others", {"others": rule.others, "of": roles.count(Role.OPTIONAL)}))
        if rule.hold_open:
            parts.append(Message("rule.hold-open"))
    if rule.objections_hold and not rule.silence:
        parts.append(Message("rule.objections-hold"))
    if rule.editorial_hours:
        said = "rule.editorial-hour" if rule.editorial_hours == 1 else "rule.editorial"
        parts.append(Message(said, {"hours": rule.editorial_hours, "words": rule.editorial_words}))
    return parts[0] if len(parts) == 1 else Message("rule.several", {"parts": tuple(parts)})


def _completeness(rule: Rule, required: int, can_sign: int) -> Message:
    """How many must sign. Without a required one, a number of the others is a number in all."""
    at_least = max(rule.at_least, 0 if required else rule.others)
    if at_least > required and required:
        return Message("rule.required-and-number", {"required": required, "at_least": at_least})
    if required:
        return Message("rule.required", {"required": required})
    return Message("rule.number", {"at_least": at_least, "of": can_sign})


def part_under(rule: Rule, role: Role) -> Role:
    """The part in which an organisation is asked: by silence nobody need sign, and all who can object are alike."""
    return Role.OPTIONAL if rule.silence and role is Role.REQUIRED else role
