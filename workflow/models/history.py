"""History: the append-only events of a statement, and what is disclosed beside them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base


class Event(Base):
    """One past-tense line in a statement's history. Protected by triggers: no update, no delete."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("statement_id", "number"),)


class Disclosure(Base):
    """The value and salt behind a commitment. Erasing the row leaves record, signature and chain as they are."""

    __tablename__ = "disclosures"

    commitment: Mapped[str] = mapped_column(String(64), primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), index=True)
    salt: Mapped[str] = mapped_column(String(32))
    value: Mapped[Any] = mapped_column(JSON)
