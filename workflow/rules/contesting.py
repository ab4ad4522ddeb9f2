"""Contesting: when an answer can be said to be nobody's, and what the lead has to say to it."""

from dataclasses import dataclass
from enum import StrEnum

from workflow.rules.circulation import Outcome
from workflow.rules.lifecycle import Stage
from workflow.rules.refusals import FormRefused, Message, NotFound, Refusal

LONGEST_REASON = 500


class Resolution(StrEnum):
    """What the lead says of a contested answer: it was given by somebody who may, or it was never given."""

    STANDS = "stands"
    VOID = "void"


class ContestedAlready(Refusal):
    """Somebody of the organisation has contested this answer."""

    id = "contested-already"


class AnsweredSince(Refusal):
    """The organisation has answered anew since: that answer counts, and this one does not any more."""

    id = "answered-since"


class ResolvedAlready(Refusal):
    """The lead has resolved this contest."""

    id = "resolved-already"


@dataclass(frozen=True)
class Given:
    """What the rows say of an answer that somebody contests, at this instant.

    `newest`: it is the organisation's newest. `open_contests`: how many contests of it wait; `resolved`: the lead
    has said something of it before.
    """

    stage: Stage
    outcome: Outcome | None
    on_roll: bool
    newest: bool
    open_contests: int = 0


def check_contest(given: Given) -> None:
    """Refuse to contest what nothing follows from. Raises NotFound, AnsweredSince, ContestedAlready."""
    if given.outcome not in (None, Outcome.COMPLETE) or not given.on_roll:
        raise NotFound
    if given.open_contests:
        raise ContestedAlready
    if not given.newest:
        raise AnsweredSince


def check_resolution(resolution: str, reason: str) -> Resolution:
    """What the lead says of it; why, where the answer is to be void. Raises FormRefused."""
    problems: dict[str, Message] = {}
    if resolution not in list(Resolution):
        problems["resolution"] = Message("missing")
    if resolution == Resolution.VOID and not reason:
        problems["reason"] = Message("contest-reason-missing")
    elif len(reason) > LONGEST_REASON:
        problems["reason"] = Message("too-long", {"limit": LONGEST_REASON, "length": len(reason)})
    if problems:
        raise FormRefused(problems)
    return Resolution(resolution)
