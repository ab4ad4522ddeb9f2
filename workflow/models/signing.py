"""Answers, and the codes that go with deciding ones."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db import Base
from workflow.models.circulation import Invitation, Signatory
from workflow.models.drafting import Revision


class Answer(Base):
    """What a signatory said to a revision. Append-only by triggers; only the person's words can be erased.

    `event_hash` is the chain head that its receipt carries. `user_id` is set where it was given at the desk.
    """

    __tablename__ = "answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    signatory_id: Mapped[int] = mapped_column(ForeignKey("signatories.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text, default="")
    listed_name: Mapped[str] = mapped_column(String(300), default="")
    person_name: Mapped[str] = mapped_column(String(300))
    person_role: Mapped[str] = mapped_column(String(300))
    answered_at: Mapped[datetime]
    event_hash: Mapped[str] = mapped_column(String(64))

    signatory: Mapped[Signatory] = relationship(lazy="raise")
    revision: Mapped[Revision] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("kind IN ('sign-off', 'objection', 'decline', 'abstain', 'taken-back')", name="kind"),
        CheckConstraint("kind NOT IN ('objection', 'decline') OR text <> ''", name="objection_with_text"),
        CheckConstraint("(invitation_id IS NULL) <> (user_id IS NULL)", name="one_door"),
    )


class CodeChallenge(Base):
    """One asking for six digits. The code is derived from this row and the keys; it is stored nowhere."""

    __tablename__ = "code_challenges"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"), index=True)
    generation: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    answer_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]

    invitation: Mapped[Invitation] = relationship(lazy="raise")
