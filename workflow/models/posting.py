"""Letters as the lead sees them, and the jobs that are due."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base

ONE_END = (
    "(CASE WHEN sent_at IS NULL THEN 0 ELSE 1 END + CASE WHEN failed_at IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN dropped_at IS NULL THEN 0 ELSE 1 END) <= 1"
)
ADDRESSEES = ("contact_id", "user_id", "application_id", "preview_id", "journalist_id")
ONE_ADDRESSEE = f"({' + '.join(f'CASE WHEN {one} IS NULL THEN 0 ELSE 1 END' for one in ADDRESSEES)}) = 1"


class Letter(Base):
    """A mail by its kind and ids; words and links are made when it is sent, and no token rests here.

    A letter is sent, or fails for good, or is dropped because it is of no use any more; `last_error` says why.
    """

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statements.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id"), index=True)
    preview_id: Mapped[int | None] = mapped_column(ForeignKey("previews.id"), index=True)
    journalist_id: Mapped[int | None] = mapped_column(ForeignKey("journalists.id"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"), index=True)
    subject_id: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint(ONE_ADDRESSEE, name="one_addressee"),
        CheckConstraint(ONE_END, name="one_end"),
    )


class Job(Base):
    """Something that is due: its kind, what it is about, when; and who works on it until when.

    A row is deleted when its work is done. `urgency` lets a code letter jump the queue (smaller is sooner).
    """

    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    run_at: Mapped[datetime]
    urgency: Mapped[int] = mapped_column(default=5)
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_jobs_due", "urgency", "run_at"),
        CheckConstraint("(owner IS NULL) = (lease_until IS NULL)", name="leased_by_somebody"),
    )
