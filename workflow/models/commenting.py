"""Remarks: comments, suggestions and objections on a text or a passage of it, the replies, and what became of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db import Base
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.drafting import Revision
from workflow.models.signing import Answer

SAID = ("kind", "thread_id", "passage", "proposed", "text", "person_name")


class Comment(Base):
    """A remark on one revision; `passage` says where (none: the whole text), `thread_id` to what it replies.

    A suggestion has the wording `proposed` for its passage. An objection is the answer `answer_id`, which stands
    here too so that it can be replied to. The lead's own replies have a user and no signatory. `disposition` and
    `reason` are what the lead made of it; `taken_into_id` is the revision that took the wording up.
    """

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    circulation_id: Mapped[int] = mapped_column(ForeignKey("circulations.id"), index=True)
    signatory_id: Mapped[int | None] = mapped_column(ForeignKey("signatories.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), default="comment")
    passage: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    proposed: Mapped[str] = mapped_column(Text, default="")
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"))
    person_name: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    disposition: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    disposed_at: Mapped[datetime | None]
    disposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    taken_into_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))

    circulation: Mapped[Circulation] = relationship(lazy="raise")
    signatory: Mapped[Signatory | None] = relationship(lazy="raise")
    revision: Mapped[Revision] = relationship(lazy="raise", foreign_keys=revision_id)
    taken_into: Mapped[Revision | None] = relationship(lazy="raise", foreign_keys=taken_into_id)
    invitation: Mapped[Invitation | None] = relationship(lazy="raise")
    answer: Mapped[Answer | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("(invitation_id IS NULL) <> (user_id IS NULL)", name="one_door"),
        CheckConstraint("kind IN ('comment', 'suggestion', 'objection', 'reply')", name="kind"),
        CheckConstraint("(kind = 'reply') = (thread_id IS NOT NULL)", name="reply_in_thread"),
        CheckConstraint("(kind = 'objection') = (answer_id IS NOT NULL)", name="objection_is_answer"),
        CheckConstraint("disposition IN ('accepted', 'partly', 'declined')", name="disposition"),
        CheckConstraint("(disposition IS NULL) = (disposed_at IS NULL)", name="disposed_at_an_instant"),
    )

    def dispose(self, disposition: str, reason: str, at: datetime, user_id: int) -> None:
        """Note what the lead made of this remark; the newest word holds."""
        self.disposition, self.reason, self.disposed_at, self.disposed_by_id = disposition, reason, at, user_id

    def says_the_same(self, other: "Comment") -> bool:
        """Whether `other` is the same remark once more, whenever and on whichever revision it was made."""
        return all(getattr(self, name) == getattr(other, name) for name in SAID)

    @classmethod
    def of_objection(cls, objection: Answer, circulation: Circulation) -> "Comment":
        """An objection stands among the remarks too, where it can be replied to."""
        return cls(
            circulation_id=circulation.id,
            signatory_id=objection.signatory_id,
            revision_id=objection.revision.id,
            invitation_id=objection.invitation_id,
            user_id=objection.user_id,
            kind="objection",
            passage=objection.passage,
            answer_id=objection.id,
            person_name=objection.person_name,
            text=objection.text,
            made_at=objection.answered_at,
        )
