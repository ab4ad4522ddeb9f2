"""Notes: what came after a publication, each with its date. Protected by triggers on both databases."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base
from workflow.rules.noting import NoteKind

# A translation added later has a table of its own.
KINDS = ", ".join(f"'{kind.value}'" for kind in NoteKind if kind is not NoteKind.TRANSLATION)


class Note(Base):
    """One dated note beside a published statement; the record is never touched.

    `commitment` says of which signatory it is, by what stands in the record or in its late sign-off; `replaced_by` is
    the commitment to its mended name. `text` and the person can be erased, never changed.
    """

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text, default="")
    signatory_id: Mapped[int | None] = mapped_column(ForeignKey("signatories.id"))
    commitment: Mapped[str | None] = mapped_column(String(64))
    replaced_by: Mapped[str | None] = mapped_column(String(64))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    person_name: Mapped[str] = mapped_column(String(300), default="")
    person_role: Mapped[str] = mapped_column(String(300), default="")
    noted_at: Mapped[datetime]
    event_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint(f"kind IN ({KINDS})", name="kind"),
        CheckConstraint("(invitation_id IS NULL) <> (user_id IS NULL)", name="one_door"),
        CheckConstraint("(signatory_id IS NULL) = (commitment IS NULL)", name="of_one_in_the_record"),
        CheckConstraint("(kind = 'name-fix') = (replaced_by IS NOT NULL)", name="fixed_name_is_committed"),
    )
