"""Translations that came after a publication. Protected by triggers on both databases."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base


class Translation(Base):
    """One edition that was added after the publication: approved by the lead organisation, signed by nobody.

    `content` is canonical JSON of a text with this one edition, `digest` its SHA-256 in hex; the record is never
    touched. `approved_by` is the lead's name then; a lead that signed is shown as it is listed, or not.
    """

    __tablename__ = "translations"

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    language: Mapped[str] = mapped_column(String(20))
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    approved_by: Mapped[str] = mapped_column(String(300))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime]
    event_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("statement_id", "language"),)
