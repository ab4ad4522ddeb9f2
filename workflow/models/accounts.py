"""Users of the lead's desk, their sessions, and the counts that slow guessing down."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db import Base
from workflow.models.coalition import Organisation

RESET_LIFE = timedelta(hours=2)


class User(Base):
    """A person who signs in to the desk of one organisation. `generation` ends reset links and sessions."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    mail: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(20), default="en")
    time_zone: Mapped[str] = mapped_column(String(60), default="UTC")
    generation: Mapped[int] = mapped_column(default=1)
    reset_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")

    def offer_reset(self, now: datetime) -> None:
        """Let mailed links to choose a password open for a while."""
        self.reset_until = now + RESET_LIFE

    def set_password(self, kept: str | None) -> None:
        """Keep the hash of a new password; links mailed so far are used up."""
        self.password_hash = kept
        self.generation += 1
        self.reset_until = None


class DeskSession(Base):
    """One signed-in browser. The row holds a hash of what the cookie carries, so that a backup opens nothing."""

    __tablename__ = "desk_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise")


class Tries(Base):
    """How often something was tried in a window of time, by a keyed hash of who tried what."""

    __tablename__ = "tries"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    until: Mapped[datetime]
