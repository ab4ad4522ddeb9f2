"""Logos of organisations, as they were made anew from what was brought: PNGs, each named by its digest."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base


class Logo(Base):
    """One logo of one organisation; which is the one of now, the organisation says.

    Former ones stay where they may have been shown to somebody who signed: a publication keeps what was agreed to.
    """

    __tablename__ = "logos"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    width: Mapped[int]
    height: Mapped[int]
    added_at: Mapped[datetime]
