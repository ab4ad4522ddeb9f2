"""Remarks: what the lead can make of one, what an objection amounts to, and who sees whose."""

from dataclasses import dataclass
from enum import StrEnum

from workflow.rules.circulation import Kind as AnswerKind
from workflow.rules.circulation import Visibility
from workflow.rules.refusals import FormRefused, Message

LONGEST_REMARK = 10_000


class Kind(StrEnum):
    """What a remark is. A reply stands in the thread of one of the others."""

    COMMENT = "comment"
    SUGGESTION = "suggestion"
    OBJECTION = "objection"
    REPLY = "reply"


class Disposition(StrEnum):
    """What the lead made of a remark."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    DECLINED = "declined"


class Objection(StrEnum):
    """What an objection amounts to now."""

    STANDS = "stands"
    TAKEN_BACK = "taken-back"
    ANSWERED = "answered"  # the organisation has given another answer since
    EARLIER = "earlier"  # it was to a text that is no longer in force


NEEDS_REASON = (Disposition.PARTLY, Disposition.DECLINED)


def check_remark(kind: str, person_name: str, text: str, proposed: str, exact: str | None) -> None:
    """Refuse a remark that lacks something. `exact` are the words of its passage, if it has one. Raises FormRefused."""
    problems: dict[str, Message] = {}
    if not person_name:
        problems["person_name"] = Message("answer.name-missing")
    if len(text) > LONGEST_REMARK:
        problems["text"] = Message("comment.too-long", {"limit": LONGEST_REMARK})
    if len(proposed) > LONGEST_REMARK:
        problems["proposed"] = Message("comment.too-long", {"limit": LONGEST_REMARK})
    if kind == Kind.SUGGESTION:
        if exact is None:
            problems["passage"] = Message("suggestion.passage-missing")
        elif " ".join(proposed.split()) == exact:
            problems["proposed"] = Message("suggestion.same")
        elif not proposed and not text:
            problems["text"] = Message("suggestion.empty")
    elif kind not in (Kind.COMMENT, Kind.REPLY):
        problems["kind"] = Message("comment.kind-unknown")
    elif not text:
        problems["text"] = Message("reply.empty" if kind == Kind.REPLY else "comment.empty")
    if problems:
        raise FormRefused(problems)


def check_disposition(chosen: str, reason: str) -> Disposition:
    """The disposition of that name. Raises FormRefused where there is none, or where it lacks its reason."""
    if chosen not in set(Disposition):
        raise FormRefused({"disposition": Message("disposition.missing")})
    disposition = Disposition(chosen)
    if disposition in NEEDS_REASON and not reason:
        raise FormRefused({"reason": Message("disposition.reason-missing")})
    if len(reason) > LONGEST_REMARK:
        raise FormRefused({"reason": Message("comment.too-long", {"limit": LONGEST_REMARK})})
    return disposition


def objection_now(answer_id: int, newest_id: int | None, newest: str | None, *, in_force: bool) -> Objection:
    """What the objection `answer_id` amounts to, where its signatory's newest answer is `newest_id`, a `newest`.

    `in_force`: it is to the text that an open circulation asks for.
    """
    if newest_id != answer_id:
        return Objection.TAKEN_BACK if newest == AnswerKind.TAKEN_BACK else Objection.ANSWERED
    return Objection.STANDS if in_force else Objection.EARLIER


@dataclass(frozen=True)
class Sight:
    """What somebody sees of a remark: its words, and whose they are."""

    words: bool
    names: bool


ALL = Sight(words=True, names=True)
SIGHTS = {
    Visibility.EVERYTHING: ALL,
    Visibility.POSITIONS: Sight(words=True, names=False),
    Visibility.NOTHING: Sight(words=False, names=False),
}


def sees(visibility: Visibility, *, own: bool) -> Sight:
    """What a member sees of a remark under `visibility`; `own`: its own organisation made it, by whichever contact."""
    return ALL if own else SIGHTS[visibility]


def stricter(one: Visibility, other: Visibility) -> Visibility:
    """The one of the two under which less is seen: nobody's words are shown to more than was said when they came."""
    order = list(Visibility)
    return max(one, other, key=order.index)
