"""Looking at who can stand in: alternates without a link, and where a contact is asked."""

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, joinedload

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.rules.circulation import Role


def alternates_on(session: Session, circulation_id: int) -> list[tuple[int, Contact]]:
    """The alternates without a link of all on a roll that have said nothing, and for which nothing is recorded.

    Each with the id of its signatory, by one query.
    """
    return _alternates(
        session,
        Signatory.circulation_id == circulation_id,
        Signatory.dropped_at.is_(None),
        Signatory.answer_id.is_(None),
        Signatory.recorded_kind.is_(None),
        Signatory.role != Role.OBSERVER,
    )


def alternates_of(session: Session, signatory_id: int) -> list[tuple[int, Contact]]:
    """The alternates of one signatory who have no link yet, each with its id."""
    return _alternates(session, Signatory.id == signatory_id)


def _alternates(session: Session, *of: ColumnElement[bool]) -> list[tuple[int, Contact]]:
    asked = exists().where(Invitation.signatory_id == Signatory.id, Invitation.contact_id == Contact.id)
    rows = session.execute(
        select(Signatory.id, Contact)
        .join(Contact, Contact.organisation_id == Signatory.organisation_id)
        .where(*of, Contact.alternate.is_(True), Contact.removed.is_(False), ~asked)
        .order_by(Signatory.id, Contact.id)
    )
    return [(signatory_id, contact) for signatory_id, contact in rows]


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
