"""Statements and their revisions."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from workflow.db import Base
from workflow.models.coalition import Coalition, Organisation
from workflow.models.history import Disclosure, Event
from workflow.rules.lifecycle import Move, Stage, after
from workflow.text import chain, digest
from workflow.text.content import Content
from workflow.text.instants import iso

STAGES = ", ".join(f"'{stage.value}'" for stage in Stage)


class Statement(Base):
    """The thing to be published; one identity for life. Its row is locked first by whoever changes anything."""

    __tablename__ = "statements"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(10))
    lead_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalitions.id"), index=True)
    stage: Mapped[str] = mapped_column(String(20), default=Stage.DRAFT.value)
    slug: Mapped[str | None] = mapped_column(String(120), unique=True)
    revision_count: Mapped[int] = mapped_column(default=0)
    event_count: Mapped[int] = mapped_column(default=0)
    chain_head: Mapped[str] = mapped_column(String(64), default=chain.START)
    created_at: Mapped[datetime]

    lead: Mapped[Organisation] = relationship(lazy="raise")
    coalition: Mapped[Coalition] = relationship(lazy="raise")
    revisions: Mapped[list["Revision"]] = relationship(
        lazy="raise", back_populates="statement", order_by="Revision.number"
    )

    __table_args__ = (
        CheckConstraint(f"stage IN ({STAGES})", name="stage"),
        # A public address exists from the lock on, and never before it.
        CheckConstraint("(slug IS NOT NULL) = (stage IN ('locked', 'published', 'retracted'))", name="slug_from_lock"),
    )

    def move(self, move: Move) -> None:
        """Make `move`; raises WrongStage where the table of moves has no such line."""
        self.stage = after(Stage(self.stage), move).value

    def add_revision(self, content: Content, at: datetime, user_id: int) -> "Revision":
        """Keep `content` as the next revision and return it."""
        self.revision_count += 1
        revision = Revision(
            statement_id=self.id,
            number=self.revision_count,
            content=digest.canonical(content).decode(),
            digest=digest.digest(content),
            created_at=at,
            created_by_id=user_id,
        )
        _session_of(self).add(revision)
        self.record("revised", at, {"revision": revision.number, "digest": revision.digest})
        return revision

    def record(self, kind: str, at: datetime, facts: Mapping[str, object]) -> Event:
        """Append an event to this statement's chain and return it. Facts hold commitments, no names."""
        number = self.event_count + 1
        body = chain.body(self.public_id, number, kind, iso(at), facts)
        event = Event(
            statement_id=self.id,
            number=number,
            kind=kind,
            at=at,
            body=body,
            previous_hash=self.chain_head,
            hash=chain.hash_after(self.chain_head, body),
        )
        self.event_count, self.chain_head = number, event.hash
        _session_of(self).add(event)
        return event

    def commit(self, value: object) -> str:
        """A commitment like any other, to a value that is never disclosed: its salt is kept nowhere."""
        return digest.commitment(secrets.token_hex(16), value)

    def disclose(self, value: object) -> str:
        """Keep `value` erasably beside the history; returns the commitment (SHA-256, hex) that stands in it."""
        salt = secrets.token_hex(16)
        commitment = digest.commitment(salt, value)
        _session_of(self).add(Disclosure(statement_id=self.id, commitment=commitment, salt=salt, value=value))
        return commitment


def _session_of(statement: Statement) -> Session:
    session = object_session(statement)
    if session is None:
        raise RuntimeError("a statement outside a session cannot take an event")
    return session


class Revision(Base):
    """One immutable, numbered text of a statement. `content` is canonical JSON, `digest` its SHA-256 in hex."""

    __tablename__ = "revisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    number: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    statement: Mapped[Statement] = relationship(lazy="raise", back_populates="revisions")

    __table_args__ = (UniqueConstraint("statement_id", "number"),)

    @property
    def parsed(self) -> Content:
        """The content as values."""
        return digest.parse(self.content)
