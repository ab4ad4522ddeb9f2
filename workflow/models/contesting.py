"""Contests: a registered contact says that an answer of the organisation was not theirs, and the lead resolves it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db import Base
from workflow.models.circulation import Invitation, Signatory
from workflow.models.signing import Answer


class Contest(Base):
    """ "This was not us", said of one answer by the contact of an invitation. Who contested what never changes.

    `resolution` is `stands` or `void` once the lead has said so, with its `reason`, which can be erased.
    """

    __tablename__ = "contests"

    id: Mapped[int] = mapped_column(primary_key=True)
    signatory_id: Mapped[int] = mapped_column(ForeignKey("signatories.id"), index=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"), index=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"))
    contested_at: Mapped[datetime]
    event_hash: Mapped[str] = mapped_column(String(64))
    resolution: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    signatory: Mapped[Signatory] = relationship(lazy="raise")
    answer: Mapped[Answer] = relationship(lazy="raise")
    invitation: Mapped[Invitation] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("resolution IN ('stands', 'void')", name="resolution"),
        CheckConstraint(
            "(resolution IS NULL) = (resolved_at IS NULL) AND (resolution IS NULL) = (resolved_by_id IS NULL)",
            name="resolved_by_somebody",
        ),
    )
