"""Looking at comments."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from workflow.models.circulation import Signatory
from workflow.models.commenting import Comment


def comments_of_invitation(session: Session, invitation_id: int) -> tuple[int, Comment | None]:
    """How many comments came by an invitation, and the newest of them."""
    made = session.scalar(select(func.count()).where(Comment.invitation_id == invitation_id)) or 0
    newest = session.scalar(
        select(Comment).where(Comment.invitation_id == invitation_id).order_by(Comment.id.desc()).limit(1)
    )
    return made, newest


def comments_of_signatory(session: Session, signatory_id: int) -> list[Comment]:
    """The comments of one organisation, oldest first, each with its revision."""
    return list(
        session.scalars(
            select(Comment)
            .where(Comment.signatory_id == signatory_id)
            .options(joinedload(Comment.revision))
            .order_by(Comment.id)
        )
    )


def comments_of_circulation(session: Session, circulation_id: int) -> list[Comment]:
    """All comments in a circulation, oldest first, each with signatory and revision."""
    return list(
        session.scalars(
            select(Comment)
            .join(Signatory, Signatory.id == Comment.signatory_id)
            .where(Signatory.circulation_id == circulation_id)
            .options(joinedload(Comment.signatory), joinedload(Comment.revision))
            .order_by(Comment.id)
        )
    )
