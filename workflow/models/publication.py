"""Publications: the frozen public record. Protected by triggers on both databases."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db import Base
from workflow.models.drafting import Revision, Statement


class Publication(Base):
    """The public record of one statement: canonical JSON and its SHA-256.

    `listing` names the commitments in the order in which the signatories are listed; the names themselves
    stand in disclosures, which can be erased. `manner` is JSON: the style of the list, and which commitments are of
    individuals.
    """

    __tablename__ = "publications"

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), unique=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    headline: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(20))
    record: Mapped[str] = mapped_column(Text)
    record_digest: Mapped[str] = mapped_column(String(64))
    listing: Mapped[str] = mapped_column(Text)
    manner: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")
    published_at: Mapped[datetime] = mapped_column(index=True)

    statement: Mapped[Statement] = relationship(lazy="raise")
    revision: Mapped[Revision] = relationship(lazy="raise")
