"""Amending a roll while it is asked: another part for a signatory, one more signatory, one less."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum

from workflow.rules.circulation import Role, Rule, Standing, check_rule, missing
from workflow.rules.refusals import EmptyRule, FormRefused, Message, RuleOutOfReach

LONGEST_REASON = 500


class Change(StrEnum):
    """What can happen to one place on a living roll."""

    ADDED = "added"
    PART = "part"
    DROPPED = "dropped"
    # Of an open page, somebody said "this was not us": the place is left, or kept empty where the rule needs it.
    NOT_THEIRS = "not-theirs"
    EMPTIED = "emptied"


def check_change(
    rule: Rule, roll: Sequence[Role], index: int, part: Role | None, reason: str, *, joinable: bool = False
) -> None:
    """Refuse another part for the signatory at `index` (None: off the roll) that changes nothing or breaks the rule.

    `joinable`: others can join by an open page. Raises FormRefused, EmptyRule, RuleOutOfReach.
    """
    problems: dict[str, Message] = {}
    if part is roll[index]:
        problems["part"] = Message("part-unchanged")
    if not reason:
        problems["reason"] = Message("part-reason-missing")
    elif len(reason) > LONGEST_REASON:
        problems["reason"] = Message("too-long", {"limit": LONGEST_REASON, "length": len(reason)})
    if problems:
        raise FormRefused(problems)
    check_left(rule, roll, changed(roll, index, part), joinable=joinable)


def check_left(rule: Rule, before: Sequence[Role], after: Sequence[Role], *, joinable: bool = False) -> None:
    """Refuse what takes a rule out of reach that was not before. Raises EmptyRule, RuleOutOfReach.

    What was out of reach from the beginning waits for others to join by an open page.
    """
    check_rule(rule, after, joinable=joinable or out_of_reach(rule, before))


def out_of_reach(rule: Rule, roll: Iterable[Role]) -> bool:
    """Whether a rule asks for more sign-offs than there are on the roll who can give one."""
    try:
        check_rule(rule, roll)
    except RuleOutOfReach:
        return True
    except EmptyRule:
        return False
    return False


def changed(roll: Sequence[Role], index: int, part: Role | None) -> list[Role]:
    """The parts on the roll afterwards."""
    return [*roll[:index], *([part] if part is not None else []), *roll[index + 1 :]]


def would_complete(rule: Rule, roll: Iterable[Standing], index: int, part: Role | None) -> bool:
    """Whether the rule would be met by giving the signatory at `index` another part, or taking it off the roll."""
    standings = list(roll)
    after = [replace(standings[index], role=part)] if part is not None else []
    return not missing(rule, [*standings[:index], *after, *standings[index + 1 :]])
