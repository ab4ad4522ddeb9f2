"""Counting a late answer: what came after the deadline is kept, and counts where the lead says so of that answer."""

from collections.abc import Sequence
from dataclasses import replace

from workflow.rules.circulation import Kind, Rule, Standing, missing
from workflow.rules.refusals import Refusal


class NotCountable(Refusal):
    """There is no late answer that could be counted."""

    id = "late-not-countable"


def countable(rule: Rule, standing: Standing) -> bool:
    """Whether the lead can count what a signatory said: late, to a text that still stands, and not a taking back.

    Where silence adopts, only a sign-off: an objection that came after the instant breaks nothing. Where several
    contacts have to say the same, once they have.
    """
    if not standing.late or standing.kind in (None, Kind.TAKEN_BACK):
        return False
    if rule.silence and standing.kind is not Kind.SIGN_OFF:
        return False
    if standing.kind is Kind.SIGN_OFF and standing.voices < standing.needed:
        return False
    return standing.current or standing.carried


def check_countable(rule: Rule, standing: Standing) -> None:
    """Raises NotCountable where there is nothing to count."""
    if not countable(rule, standing):
        raise NotCountable


def would_complete(rule: Rule, roll: Sequence[Standing], index: int) -> bool:
    """Whether the rule is met once the late answer at `index` is counted."""
    return not missing(rule, [*roll[:index], replace(roll[index], late=False), *roll[index + 1 :]])
