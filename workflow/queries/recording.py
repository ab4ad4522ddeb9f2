"""Looking at recorded answers: for the contact who is asked about one, for the lead, for the worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, undefer

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.drafting import Revision
from workflow.models.recording import Recording
from workflow.queries.contesting import mail_mark
from workflow.queries.signing import invitation_for_page
from workflow.rules.circulation import Kind
from workflow.rules.recording import DecidedAlready
from workflow.rules.refusals import LinkClosed, LinkTampered, NotFound


def signatory_to_record(session: Session, circulation_id: int, signatory_id: int) -> Signatory:
    """A place on an open roll, with the circulation and the text in force. Raises NotFound."""
    found = session.scalar(
        select(Signatory)
        .where(
            Signatory.id == signatory_id,
            Signatory.circulation_id == circulation_id,
            Signatory.dropped_at.is_(None),
        )
        .options(joinedload(Signatory.circulation).joinedload(Circulation.revision))
    )
    if found is None:
        raise NotFound
    return found


def recording_by_id(session: Session, recording_id: int | None) -> Recording:
    """A recording with its signatory, circulation and the text it is about. Raises NotFound."""
    found = session.scalar(
        select(Recording)
        .where(Recording.id == recording_id)
        .options(
            joinedload(Recording.revision),
            joinedload(Recording.signatory).joinedload(Signatory.circulation).joinedload(Circulation.revision),
        )
    )
    if found is None:
        raise NotFound
    return found


def sign_offs_waiting(session: Session, circulation_id: int) -> Sequence[Recording]:
    """The recorded sign-offs of a roll that do not count yet, oldest first."""
    return session.scalars(
        select(Recording)
        .join(Recording.signatory)
        .where(
            Signatory.circulation_id == circulation_id,
            Recording.kind == Kind.SIGN_OFF,
            Recording.outcome.is_(None),
        )
        .options(contains_eager(Recording.signatory))
        .order_by(Recording.id)
    ).all()


def recorded_for(session: Session, invitation_id: int, recording_id: int, mark: str) -> tuple[Invitation, Recording]:
    """What was recorded, for the contact who was told of it. Raises LinkTampered for anybody else."""
    invitation = invitation_for_page(session, invitation_id)
    contact = invitation.contact
    if contact.removed or invitation.waits_for_lead or mail_mark(contact.mail) != mark:
        raise LinkTampered
    found = recording_by_id(session, recording_id)
    if found.signatory_id != invitation.signatory_id:
        raise LinkTampered
    return invitation, found


def check_undecided(made: Recording) -> None:
    """Refuse a word to what has been decided, or is asked no more. Raises DecidedAlready, LinkClosed."""
    signatory = made.signatory
    if made.outcome is not None:
        raise DecidedAlready
    if signatory.circulation.outcome is not None or signatory.dropped_at is not None:
        raise LinkClosed(outcome=signatory.circulation.outcome or "recalled")


def evidence_of(session: Session, statement_id: int, recording_id: int) -> Recording:
    """A recording of this statement with its file. Raises NotFound."""
    found = session.scalar(
        select(Recording)
        .join(Signatory, Signatory.id == Recording.signatory_id)
        .join(Circulation, Circulation.id == Signatory.circulation_id)
        .where(Recording.id == recording_id, Circulation.statement_id == statement_id)
        .options(undefer(Recording.file))
    )
    if found is None or not found.file:
        raise NotFound
    return found


@dataclass(frozen=True)
class RecordingLine:
    """A recording as the roll shows it: what was said, by whom, how it is known, what became of it."""

    recording_id: int
    kind: str
    revision: int
    person_name: str
    person_role: str
    how: str
    note: str
    file_name: str
    recorded_at: datetime
    until: datetime
    outcome: str | None


def recordings_on(session: Session, circulation_id: int) -> dict[int, list[RecordingLine]]:
    """The recordings of a circulation, by signatory, oldest first."""
    rows = session.execute(
        select(Recording, Revision.number)
        .join(Signatory, Signatory.id == Recording.signatory_id)
        .join(Revision, Revision.id == Recording.revision_id)
        .where(Signatory.circulation_id == circulation_id)
        .order_by(Recording.id)
    )
    found: dict[int, list[RecordingLine]] = {}
    for one, number in rows:
        line = RecordingLine(
            one.id,
            one.kind,
            number,
            one.person_name,
            one.person_role,
            one.how,
            one.note,
            one.file_name,
            one.recorded_at,
            one.until,
            one.outcome,
        )
        found.setdefault(one.signatory_id, []).append(line)
    return found


def statement_of(session: Session, recording_id: int) -> int:
    """The id of the statement that a recording belongs to (it never changes). Raises NotFound."""
    found = session.scalar(
        select(Circulation.statement_id)
        .join(Signatory, Signatory.circulation_id == Circulation.id)
        .join(Recording, Recording.signatory_id == Signatory.id)
        .where(Recording.id == recording_id)
    )
    if found is None:
        raise NotFound
    return found
