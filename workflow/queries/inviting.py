"""Looking at what was mailed for an invitation."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.models.posting import Letter


def letters_since(session: Session, invitation_id: int, kind: str, since: datetime) -> int:
    """How many letters of a kind were put for an invitation after an instant."""
    counted = select(func.count()).where(
        Letter.invitation_id == invitation_id, Letter.kind == kind, Letter.created_at > since
    )
    return session.scalar(counted) or 0
