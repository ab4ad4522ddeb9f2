"""Answers, and the codes that go with deciding ones."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db import Base
from workflow.links import Links
from workflow.models.circulation import Invitation, Signatory
from workflow.models.drafting import Revision, Statement
from workflow.rules.noting import Later
from workflow.rules.refusals import CodeSpent, CodeWrong, Refusal

CODE_TRIES = 5


class Answer(Base):
    """What a signatory said to a revision. Append-only by triggers; only the person's words can be erased.

    `passage` is where an objection stands in the text. `event_hash` is the chain head that its receipt carries.
    `user_id` is set where it was given at the desk. `withheld`: it counts, and its name is not published. `names`:
    under which other names it asks to be listed in editions in other languages. `person_named`: the person wants to
    stand beside the organisation, where the list names persons. `logo`: the logo that was shown and may stand beside
    the name, by its digest; empty where none was, or this one may not.
    """

    __tablename__ = "answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    signatory_id: Mapped[int] = mapped_column(ForeignKey("signatories.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text, default="")
    passage: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    listed_name: Mapped[str] = mapped_column(String(300), default="")
    names: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=dict)
    withheld: Mapped[bool] = mapped_column(default=False, server_default=false())
    person_name: Mapped[str] = mapped_column(String(300))
    person_role: Mapped[str] = mapped_column(String(300))
    person_named: Mapped[bool] = mapped_column(default=False, server_default=false())
    logo: Mapped[str] = mapped_column(String(64), default="", server_default=sql("''"))
    answered_at: Mapped[datetime]
    event_hash: Mapped[str] = mapped_column(String(64))

    signatory: Mapped[Signatory] = relationship(lazy="raise")
    revision: Mapped[Revision] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("kind IN ('sign-off', 'objection', 'decline', 'abstain', 'taken-back')", name="kind"),
        CheckConstraint("kind NOT IN ('objection', 'decline') OR text <> ''", name="objection_with_text"),
        CheckConstraint("(invitation_id IS NULL) <> (user_id IS NULL)", name="one_door"),
    )


class Reconfirmation(Base):
    """A signatory says again that its sign-off stands, after the lock. A row of its own, append-only by triggers."""

    __tablename__ = "reconfirmations"

    id: Mapped[int] = mapped_column(primary_key=True)
    signatory_id: Mapped[int] = mapped_column(ForeignKey("signatories.id"), index=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reconfirmed_at: Mapped[datetime]
    event_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint("(invitation_id IS NULL) <> (user_id IS NULL)", name="one_door"),)


class LateVoice(Base):
    """What one contact said after the publication for an organisation of which several have to sign. Append-only by
    triggers; what the person is called can be erased. Once enough have said the same, a note says that it signed."""

    __tablename__ = "late_voices"

    id: Mapped[int] = mapped_column(primary_key=True)
    signatory_id: Mapped[int] = mapped_column(ForeignKey("signatories.id"), index=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"))
    withheld: Mapped[bool]
    person_name: Mapped[str] = mapped_column(String(300))
    person_role: Mapped[str] = mapped_column(String(300))
    said_at: Mapped[datetime]
    event_hash: Mapped[str] = mapped_column(String(64))

    @classmethod
    def of(
        cls, statement: Statement, signatory: Signatory, invitation: Invitation, later: Later, now: datetime
    ) -> "LateVoice":
        """What was said by this link, with its event; nothing of it is public."""
        facts: dict[str, object] = {
            "signatory": statement.disclose({"organisation": signatory.name}),
            "person": statement.disclose({"name": later.person_name, "role": later.person_role}),
            "withheld": later.withheld,
        }
        return cls(
            signatory_id=signatory.id,
            invitation_id=invitation.id,
            withheld=later.withheld,
            person_name=later.person_name,
            person_role=later.person_role,
            said_at=now,
            event_hash=statement.record("signed late by one of several", now, facts).hash,
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

    def is_for(self, invitation: Invitation, answer_hash: str, now: datetime) -> bool:
        """Whether a code of this row could still open the door to exactly this answer."""
        return (
            self.invitation_id == invitation.id
            and self.generation == invitation.generation
            and self.answer_hash == answer_hash
            and self.used_at is None
            and self.tries < CODE_TRIES
            and now < self.expires_at
        )

    def tried(self, links: Links, invitation: Invitation, answer_hash: str, code: str, now: datetime) -> Refusal | None:
        """Use it up for `answer_hash` where `code` fits; what is refused otherwise, a wrong try being counted."""
        if not self.is_for(invitation, answer_hash, now):
            return CodeSpent()
        return self.spend(links.code_fits(code, self.id, self.digest, self.answer_hash), now)

    def spend(self, fits: bool, now: datetime) -> Refusal | None:
        """Use the code up where the digits typed fit; a wrong try is counted, and is what is refused."""
        if fits:
            self.used_at = now
            return None
        self.tries += 1
        left = CODE_TRIES - self.tries
        return CodeWrong(tries_left=left) if left else CodeSpent()
