"""Noting: what comes after a publication stands beside it, with its date. Each public function is one transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.links import Links
from workflow.mail import outbox
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.drafting import Statement
from workflow.models.history import Disclosure
from workflow.models.notes import Note
from workflow.models.signing import CodeChallenge
from workflow.queries import completion as looking
from workflow.queries import noting
from workflow.queries.circulation import statement_of_invitation, writable_invitations
from workflow.queries.drafting import take_statement, take_statement_by_id
from workflow.queries.signing import invitation_for_answer
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.listing import Entry, disclosed_value
from workflow.rules.noting import (
    Later,
    LaterKind,
    NoteKind,
    Signed,
    check_late,
    check_later,
    check_note,
    check_withdrawal,
)
from workflow.rules.refusals import (
    CodeSpent,
    FormRefused,
    Message,
    NotFound,
    NothingChanged,
    Refusal,
    TextMoved,
    WrongStage,
)
from workflow.rules.signing import check_link
from workflow.text.digest import later_hash
from workflow.text.nearly import same_as


@dataclass(frozen=True)
class Door:
    """By which door an act came: a contact's invitation, or a user at the desk."""

    invitation: Invitation | None = None
    user_id: int | None = None

    @property
    def ids(self) -> dict[str, int | None]:
        return {"invitation_id": self.invitation.id if self.invitation else None, "user_id": self.user_id}

    @property
    def word(self) -> str:
        return "link" if self.invitation else "desk"


@dataclass(frozen=True)
class Words:
    """What a note says, and who said it where that was a person of a signatory."""

    text: str = ""
    person_name: str = ""
    person_role: str = ""


def act(
    session: Session,
    links: Links,
    now: datetime,
    invitation_id: int,
    generation: int,
    later: Later,
    *,
    challenge_id: int | None = None,
    code: str = "",
) -> None:
    """A contact withdraws, signs late, or asks that its organisation be named no more. Raises Refusals."""
    wrong: Refusal | None = None
    with transaction(session):
        statement = take_statement_by_id(session, statement_of_invitation(session, invitation_id))
        invitation = invitation_for_answer(session, invitation_id)
        circulation = invitation.signatory.circulation
        check_link(invitation.facts(generation, None), now)
        check_later(later)
        if later.digest != circulation.revision.digest:
            raise TextMoved(shown=later.digest, current=circulation.revision.digest)
        if looking.complete_circulation(session, statement.id).id != circulation.id:
            raise NotFound
        if circulation.code_required:
            challenge = session.get(CodeChallenge, challenge_id) if challenge_id is not None else None
            wrong = challenge.tried(links, invitation, later_hash(later), code, now) if challenge else CodeSpent()
        if wrong is None:
            _do(session, now, statement, circulation, invitation.signatory, later, Door(invitation))
    if wrong is not None:  # raised only now: the try that failed is counted and committed
        raise wrong


def act_at_desk(session: Session, now: datetime, user_id: int, public_id: str, signatory_id: int, later: Later) -> None:
    """The lead records that a signatory withdraws, or takes its name out; the member's contacts are told at once."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = looking.complete_circulation(session, statement.id)
        signatory = looking.signatory_of(session, circulation.id, signatory_id)
        if later.kind not in (LaterKind.WITHDRAW, LaterKind.WITHHOLD):
            raise NotFound
        check_later(later)
        _do(session, now, statement, circulation, signatory, later, Door(user_id=user_id))


def _do(
    session: Session,
    now: datetime,
    statement: Statement,
    circulation: Circulation,
    signatory: Signatory,
    later: Later,
    door: Door,
) -> None:
    signed = Signed(
        stage=Stage(statement.stage),
        role=signatory.part,
        commitment=signatory.commitment,
        withdrawn=noting.withdrawn(session, statement.id, signatory.id),
        needed=signatory.needed,
    )
    if later.kind is LaterKind.WITHDRAW:
        check_withdrawal(signed)
        _add(session, now, statement, NoteKind.WITHDRAWAL, door, _words(later), signatory)
        _tell_all(session, now, statement, circulation, NoteKind.WITHDRAWAL)
    elif later.kind is LaterKind.SIGN_LATE:
        check_late(signed, circulation.ending, now)
        _sign_late(session, now, statement, circulation, signatory, later, door)
    elif later.kind is LaterKind.WITHHOLD:
        _withhold(session, now, statement, signatory, door)
    else:
        raise NotFound
    session.flush()
    concerned = [door.invitation] if door.invitation else looking.invitations_of(session, [signatory.id])
    told = circulation.opened_by_id if door.invitation else None
    outbox.put_later(session, now, statement, told, concerned, later.kind.value, signatory.id)


def _sign_late(
    session: Session,
    now: datetime,
    statement: Statement,
    circulation: Circulation,
    signatory: Signatory,
    later: Later,
    door: Door,
) -> None:
    """Signed after the publication: a note of its own under the registered name; the record stays as it is."""
    withheld = later.withheld and circulation.withheld_allowed
    value = _late_value(signatory, circulation)
    signatory.commitment = statement.commit(value) if withheld else statement.disclose(value)
    signatory.withheld = withheld
    _add(session, now, statement, NoteKind.LATE, door, _words(later), signatory)


def _late_value(signatory: Signatory, circulation: Circulation) -> dict[str, object]:
    """Its registered name, and those for the other languages of the text where they are others."""
    languages = circulation.revision.parsed.languages[1:]
    names = {one: signatory.naming(signatory.name).public_in(one) for one in languages}
    return disclosed_value(Entry(signatory.name), {language: Entry(name) for language, name in names.items()})


def _words(later: Later) -> Words:
    return Words(later.text, later.person_name, later.person_role)


def _withhold(session: Session, now: datetime, statement: Statement, signatory: Signatory, door: Door) -> None:
    """Erase what discloses the name of who signed, and words of notes that hold it. It is counted still."""
    stage = Stage(statement.stage)
    after(stage, Move.UNLOCK if stage is Stage.LOCKED else Move.NOTE)
    if signatory.commitment is None:
        raise NotFound
    if signatory.withheld:
        raise NothingChanged
    signatory.withheld = True
    shown = noting.commitments_of(session, statement.id, signatory.commitment)
    names = noting.names_of(session, signatory, shown)
    beside = [signatory.person_commitment] if signatory.person_commitment else []
    session.execute(delete(Disclosure).where(Disclosure.commitment.in_([*shown, *beside])))
    naming = noting.notes_naming(session, statement.id, names)
    if naming:
        session.execute(update(Note).where(Note.id.in_(naming)).values(text=""))
    facts: dict[str, object] = {"commitment": signatory.commitment, "by": door.word, "notes_erased": len(naming)}
    statement.record("name withheld", now, facts)


def fix_name(
    session: Session, now: datetime, user_id: int, public_id: str, signatory_id: int, name: str, reason: str
) -> None:
    """Mend the name under which a signatory is listed: the old one is disclosed no more, the new one beside it."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        after(Stage(statement.stage), Move.NOTE)
        circulation = looking.complete_circulation(session, statement.id)
        signatory = looking.signatory_of(session, circulation.id, signatory_id)
        if signatory.commitment is None or signatory.withheld:
            raise NotFound
        shown = noting.commitments_of(session, statement.id, signatory.commitment)
        if name in noting.names_of(session, signatory, shown, disclosed_only=True):
            raise NothingChanged
        if same_as([name], circulation.revision.parsed.addressed):
            raise FormRefused({"name": Message("listing.addressee-name")})
        beside = noting.listed_beside(session, shown)  # its heading and signs stay
        session.execute(delete(Disclosure).where(Disclosure.commitment.in_(shown)))
        door, new = Door(user_id=user_id), statement.disclose({**beside, "listed_name": name})
        _add(session, now, statement, NoteKind.NAME_FIX, door, Words(reason), signatory, replaced_by=new)
        session.flush()
        concerned = looking.invitations_of(session, [signatory.id])
        outbox.put_later(session, now, statement, None, concerned, NoteKind.NAME_FIX.value, signatory.id)


def note(session: Session, now: datetime, user_id: int, public_id: str, kind: NoteKind, text: str) -> None:
    """The lead corrects, or retracts: a dated note beside the unchanged original; everybody who was asked is told."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        check_note(Stage(statement.stage), kind, text)
        circulation = looking.complete_circulation(session, statement.id)
        if kind is NoteKind.RETRACTION:
            statement.move(Move.RETRACT)
        elif kind is not NoteKind.CORRECTION:
            raise WrongStage(stage=statement.stage, move=Move.NOTE.value)
        _add(session, now, statement, kind, Door(user_id=user_id), Words(text))
        session.flush()
        _tell_all(session, now, statement, circulation, kind)


def _add(
    session: Session,
    now: datetime,
    statement: Statement,
    kind: NoteKind,
    door: Door,
    words: Words,
    signatory: Signatory | None = None,
    *,
    replaced_by: str | None = None,
) -> None:
    """The note and its event; whatever names somebody stands beside the event, erasably."""
    facts: dict[str, object] = {"by": door.word, "said": statement.disclose({"text": words.text})}
    if signatory is not None:
        person = {"name": words.person_name, "role": words.person_role}
        facts |= {
            "commitment": signatory.commitment,
            "signatory": statement.disclose({"organisation": signatory.name}),
            "person": statement.disclose(person),
        }
    if replaced_by is not None:
        facts["replaced_by"] = replaced_by
    event = statement.record(EVENTS[kind], now, facts)
    session.add(
        Note(
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
    )


EVENTS = {
    NoteKind.WITHDRAWAL: "withdrawal noted",
    NoteKind.LATE: "signed late",
    NoteKind.NAME_FIX: "name mended",
    NoteKind.CORRECTION: "corrected",
    NoteKind.RETRACTION: "retracted",
}


def _tell_all(session: Session, now: datetime, statement: Statement, circulation: Circulation, kind: NoteKind) -> None:
    """A line to everybody who was asked; it says of what kind the note is, and names nobody."""
    invitations = writable_invitations(session, circulation.id)
    outbox.put_to(session, now, statement, invitations, outbox.Kind.NOTED, {"note": kind.value})
