"""Looking at who can stand in: alternates without a link, and where a contact is asked."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.rules.circulation import Role


def unanswered_on(session: Session, circulation_id: int) -> Sequence[Signatory]:
    """The places on a roll that have said nothing, and for which nothing is recorded."""
    return session.scalars(
        select(Signatory)
        .where(
            Signatory.circulation_id == circulation_id,
            Signatory.dropped_at.is_(None),
            Signatory.answer_id.is_(None),
            Signatory.recorded_kind.is_(None),
            Signatory.role != Role.OBSERVER,
        )
        .options(joinedload(Signatory.circulation))
        .order_by(Signatory.id)
    ).all()


def open_places_of(session: Session, organisation_id: int) -> list[tuple[int, int]]:
    """Where an organisation is asked and has said nothing: (statement, signatory), the lowest statement first."""
    rows = session.execute(
        select(Circulation.statement_id, Signatory.id)
        .join(Circulation, Circulation.id == Signatory.circulation_id)
        .where(
            Signatory.organisation_id == organisation_id,
            Signatory.dropped_at.is_(None),
            Signatory.answer_id.is_(None),
            Circulation.ended_at.is_(None),
        )
        .order_by(Circulation.statement_id)
    )
    return [(statement_id, signatory_id) for statement_id, signatory_id in rows]


def place(session: Session, signatory_id: int) -> Signatory | None:
    """A signatory that is still asked and has said nothing, read afresh once the statement row is held."""
    found = session.scalar(
        select(Signatory)
        .where(Signatory.id == signatory_id, Signatory.dropped_at.is_(None), Signatory.answer_id.is_(None))
        .options(joinedload(Signatory.circulation))
        .execution_options(populate_existing=True)
    )
    return found if found is not None and found.circulation.outcome is None else None


def alternates_to_ask(session: Session, signatory: Signatory) -> Sequence[Contact]:
    """The alternates of a signatory who have no link yet."""
    asked = select(Invitation.contact_id).where(Invitation.signatory_id == signatory.id)
    return session.scalars(
        select(Contact)
        .where(
            Contact.organisation_id == signatory.organisation_id,
            Contact.alternate.is_(True),
            Contact.removed.is_(False),
            Contact.id.not_in(asked),
        )
        .order_by(Contact.id)
    ).all()
