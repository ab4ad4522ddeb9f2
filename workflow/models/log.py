"""The public log, and signatures of records. Protected by triggers on both databases: nothing here ever changes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base


class LogKey(Base):
    """One signing key, its public half: the newest signs. `statement` is what the key before it said of it, signed.

    `leaf` is the number of the leaf that tells of it; `origin` the name of the log, the same in all rows.
    """

    __tablename__ = "log_keys"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public: Mapped[str] = mapped_column(String(64), unique=True)
    origin: Mapped[str] = mapped_column(Text)
    statement: Mapped[str] = mapped_column(Text)
    leaf: Mapped[int] = mapped_column(unique=True)
    since: Mapped[datetime]


class Leaf(Base):
    """One entry of the log, numbered from 0: canonical JSON without a name in it; of which statement, where of one."""

    __tablename__ = "log_leaves"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[str] = mapped_column(Text)
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statements.id"), index=True)

    __table_args__ = (CheckConstraint("number >= 0", name="from_zero"),)


class TreeNode(Base):
    """The hash (hex) of one whole subtree: that of the 2^level leaves from place·2^level on."""

    __tablename__ = "log_nodes"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))


class LogCheckpoint(Base):
    """The signed head of the log at one size: `text` is the note to the byte."""

    __tablename__ = "log_checkpoints"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)


class RecordSignature(Base):
    """The signatures of one record, made once, in the transaction of its publication, by the key `public` (hex)."""

    __tablename__ = "record_signatures"

    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), primary_key=True, autoincrement=False)
    public: Mapped[str] = mapped_column(String(64))
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    minisign: Mapped[str] = mapped_column(Text)
    ssh: Mapped[str] = mapped_column(Text)
