"""Looking at users and their sessions."""

import hashlib
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from workflow.models.accounts import DeskSession, User
from workflow.rules.refusals import NotFound


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
    """Whether the installation has ever had a user."""
    return bool(session.scalar(select(func.count()).select_from(User)))


def user_by_mail(session: Session, mail: str) -> User | None:
    """The user who signs in with `mail` (in small letters), also one who was removed; None where there is none."""
    return session.scalar(select(User).where(User.mail == mail))


def user_or_another(session: Session, mail: str) -> User | None:
    """The living user who signs in with `mail`, else any user: who asks must do the same work for both."""
    chosen = select(User).order_by(User.mail != mail, User.removed_at.is_not(None), User.id).limit(1)
    return session.scalar(chosen.with_for_update())


def take_user(session: Session, user_id: int) -> User:
    """Lock and return a user who has not been removed. Raises NotFound."""
    user = session.scalar(select(User).where(User.id == user_id, User.removed_at.is_(None)).with_for_update())
    if user is None:
        raise NotFound
    return user


def reset_is_open(session: Session, user_id: int, generation: int, now: datetime) -> bool:
    """Whether a link to choose a password, made for this user in this generation, can still be used."""
    found = session.scalar(
        select(User.id).where(
            User.id == user_id,
            User.generation == generation,
            User.reset_until > now,
            User.removed_at.is_(None),
        )
    )
    return found is not None


def living_sessions(session: Session, user_id: int | None = None, *, key: str | None = None) -> list[DeskSession]:
    """The desk sessions that have not been ended: of a user, or the one with this key."""
    chosen = DeskSession.user_id == user_id if key is None else DeskSession.key_hash == key_hash(key)
    return list(session.scalars(select(DeskSession).where(chosen, DeskSession.ended_at.is_(None))))
