"""The press list: journalists who get the release of a lead organisation, and which of them get which statement."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base


class Journalist(Base):
    """One who gets releases of the lead organisation `lead_id`.

    Taken off the list (`removed_at`) nothing of the person is kept. Whoever left it (`left_at`) is named no more; the
    address alone is kept, so that nobody puts it on the list again.
    """

    __tablename__ = "journalists"

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(300))
    mail: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(20))
    added_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("lead_id", "mail"),)


class PressChoice(Base):
    """A journalist who is to get the release of a statement."""

    __tablename__ = "press_choices"

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    journalist_id: Mapped[int] = mapped_column(ForeignKey("journalists.id"), index=True)

    __table_args__ = (UniqueConstraint("statement_id", "journalist_id"),)
