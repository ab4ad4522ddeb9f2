"""Every domain "no", one class each, with the id of the sentence that explains it.

A refusal carries a message id and parameters, never a sentence: `text/sentences.py` turns it into
words in the reader's language, `web/errors.py` turns its class into an HTTP status.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True)
class Message:
    """A sentence by its id, with the values that go into it; words are found later."""

    id: str
    params: Mapping[str, object] = field(default_factory=dict)


class Refusal(Exception):
    """Base of every domain "no". Subclasses name a message id; keyword arguments fill the sentence."""

    id: ClassVar[str] = "refusal"

    def __init__(self, **params: object) -> None:
        super().__init__(self.id)
        self.params = params

    @property
    def message(self) -> Message:
        """The sentence of this refusal, as a message to be put into words."""
        return Message(self.id, self.params)


# What was typed ---------------------------------------------------------------------------------


class InputRefused(Refusal):
    """A value cannot be taken as typed. `field` names the form field, `problem` is a Message."""

    id = "input"

    def __init__(self, field: str, problem: Message) -> None:
        super().__init__(field=field, problem=problem)
        self.field = field
        self.problem = problem

    @property
    def message(self) -> Message:
        return self.problem


class FormRefused(Refusal):
    """Several values of one form cannot be taken; `problems` maps field names to Messages."""

    id = "form"

    def __init__(self, problems: Mapping[str, Message]) -> None:
        super().__init__(count=len(problems))
        self.problems = dict(problems)


class FileRefused(Refusal):
    """A file given by a person cannot be read; `problem` is a Message, `line` the 1-based line or 0."""

    id = "file"

    def __init__(self, problem: Message, line: int = 0) -> None:
        super().__init__(problem=problem, line=line)
        self.problem = problem
        self.line = line


class NotPrintable(Refusal):
    """The text cannot be set in type; its words can be had in other forms. Params: reason (fonts, size)."""

    id = "not-printable"


class NotFound(Refusal):
    """There is no such thing, or not for this person: the two are never told apart."""

    id = "not-found"


class NotAllowed(Refusal):
    """The person is known and the thing is theirs to see, but this is not theirs to do."""

    id = "not-allowed"


# Stages -----------------------------------------------------------------------------------------


class WrongStage(Refusal):
    """The statement's stage does not allow this move. Params: stage, move."""

    id = "wrong-stage"


class NothingChanged(Refusal):
    """The text given is the text already there."""

    id = "nothing-changed"


class TextIncomplete(Refusal):
    """The statement lacks something that a circulation needs. Params: what (a message id suffix)."""

    id = "text-incomplete"


# Circulating ------------------------------------------------------------------------------------


class EmptyRule(Refusal):
    """A circulation with no required signatory and no number to reach would lock at once."""

    id = "empty-rule"


class RuleOutOfReach(Refusal):
    """The rule asks for more sign-offs than there are signatories who can give one."""

    id = "rule-out-of-reach"


class NoContact(Refusal):
    """A signatory has nobody to write to. Params: organisations (list of names)."""

    id = "no-contact"


class QuoteWithoutOwner(Refusal):
    """A quote names an organisation that is not on the roll, and nobody has vouched for it. Params: organisations."""

    id = "quote-without-owner"


class EditorialNotDeclared(Refusal):
    """Sign-offs can be carried over only where the lead declared the editorial rule before circulating."""

    id = "editorial-not-declared"


class DeadlinePassed(Refusal):
    """The deadline given lies in the past."""

    id = "deadline-passed"


class EmbargoPassed(Refusal):
    """The instant given for the publication lies in the past."""

    id = "embargo-passed"


class SignOffsTooOld(Refusal):
    """Sign-offs that count do not hold any more: they are to be reconfirmed first. Params: names, days."""

    id = "sign-offs-too-old"


class LateSigningOver(Refusal):
    """The day until which an organisation could sign after the publication is over."""

    id = "late-signing-over"


class AlreadyCirculating(Refusal):
    """A circulation of this statement is open."""

    id = "already-circulating"


# Links ------------------------------------------------------------------------------------------


class LinkRefused(Refusal):
    """Base: a personal link does not open. Each reason has a page of its own."""

    id = "link"


class LinkTampered(LinkRefused):
    """The token was not made by this installation, was altered or is for another purpose."""

    id = "link-tampered"


class LinkExpired(LinkRefused):
    """The invitation's time has passed."""

    id = "link-expired"


class LinkRevoked(LinkRefused):
    """The lead revoked this invitation."""

    id = "link-revoked"


class LinkReplaced(LinkRefused):
    """A newer link was sent to the same contact."""

    id = "link-replaced"


class LinkClosed(LinkRefused):
    """The circulation ended. Params: outcome (complete, recalled, abandoned)."""

    id = "link-closed"


# Answering --------------------------------------------------------------------------------------


class TextMoved(Refusal):
    """The text in force is no longer the one that was shown. Params: shown, current (digests)."""

    id = "text-moved"


class SuggestionConflict(Refusal):
    """The wording of a suggestion cannot be put into the newest text without guessing. Params: why.

    `why`: "gone" (its passage is not there any more), "marks" (bold, links or line ends stand within its words, or they
    cannot be told from others), "paragraphs" (the wording has several), "unfit" (it could not be saved).
    """

    id = "suggestion-conflict"


class ObserversDoNotSign(Refusal):
    """An observer may comment but has no answer to give."""

    id = "observers-do-not-sign"


class NothingToSign(Refusal):
    """A circulation for comment takes comments and objections, and no other answer."""

    id = "nothing-to-sign"


class CodeWrong(Refusal):
    """The six digits are not the ones that were mailed. Params: tries_left."""

    id = "code-wrong"


class CodeSpent(Refusal):
    """The code is too old, was tried too often or has been used: a fresh one is needed."""

    id = "code-spent"


class TooManyCodes(Refusal):
    """Too many codes were asked for in a short time. Params: minutes (whole, until the next)."""

    id = "too-many-codes"


# Signing in -------------------------------------------------------------------------------------


class SignInRefused(Refusal):
    """Mail and password do not fit; the same for known and unknown addresses."""

    id = "sign-in"


class TooManyTries(Refusal):
    """Too many attempts from here or for this address. Params: minutes."""

    id = "too-many-tries"


class ResetRefused(Refusal):
    """The link to choose a password is used up, too old or altered."""

    id = "reset"


class AlreadySetUp(Refusal):
    """The installation has its first user already."""

    id = "already-set-up"


class AlreadyThere(Refusal):
    """Something of that name exists. Params: name."""

    id = "already-there"


class InUse(Refusal):
    """The thing takes part in a living circulation and cannot be removed now. Params: name."""

    id = "in-use"
