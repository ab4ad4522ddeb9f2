"""Weighing an answer: is it one that can be taken, and does it complete the rule?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from workflow.rules.circulation import Kind, Role, Rule, Standing, missing
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.refusals import (
    FormRefused,
    LinkClosed,
    LinkExpired,
    LinkReplaced,
    LinkRevoked,
    Message,
    ObserversDoNotSign,
    TextMoved,
)

DECIDING = (Kind.SIGN_OFF, Kind.OBJECTION, Kind.DECLINE, Kind.ABSTAIN)


@dataclass(frozen=True)
class LinkFacts:
    """What the rows say about an approval link at this instant."""

    generation: int
    current_generation: int
    expires_at: datetime
    revoked: bool
    outcome: str | None


def check_link(link: LinkFacts, now: datetime) -> None:
    """Refuse a link that no longer speaks for anybody, each reason with a refusal of its own."""
    if link.outcome is not None:
        raise LinkClosed(outcome=link.outcome)
    if link.revoked:
        raise LinkRevoked
    if link.generation != link.current_generation:
        raise LinkReplaced
    if now >= link.expires_at:
        raise LinkExpired


@dataclass(frozen=True)
class Offered:
    """An answer as a person offers it, with the digest of the text that the page showed."""

    kind: Kind
    digest: str
    text: str = ""
    listed_name: str = ""
    person_name: str = ""
    person_role: str = ""
    authority: bool = False


def check_answer(offered: Offered) -> None:
    """Refuse an answer that lacks something it must carry. Raises FormRefused, problems by field."""
    problems: dict[str, Message] = {}
    if not offered.person_name:
        problems["person_name"] = Message("answer.name-missing")
    if not offered.person_role:
        problems["person_role"] = Message("answer.role-missing")
    if offered.kind is Kind.SIGN_OFF:
        if not offered.listed_name:
            problems["listed_name"] = Message("answer.listed-name-missing")
        if not offered.authority:
            problems["authority"] = Message("answer.authority-missing")
    if offered.kind is Kind.OBJECTION and not offered.text:
        problems["text"] = Message("answer.objection-without-text")
    if offered.kind is Kind.DECLINE and not offered.text:
        problems["text"] = Message("answer.decline-without-reason")
    if problems:
        raise FormRefused(problems)


def check_binds(offered: Offered, stage: Stage, role: Role, digest: str) -> None:
    """Refuse what cannot bind: a closed statement, an observer, a text other than the one in force."""
    after(stage, Move.ANSWER)
    if role is Role.OBSERVER:
        raise ObserversDoNotSign
    if offered.digest != digest:
        raise TextMoved(shown=offered.digest, current=digest)


@dataclass(frozen=True)
class Verdict:
    """What the roll amounts to: `complete` means that the rule is met and the text locks now."""

    complete: bool
    missing: tuple[Message, ...]


def weigh(rule: Rule, roll: Sequence[Standing]) -> Verdict:
    """Weigh a roll under a rule. The same function for every door to the lock."""
    parts = tuple(missing(rule, roll))
    return Verdict(complete=not parts, missing=parts)


def with_answer(roll: Sequence[Standing], index: int, kind: Kind, *, late: bool = False) -> list[Standing]:
    """The roll after the signatory at `index` has said `kind` to the revision in force."""
    changed = list(roll)
    changed[index] = replace(changed[index], kind=kind, current=True, late=late)
    return changed
