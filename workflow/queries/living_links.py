"""Looking at the links of a contact that still say something, in whatever circulations they are."""

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.rules.circulation import Outcome


def statements_asking(session: Session, contact_id: int) -> list[int]:
    """The statements about which a contact holds a link that still says something, lowest first."""
    chosen = _living(contact_id).with_only_columns(Circulation.statement_id).distinct()
    return list(session.scalars(chosen.order_by(Circulation.statement_id)))


def living_invitations(session: Session, statement_id: int, contact_id: int) -> list[Invitation]:
    """A contact's invitations to the circulations of a statement that are open or complete, which nobody revoked."""
    chosen = _living(contact_id).where(Circulation.statement_id == statement_id)
    with_circulation = joinedload(Invitation.signatory).joinedload(Signatory.circulation)
    return list(session.scalars(chosen.options(with_circulation).execution_options(populate_existing=True)))


def _living(contact_id: int) -> Select[Invitation]:
    return (
        select(Invitation)
        .join(Signatory, Signatory.id == Invitation.signatory_id)
        .join(Circulation, Circulation.id == Signatory.circulation_id)
        .where(
            Invitation.contact_id == contact_id,
            Invitation.revoked_at.is_(None),
            # By a link into one that was completed there is still something to be said.
            or_(Circulation.ended_at.is_(None), Circulation.outcome == Outcome.COMPLETE),
        )
    )
