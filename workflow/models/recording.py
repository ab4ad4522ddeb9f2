"""Recordings: what a member said by phone or mail, as the lead wrote it down, until the member has had its say."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db import Base
from workflow.models.circulation import Signatory
from workflow.models.drafting import Revision


class Recording(Base):
    """An answer on somebody's word. It becomes an answer (`answer_id`) once a contact confirmed it, or nobody
    contradicted it until `until`.

    `note` and `file` are the evidence; they are shown at the desk alone, and can be erased like what the person said.
    `outcome` is how it ended, `invitation_id` whose contact confirmed or contradicted it.
    """

    __tablename__ = "recordings"

    id: Mapped[int] = mapped_column(primary_key=True)
    signatory_id: Mapped[int] = mapped_column(ForeignKey("signatories.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text, default="")
    listed_name: Mapped[str] = mapped_column(String(300), default="")
    withheld: Mapped[bool] = mapped_column(default=False, server_default=false())
    person_name: Mapped[str] = mapped_column(String(300))
    person_role: Mapped[str] = mapped_column(String(300))
    how: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    file: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    recorded_at: Mapped[datetime]
    until: Mapped[datetime]
    event_hash: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str | None] = mapped_column(String(20))
    decided_at: Mapped[datetime | None]
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"))

    signatory: Mapped[Signatory] = relationship(lazy="raise")
    revision: Mapped[Revision] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("how IN ('phone', 'mail', 'talk')", name="how"),
        CheckConstraint("outcome IN ('confirmed', 'unopposed', 'contradicted', 'overtaken')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="ended_some_time"),
        CheckConstraint("answer_id IS NULL OR outcome IN ('confirmed', 'unopposed')", name="answer_that_counts"),
        Index("uq_recordings_answer_id", "answer_id", unique=True),
    )
