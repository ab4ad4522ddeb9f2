"""Files of a publication that take too long to be made while somebody waits: replaced at every change, erasable."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base
from workflow.rules.publication import FileKind

KINDS = ", ".join(f"'{kind.value}'" for kind in FileKind)


class PublicFile(Base):
    """One file, of one language. `drawn_from` is the digest of the state that it shows, `drawn_with` says by what.

    Without `content` it could not be made. Whatever changes the state deletes it in the same transaction: a name that
    was taken back stands in no row.
    """

    __tablename__ = "public_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    language: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(10))
    drawn_from: Mapped[str] = mapped_column(String(64))
    drawn_with: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]
    size: Mapped[int | None]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    __table_args__ = (
        UniqueConstraint("statement_id", "language", "kind"),
        CheckConstraint(f"kind IN ({KINDS})", name="kind"),
        CheckConstraint("(size IS NULL) = (content IS NULL)", name="size_of_content"),
    )
