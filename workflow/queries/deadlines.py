"""Looking at deadlines: how often one was moved."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.models.history import Event


def times_moved(session: Session, statement_id: int) -> int:
    """How often the deadlines of a statement were moved so far."""
    moved = select(func.count()).where(Event.statement_id == statement_id, Event.kind == "deadline moved")
    return session.scalar(moved) or 0
