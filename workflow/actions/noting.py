"""Noting: what comes after a publication stands beside it, with its date. Each public function is one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from workflow.actions.beside import Door, Words, add, refuse_others, refuse_withheld, tell_all
from workflow.actions.publishing import tell_press
from workflow.db import transaction
from workflow.links import Links
from workflow.mail import outbox
from workflow.mail.drawing import have_drawn
from workflow.models.circulation import Circulation, Signatory
from workflow.models.drafting import Statement
from workflow.models.history import Disclosure
from workflow.models.notes import Note
from workflow.models.signing import CodeChallenge, LateVoice
from workflow.queries import completion as looking
from workflow.queries import noting, publication
from workflow.queries.circulation import statement_of_invitation
from workflow.queries.drafting import take_statement, take_statement_by_id
from workflow.queries.signing import invitation_for_answer
from workflow.queries.voices import late_already, late_voices
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.listing import Entry, disclosed_value, mended_value
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

SIGNED_BY_ONE = "sign-late-one"  # told where the others have not signed yet


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
    )
    act = later.kind.value
    if later.kind is LaterKind.WITHDRAW:
        check_withdrawal(signed)
        _refuse_naming(session, circulation, signatory, later, door)
        add(session, now, statement, NoteKind.WITHDRAWAL, door, _words(later), signatory)
        tell_all(session, now, statement, circulation, NoteKind.WITHDRAWAL)
    elif later.kind is LaterKind.SIGN_LATE:
        check_late(signed, circulation.ending, now)
        act = _sign_late(session, now, statement, circulation, signatory, later, door)
        if not act:
            return
    elif later.kind is LaterKind.WITHHOLD:
        _withhold(session, now, statement, signatory, door)
    else:
        raise NotFound
    session.flush()
    alone = door.invitation if later.kind is not LaterKind.SIGN_LATE or signatory.needed == 1 else None
    concerned = [alone] if alone else looking.invitations_of(session, [signatory.id])
    told = circulation.opened_by_id if door.invitation else None
    outbox.put_later(session, now, statement, told, concerned, act, signatory.id)


def _sign_late(
    session: Session,
    now: datetime,
    statement: Statement,
    circulation: Circulation,
    signatory: Signatory,
    later: Later,
    door: Door,
) -> str:
    """A note of its own once enough have signed. Gives what was done, in a word; nothing where it was said before."""
    withheld = later.withheld and circulation.withheld_allowed
    _refuse_naming(session, circulation, signatory, later, door, withheld)
    if signatory.needed > 1 and door.invitation is not None:
        before = late_already(session, signatory.id, door.invitation.id)
        if before is not None and before.withheld == withheld:
            return ""
        session.add(LateVoice.of(statement, signatory, door.invitation, replace(later, withheld=withheld), now))
        session.flush()
        said = late_voices(session, signatory)
        if said is not None and said.same < said.needed:
            return SIGNED_BY_ONE
    value = _late_value(signatory, circulation)
    signatory.commitment = statement.commit(value) if withheld else statement.disclose(value)
    signatory.withheld = withheld
    add(session, now, statement, NoteKind.LATE, door, _words(later), signatory)
    tell_all(session, now, statement, circulation, NoteKind.LATE, signatory.id)
    return later.kind.value


def _late_value(signatory: Signatory, circulation: Circulation) -> dict[str, object]:
    """Its registered name, and those for the other languages of the text where they are others."""
    languages = circulation.revision.parsed.languages[1:]
    names = {one: signatory.naming(signatory.name).public_in(one) for one in languages}
    return disclosed_value(Entry(signatory.name), {language: Entry(name) for language, name in names.items()})


def _words(later: Later) -> Words:
    return Words(later.text, later.person_name, later.person_role)


def _refuse_naming(
    session: Session, circulation: Circulation, signatory: Signatory, later: Later, door: Door, withheld: bool = False
) -> None:
    """The public words of a note: from a link they name nobody else of the roll, from the desk nobody who is withheld.
    Raises FormRefused."""
    if door.invitation is not None:
        refuse_others(session, signatory, later.text, withheld=withheld or signatory.withheld)
    else:
        refuse_withheld(session, circulation, {"text": later.text})


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
    naming = noting.notes_naming(session, statement.id, signatory.id, names)
    if naming:
        session.execute(update(Note).where(Note.id.in_(naming)).values(text=""))
    facts: dict[str, object] = {"commitment": signatory.commitment, "by": door.word, "notes_erased": len(naming)}
    statement.record("name withheld", now, facts)
    if stage is not Stage.LOCKED:
        have_drawn(session, statement, now)


def fix_name(
    session: Session,
    now: datetime,
    user_id: int,
    public_id: str,
    signatory_id: int,
    name: str,
    reason: str,
    *,
    names: Mapping[str, str] | None = None,
) -> None:
    """Mend the name under which a signatory is listed: the old one is disclosed no more, the new one beside it.

    `names` are those for translations that were signed, by language; where one is empty, the name itself stands there,
    and without any those that are disclosed stay.
    """
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        after(Stage(statement.stage), Move.NOTE)
        circulation = looking.complete_circulation(session, statement.id)
        signatory = looking.signatory_of(session, circulation.id, signatory_id)
        if signatory.commitment is None or signatory.withheld:
            raise NotFound
        shown = noting.commitments_of(session, statement.id, signatory.commitment)
        content, before = circulation.revision.parsed, noting.listed_value(session, shown)
        value = mended_value(before, name, names, content.languages[1:])
        if value == before:
            raise NothingChanged
        mended = {"name": name, **{f"name-in-{one}": said for one, said in (names or {}).items()}}
        # A part of its own name may be another's: what it is called already is not what is refused.
        refuse_withheld(session, circulation, mended, noting.names_of(session, signatory, shown))
        refuse_withheld(session, circulation, {"text": reason})
        if same_as([name, *(names or {}).values()], content.addressed):
            raise FormRefused({"name": Message("listing.addressee-name")})
        _refuse_anothers(session, statement, signatory, [name, *(names or {}).values()])
        session.execute(delete(Disclosure).where(Disclosure.commitment.in_(shown)))
        door, new = Door(user_id=user_id), statement.disclose(value)
        kind, was = NoteKind.NAME_FIX, str(before.get("listed_name", ""))
        noted = add(session, now, statement, kind, door, Words(reason), signatory, replaced_by=new)
        concerned = looking.invitations_of(session, [signatory.id])
        outbox.put_later(session, now, statement, None, concerned, kind.value, signatory.id, was=was)
        tell_all(session, now, statement, circulation, kind, signatory.id, noted)


def _refuse_anothers(session: Session, statement: Statement, signatory: Signatory, names: Iterable[str]) -> None:
    """No two signatories are listed under one name by a mistake in mending it. Raises FormRefused."""
    found = publication.by_statement(session, statement.id)
    if found is None:
        return
    others = [one for one in (*found.standing.listed, *found.standing.late) if one != signatory.commitment]
    editions = [found.in_language(language) for language in found.languages]
    taken = {shown.name_of(one).casefold() for shown in editions for one in others}
    if any(name and name.casefold() in taken for name in names):
        raise FormRefused({"name": Message("note.anothers-name")})


def note(
    session: Session, now: datetime, user_id: int, public_id: str, kind: NoteKind, text: str, *, press: bool = False
) -> None:
    """The lead corrects, or retracts: a dated note beside the unchanged original; everybody who was asked is told.

    With `press` the journalists who were chosen for the release are told too. Raises NothingChanged where it is what
    was said last: a second press publishes nothing.
    """
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        if text and noting.said_last(session, statement.id) == (kind.value, text):
            raise NothingChanged
        check_note(Stage(statement.stage), kind, text)
        circulation = looking.complete_circulation(session, statement.id)
        if kind is NoteKind.RETRACTION:
            statement.move(Move.RETRACT)
        elif kind is not NoteKind.CORRECTION:
            raise WrongStage(stage=statement.stage, move=Move.NOTE.value)
        refuse_withheld(session, circulation, {"text": text})
        noted = add(session, now, statement, kind, Door(user_id=user_id), Words(text))
        tell_all(session, now, statement, circulation, kind, note=noted)
        if press:
            tell_press(session, statement, outbox.Kind.RELEASE_NOTED, now, {"note": kind.value})
