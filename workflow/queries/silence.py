"""Looking at a silence: whether somebody has objected, or proposed other words, by the deadline as it is now."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.models.circulation import Circulation, Signatory
from workflow.models.commenting import Comment
from workflow.models.recording import Recording
from workflow.models.signing import Answer
from workflow.queries.people import said_by_each, valid
from workflow.rules.circulation import Kind, Role
from workflow.rules.commenting import Kind as Remark


def objected(session: Session, circulation: Circulation) -> bool:
    """Whether what would have broken the silence came by this deadline: it may have been too late for the one before.

    What somebody has taken back since, or the lead has said to be void, breaks nothing.
    """
    until = circulation.deadline_at
    on_roll = select(Signatory.id).where(Signatory.circulation_id == circulation.id, Signatory.dropped_at.is_(None))
    in_time = (Answer.kind == Kind.OBJECTION) & (Answer.answered_at <= until)
    for answer in session.scalars(valid(in_time & Answer.signatory_id.in_(on_roll))):
        if any(one.id == answer.id for one in said_by_each(session, answer.signatory_id)):
            return True
    recorded = select(Recording.id).where(
        Recording.signatory_id.in_(on_roll),
        Recording.kind == Kind.OBJECTION,
        Recording.outcome.is_(None),
        Recording.recorded_at <= until,
    )
    asked = on_roll.where(Signatory.role != Role.OBSERVER)
    proposed = select(Comment.id).where(
        Comment.signatory_id.in_(asked), Comment.kind == Remark.SUGGESTION, Comment.made_at <= until
    )
    return any(session.scalar(one.limit(1)) is not None for one in (recorded, proposed))
