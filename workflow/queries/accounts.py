"""Looking at users and their sessions."""

import hashlib
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from workflow.models.accounts import DeskSession, User


def key_hash(key: str) -> str:
    """What a session row keeps of the key in the cookie: its SHA-256 in hex."""
    return hashlib.sha256(key.encode()).hexdigest()


def user_of_session(session: Session, key: str, now: datetime) -> User | None:
    """The user of a living desk session, with the organisation; None where it ended or never was."""
    return session.scalar(
        select(User)
        .join(DeskSession, DeskSession.user_id == User.id)
        .join(User.organisation)
        .where(
            DeskSession.key_hash == key_hash(key),
            DeskSession.ended_at.is_(None),
            DeskSession.ends_at > now,
            User.removed_at.is_(None),
        )
        .options(contains_eager(User.organisation))
    )


def any_user(session: Session) -> bool:
    """Whether the installation has a user yet."""
    return bool(session.scalar(select(func.count()).select_from(User)))
