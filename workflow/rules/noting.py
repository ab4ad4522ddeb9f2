"""After the publication: which notes can be added, and what stands of those who signed once they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workflow.rules.circulation import Role
from workflow.rules.completion import Ending
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.refusals import FormRefused, LateSigningOver, Message, NotFound, ObserversDoNotSign, WrongStage

LONGEST_NOTE = 4000


class NoteKind(StrEnum):
    """What came after a publication."""

    WITHDRAWAL = "withdrawal"
    LATE = "late"
    NAME_FIX = "name-fix"
    CORRECTION = "correction"
    RETRACTION = "retraction"
    TAKEDOWN = "takedown"
    RESTORED = "restored"
    TRANSLATION = "translation"


# What the history calls the event of a note.
EVENT_OF = {
    NoteKind.WITHDRAWAL: "withdrawal noted",
    NoteKind.LATE: "signed late",
    NoteKind.NAME_FIX: "name mended",
    NoteKind.CORRECTION: "corrected",
    NoteKind.RETRACTION: "retracted",
    NoteKind.TAKEDOWN: "taken down",
    NoteKind.RESTORED: "shown again",
    NoteKind.TRANSLATION: "translation added",
}
# What the operator does: the page shows nothing but that, and shows the statement again.
BY_OPERATOR = (NoteKind.TAKEDOWN, NoteKind.RESTORED)
# What the lead says of the statement as a whole.
SAID_BY_LEAD = (NoteKind.CORRECTION, NoteKind.RETRACTION)


@dataclass(frozen=True)
class Noted:
    """One note as the rules see it: of which signatory, by its commitment, and which one replaces that."""

    kind: NoteKind
    commitment: str | None = None
    replaced_by: str | None = None


@dataclass(frozen=True)
class Standing:
    """Who stands by a published text now: commitments, in the order of the listing and of the late sign-offs.

    `replaced` leads from the commitment of a mended name to the one that is disclosed in its place.
    """

    listed: tuple[str, ...]
    late: tuple[str, ...]
    withdrawn: frozenset[str]
    replaced: Mapping[str, str]

    @property
    def count(self) -> int:
        """How many stand by it."""
        return len(self.listed) + len(self.late)

    def shown_by(self, commitment: str) -> str:
        """The commitment whose disclosure names the one that stands in the record under `commitment`."""
        while commitment in self.replaced:
            commitment = self.replaced[commitment]
        return commitment


def standing(listing: Sequence[str], notes: Iterable[Noted]) -> Standing:
    """Who stands by a text, from the listing of its record and all notes since, oldest first."""
    found = list(notes)
    gone = frozenset(one.commitment for one in found if one.kind is NoteKind.WITHDRAWAL and one.commitment)
    late = [one.commitment for one in found if one.kind is NoteKind.LATE and one.commitment]
    fixed = {one.commitment: one.replaced_by for one in found if one.commitment and one.replaced_by}
    return Standing(
        listed=tuple(one for one in listing if one not in gone),
        late=tuple(one for one in late if one not in gone),
        withdrawn=gone,
        replaced=fixed,
    )


class LaterKind(StrEnum):
    """What a signatory can say once the text is locked."""

    RECONFIRM = "reconfirm"
    WITHDRAW = "withdraw"
    SIGN_LATE = "sign-late"
    WITHHOLD = "withhold"


@dataclass(frozen=True)
class Later:
    """What a person says for a signatory after the lock, with the digest of the text that the page showed."""

    kind: LaterKind
    digest: str
    person_name: str = ""
    person_role: str = ""
    text: str = ""
    authority: bool = False
    withheld: bool = False


def check_later(later: Later) -> None:
    """Refuse what lacks something it must carry. Raises FormRefused, problems by field."""
    problems: dict[str, Message] = {}
    if later.kind in (LaterKind.WITHDRAW, LaterKind.SIGN_LATE):
        if not later.person_name:
            problems["person_name"] = Message("answer.name-missing")
        if not later.person_role:
            problems["person_role"] = Message("answer.role-missing")
    if later.kind is LaterKind.SIGN_LATE and not later.authority:
        problems["authority"] = Message("answer.authority-missing")
    if later.kind is LaterKind.WITHHOLD and not later.authority:
        problems["authority"] = Message("withhold.sure")
    if problems:
        raise FormRefused(problems)


def check_note(stage: Stage, kind: NoteKind, text: str) -> None:
    """Refuse a note that cannot be added in `stage`, or that says nothing. Raises WrongStage, FormRefused."""
    after(stage, Move.RETRACT if kind is NoteKind.RETRACTION else Move.NOTE)
    if kind in SAID_BY_LEAD and not text:
        raise FormRefused({"text": Message("note.empty")})


def check_takedown(reason: str) -> None:
    """Refuse a takedown, or its end, without a ground. Raises FormRefused."""
    if not reason:
        raise FormRefused({"reason": Message("takedown-reason")})


@dataclass(frozen=True)
class Signed:
    """Where one signatory stands after the publication: whether it is among those who signed, or was."""

    stage: Stage
    role: Role
    commitment: str | None
    withdrawn: bool = False


def check_withdrawal(signed: Signed) -> None:
    """Refuse a withdrawal of who does not stand by the text. Raises WrongStage, NotFound."""
    after(signed.stage, Move.NOTE)
    if signed.commitment is None or signed.withdrawn:
        raise NotFound


def check_late(signed: Signed, ending: Ending, now: datetime) -> None:
    """Refuse a late sign-off. Raises WrongStage, LateSigningOver, ObserversDoNotSign, NotFound."""
    if signed.stage is not Stage.PUBLISHED:
        raise WrongStage(stage=signed.stage.value, move=Move.NOTE.value)
    if ending.late_until is None or now > ending.late_until:
        raise LateSigningOver
    if signed.role is Role.OBSERVER:
        raise ObserversDoNotSign
    if signed.commitment is not None:
        raise NotFound


def may_sign_late(signed: Signed, ending: Ending, now: datetime) -> bool:
    """Whether a signatory is offered to sign now."""
    open_to_it = signed.stage is Stage.PUBLISHED and signed.role is not Role.OBSERVER and signed.commitment is None
    return open_to_it and ending.late_until is not None and now <= ending.late_until
