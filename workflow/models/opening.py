"""Open pages of circulations, and the applications of organisations that were not invited."""

import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db import Base
from workflow.models.circulation import Circulation, Signatory
from workflow.models.drafting import Revision
from workflow.models.signing import CODE_TRIES
from workflow.rules.opening import Standing, standing_of
from workflow.rules.refusals import CodeSpent, CodeWrong, Refusal


def new_key() -> str:
    """Something that nobody can guess."""
    return secrets.token_hex(16)


class OpenPage(Base):
    """The page on which everybody who has its address can read the text in force and ask to sign it.

    `key` is the address; another one each time the page is opened. `criteria`: who should sign, in the lead's words.
    """

    __tablename__ = "open_pages"

    id: Mapped[int] = mapped_column(primary_key=True)
    circulation_id: Mapped[int] = mapped_column(ForeignKey("circulations.id"), unique=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    criteria: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None]

    circulation: Mapped[Circulation] = relationship(lazy="raise")


class Application(Base):
    """An organisation (or a person) that was not invited asks to sign the text of `revision`.

    `key` is what the mailed link names. It counts for nothing before somebody confirmed it by that link and the lead
    accepted it: then `signatory` is its place on the roll. `name_key` is alike for names that could be taken for one
    another, `mail_key` for addresses of one mailbox; `words` are what a search looks at. `batch` is shared by those
    that were decided at once.
    """

    __tablename__ = "applications"

    id: Mapped[int] = mapped_column(primary_key=True)
    circulation_id: Mapped[int] = mapped_column(ForeignKey("circulations.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    individual: Mapped[bool]
    name: Mapped[str] = mapped_column(String(300))
    country: Mapped[str] = mapped_column(String(100))
    person_name: Mapped[str] = mapped_column(String(300))
    person_role: Mapped[str] = mapped_column(String(300))
    mail: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(20))
    name_key: Mapped[str] = mapped_column(String(300))
    mail_key: Mapped[str] = mapped_column(String(254))
    imitates: Mapped[bool]
    words: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]
    contested_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(String(20))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    batch: Mapped[str | None] = mapped_column(String(32), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    signatory_id: Mapped[int | None] = mapped_column(ForeignKey("signatories.id"), index=True)

    circulation: Mapped[Circulation] = relationship(lazy="raise")
    revision: Mapped[Revision] = relationship(lazy="raise")
    signatory: Mapped[Signatory | None] = relationship(lazy="raise")

    __table_args__ = (
        Index("ix_applications_name", "circulation_id", "name_key"),
        Index("ix_applications_mail", "circulation_id", "mail_key"),
        CheckConstraint("decision IN ('accepted', 'refused')", name="decision"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided"),
        CheckConstraint("decision IS NULL OR confirmed_at IS NOT NULL", name="confirmed_first"),
        CheckConstraint("decision IS NULL OR decision <> 'accepted' OR signatory_id IS NOT NULL", name="on_the_roll"),
    )

    def standing(self, in_force: int) -> Standing:
        """Where it stands while the revision of the id `in_force` is asked for."""
        return standing_of(
            confirmed=self.confirmed_at is not None,
            contested=self.contested_at is not None,
            decision=self.decision,
            current=self.revision_id == in_force,
        )

    def confirm(self, fits: bool, now: datetime) -> Refusal | None:
        """Note that its mailbox has confirmed it, where the digits typed fit; a wrong try is counted and refused."""
        if self.tries >= CODE_TRIES:
            return CodeSpent()
        if fits:
            self.confirmed_at = now
            return None
        self.tries += 1
        left = CODE_TRIES - self.tries
        return CodeWrong(tries_left=left) if left else CodeSpent()

    def decide(self, decision: str, now: datetime, user_id: int, batch: str, reason: str = "") -> None:
        """Note what the lead decided."""
        self.decision, self.decided_at, self.decided_by_id = decision, now, user_id
        self.batch, self.reason = batch, reason

    def undecide(self) -> None:
        """As if nothing had been decided; the place that it had on the roll is kept for the next time."""
        self.decision = self.decided_at = self.decided_by_id = self.batch = None
        self.reason = ""
