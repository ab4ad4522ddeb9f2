"""What organisations said of the quotes that are theirs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db import Base
from workflow.models.circulation import Signatory
from workflow.models.drafting import Revision


class QuoteAnswer(Base):
    """One word of an organisation on one quote of its own, bound to the digest of the quote. Append-only by triggers.

    `wording` is what it would rather have said, where it asks for other words.
    """

    __tablename__ = "quote_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    signatory_id: Mapped[int] = mapped_column(ForeignKey("signatories.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    quote_digest: Mapped[str] = mapped_column(String(64))
    decision: Mapped[str] = mapped_column(String(20))
    wording: Mapped[str] = mapped_column(Text, default="")
    person_name: Mapped[str] = mapped_column(String(300))
    person_role: Mapped[str] = mapped_column(String(300))
    decided_at: Mapped[datetime]
    event_hash: Mapped[str] = mapped_column(String(64))

    signatory: Mapped[Signatory] = relationship(lazy="raise")
    revision: Mapped[Revision] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("decision IN ('approved', 'reworded', 'refused')", name="decision"),
        CheckConstraint("decision <> 'reworded' OR wording <> ''", name="reworded_with_wording"),
        CheckConstraint("(invitation_id IS NULL) <> (user_id IS NULL)", name="one_door"),
    )
