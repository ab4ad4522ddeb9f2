"""Looking at the letters of a roll: how the newest one behind each link fared, and which ones failed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.models.accounts import User
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.models.posting import Letter
from workflow.models.press import Journalist
from workflow.models.previewing import Preview
from workflow.queries.desk import WITH_LINK


@dataclass(frozen=True)
class LetterLine:
    """A letter and how it fared; `fate` is waiting, sent, failed or dropped (of no use any more), `trouble` why."""

    letter_id: int
    kind: str
    to_name: str
    to_mail: str
    invitation_id: int | None
    created_at: datetime
    sent_at: datetime | None
    failed_at: datetime | None
    dropped_at: datetime | None
    trouble: str

    @property
    def fate(self) -> str:
        if self.dropped_at:
            return "dropped"
        return "failed" if self.failed_at else "sent" if self.sent_at else "waiting"


def _letter_lines(session: Session, *conditions: object) -> list[LetterLine]:
    rows = session.execute(
        select(
            Letter.id,
            Letter.kind,
            func.coalesce(Contact.name, User.name, Preview.name, Journalist.name, ""),
            func.coalesce(Contact.mail, User.mail, Preview.mail, Journalist.mail, ""),
            Letter.invitation_id,
            Letter.created_at,
            Letter.sent_at,
            Letter.failed_at,
            Letter.dropped_at,
            Letter.last_error,
        )
        .outerjoin(Contact, Contact.id == Letter.contact_id)
        .outerjoin(User, User.id == Letter.user_id)
        .outerjoin(Preview, Preview.id == Letter.preview_id)
        .outerjoin(Journalist, Journalist.id == Letter.journalist_id)
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(Letter.id)
    )
    return [LetterLine(id_, kind, name, mail, *rest) for id_, kind, name, mail, *rest in rows]


def link_letters(session: Session, circulation_id: int) -> dict[int, LetterLine]:
    """The newest letter with a link, by invitation."""
    asked = (
        select(Invitation.id)
        .join(Signatory, Signatory.id == Invitation.signatory_id)
        .where(Signatory.circulation_id == circulation_id)
    )
    lines = _letter_lines(session, Letter.invitation_id.in_(asked), Letter.kind.in_(WITH_LINK))
    return {line.invitation_id: line for line in lines if line.invitation_id is not None}


def failed_letters(session: Session, circulation: Circulation, newest: dict[int, LetterLine]) -> list[LetterLine]:
    """Letters that failed since it was opened, without those that a later letter with a link has made up for."""
    failed = _letter_lines(
        session,
        Letter.statement_id == circulation.statement_id,
        Letter.created_at >= circulation.opened_at,
        Letter.failed_at.is_not(None),
    )
    return [
        line
        for line in failed
        if line.kind not in WITH_LINK
        or line.invitation_id is None
        or newest.get(line.invitation_id, line).letter_id == line.letter_id
    ]
