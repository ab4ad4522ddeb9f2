"""Weighing an answer: is it one that can be taken, and does it complete the rule?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from workflow.rules.circulation import Kind, Purpose, Role, Rule, Standing, missing
from workflow.rules.handing import LinkHandedOn, LinkWaits
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.quoting import QuoteWord
from workflow.rules.refusals import (
    CodeWrong,
    FormRefused,
    LinkClosed,
    LinkExpired,
    LinkReplaced,
    LinkRevoked,
    Message,
    NotFound,
    NothingToSign,
    ObserversDoNotSign,
    TextMoved,
)

CODE_LENGTH = 6


class CodeMalformed(CodeWrong):
    """What was typed is no six digits: nobody guesses by it, so no try is counted."""

    id = "code-malformed"


def check_code_shape(typed: str) -> None:
    """Refuse what cannot be a code. Raises CodeMalformed."""
    if not (typed.isascii() and typed.isdigit() and len(typed) == CODE_LENGTH):
        raise CodeMalformed


# All that a circulation for comment takes beside comments: the red line, and taking it back.
FOR_COMMENT = (Kind.OBJECTION, Kind.TAKEN_BACK)


@dataclass(frozen=True)
class LinkFacts:
    """What the rows say about an approval link at this instant."""

    generation: int
    current_generation: int
    expires_at: datetime
    revoked: bool
    outcome: str | None
    handed_on: bool = False
    waits: bool = False


def check_link(link: LinkFacts, now: datetime) -> None:
    """Refuse a link that no longer speaks for anybody, each reason with a refusal of its own."""
    if link.outcome is not None:
        raise LinkClosed(outcome=link.outcome)
    if link.handed_on:
        raise LinkHandedOn
    if link.revoked:
        raise LinkRevoked
    if link.waits:
        raise LinkWaits
    if link.generation != link.current_generation:
        raise LinkReplaced
    if now >= link.expires_at:
        raise LinkExpired


@dataclass(frozen=True)
class QuoteOffered:
    """What a person offers to say of one quote of the organisation; `wording` where other words are asked for."""

    digest: str
    decision: QuoteWord
    wording: str = ""


@dataclass(frozen=True)
class Offered:
    """An answer as a person offers it, with the digest of the text that the page showed.

    Without a `kind` it is only about the organisation's quotes. `passage` is the place in the text that an objection is
    about, as the JSON that the form carries; empty for the whole text. `withheld`: we are to be counted and not named.
    `names`: how to list us in editions in other languages, by language. `person_named`: who signs may be named beside
    the organisation, where the list names persons. `logo` is the digest of the logo that was shown, where it may stand
    beside the name.
    """

    kind: Kind | None
    digest: str
    text: str = ""
    listed_name: str = ""
    person_name: str = ""
    person_role: str = ""
    authority: bool = False
    passage: str = ""
    quotes: tuple[QuoteOffered, ...] = ()
    withheld: bool = False
    person_named: bool = False
    names: tuple[tuple[str, str], ...] = ()
    logo: str = ""

    @property
    def logo_beside(self) -> str:
        """The logo that may stand beside the name by this answer, if any: whoever is not named has none there."""
        return self.logo if self.kind is Kind.SIGN_OFF and not self.withheld else ""

    def said(self, **beside: object) -> dict[str, object]:
        """The words of this answer, as its event binds them; what stands `beside` them, where it says something."""
        more = {**beside, "logo": self.logo_beside}
        given = {name: value for name, value in more.items() if value}
        return {"listed_name": self.listed_name, "text": self.text, **given}


def check_answer(offered: Offered) -> None:
    """Refuse an answer that lacks something it must carry. Raises FormRefused, problems by field."""
    problems: dict[str, Message] = {}
    if offered.kind is None and not offered.quotes:
        problems["kind"] = Message("answer.kind-missing")
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
    for one in offered.quotes:
        if one.decision is QuoteWord.REWORDED and not one.wording:
            problems[f"wording-{one.digest}"] = Message("quote.wording-missing")
    if problems:
        raise FormRefused(problems)


@dataclass(frozen=True)
class Asked:
    """What the rows say is asked of a signatory at this instant: in which stage, part and purpose, about which text.

    `quotes` are the digests of its own quotes in that text.
    """

    stage: Stage
    role: Role
    digest: str
    purpose: Purpose = Purpose.SIGN_OFF
    quotes: frozenset[str] = frozenset()
    withheld_allowed: bool = True
    silence: bool = False


def unlocks(stage: Stage, kind: Kind | None) -> bool:
    """Whether an answer is one that a locked text still takes: taking back, which unlocks it."""
    return stage is Stage.LOCKED and kind is Kind.TAKEN_BACK


def check_binds(offered: Offered, asked: Asked) -> None:
    """Refuse what cannot bind: a closed statement, an observer, a text other than the one in force.

    An observer may say of its own quotes what any organisation may.
    """
    after(asked.stage, Move.UNLOCK if unlocks(asked.stage, offered.kind) else Move.ANSWER)
    if asked.role is Role.OBSERVER and offered.kind is not None:
        raise ObserversDoNotSign
    if offered.withheld and not asked.withheld_allowed:
        raise FormRefused({"withheld": Message("answer.withheld-not-allowed")})
    if asked.purpose is Purpose.COMMENT and (offered.kind not in FOR_COMMENT or offered.quotes):
        raise NothingToSign
    if asked.silence and offered.kind is Kind.DECLINE:
        raise FormRefused({"kind": Message("silence-no-decline")})
    if offered.digest != asked.digest:
        raise TextMoved(shown=offered.digest, current=asked.digest)
    if not {one.digest for one in offered.quotes} <= asked.quotes:
        raise NotFound


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
