"""Beside a publication: the one step that every note shares. The note, its event, the public log, and who is told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from workflow.actions.entering import open_log
from workflow.mail import outbox
from workflow.mail.drawing import have_drawn
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.drafting import Statement
from workflow.models.notes import Note
from workflow.queries import mentions, noting
from workflow.queries.circulation import writable_invitations
from workflow.rules.noting import EVENT_OF, NoteKind
from workflow.rules.refusals import FormRefused, Message
from workflow.text.mentions import named

NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True)
class Door:
    """By which door an act came: a contact's invitation, a user at the desk, or the operator's command."""

    invitation: Invitation | None = None
    user_id: int | None = None

    @property
    def ids(self) -> dict[str, int | None]:
        return {"invitation_id": self.invitation.id if self.invitation else None, "user_id": self.user_id}

    @property
    def word(self) -> str:
        if self.invitation is not None:
            return "link"
        return "desk" if self.user_id is not None else "operator"


@dataclass(frozen=True)
class Words:
    """What a note says, and who said it where that was a person of a signatory."""

    text: str = ""
    person_name: str = ""
    person_role: str = ""


def refuse_withheld(
    session: Session, circulation: Circulation, words: Mapping[str, str], but: Collection[str] = ()
) -> None:
    """No words of the lead or the operator name who is not to be named. `words` by the field of the form that has them;
    the names `but` may stand there. Raises FormRefused."""
    said = {field: text for field, text in words.items() if text}
    naming = mentions.names_withheld(session, circulation.id, said.values(), but) if said else []
    problems = {field: Message("note.names-withheld") for field, text in said.items() if text in naming}
    if problems:
        raise FormRefused(problems)


def refuse_others(session: Session, signatory: Signatory, text: str, *, withheld: bool) -> None:
    """No words that come by a link name another organisation of the roll: they are refused alike whoever that is and
    whatever it said, so that nobody finds out by trying who is withheld. One's own name may stand there, unless one is
    `withheld` oneself. Raises FormRefused."""
    if not text:
        return
    shown = noting.commitments_of(session, signatory.circulation.statement_id, signatory.commitment or "")
    own = noting.names_of(session, signatory, shown)
    if mentions.names_others(session, signatory, text, own):
        raise FormRefused({"text": Message("note.names-others")})
    if withheld and named(text, own):
        raise FormRefused({"text": Message("note.names-withheld")})


def add(
    session: Session,
    now: datetime,
    statement: Statement,
    kind: NoteKind,
    door: Door,
    words: Words,
    signatory: Signatory | None = None,
    *,
    replaced_by: str | None = None,
    told: Mapping[str, object] = NOTHING,
) -> Note:
    """The note and its event, entered into the public log; whatever names somebody stands beside them, erasably.

    `told` is what the event says of it besides.

    The files of the publication show it as it was: they go, and are made anew.
    """
    log = open_log(session, now)
    said = statement.disclose({"text": words.text})
    facts: dict[str, object] = {**told, "by": door.word, "said": said}
    if signatory is not None:
        person = {"name": words.person_name, "role": words.person_role}
        facts |= {
            "commitment": signatory.commitment,
            "signatory": statement.disclose({"organisation": signatory.name}),
            "person": statement.disclose(person),
        }
    if replaced_by is not None:
        facts["replaced_by"] = replaced_by
    event = statement.record(EVENT_OF[kind], now, facts)
    noted = Note(
        statement_id=statement.id,
        kind=kind.value,
        text=words.text,
        signatory_id=signatory.id if signatory else None,
        commitment=signatory.commitment if signatory else None,
        replaced_by=replaced_by,
        person_name=words.person_name,
        person_role=words.person_role,
        noted_at=now,
        event_hash=event.hash,
        **door.ids,
    )
    session.add(noted)
    log.enter_note(noted, noting.record_digest(session, statement.id), said)
    log.close()
    have_drawn(session, statement, now)
    session.flush()
    return noted


def tell_all(
    session: Session,
    now: datetime,
    statement: Statement,
    circulation: Circulation,
    kind: NoteKind,
    but: int = 0,
    note: Note | None = None,
) -> None:
    """A line to everybody who was asked, but to who has a receipt of it; it says what is noted.

    With the `note` what that says in public is told too, as far as it stands there still when the line is sent.
    """
    invitations = [one for one in writable_invitations(session, circulation.id) if one.signatory_id != but]
    note_id = note.id if note else None
    outbox.put_noted(session, now, statement, invitations, kind.value, note_id=note_id, gathered=kind is NoteKind.LATE)
