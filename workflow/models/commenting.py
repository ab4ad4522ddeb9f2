"""Comments: remarks that decide nothing."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db import Base
from workflow.models.circulation import Signatory
from workflow.models.drafting import Revision


class Comment(Base):
    """A remark by a signatory on the whole text of one revision."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    signatory_id: Mapped[int] = mapped_column(ForeignKey("signatories.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"))
    person_name: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]

    signatory: Mapped[Signatory] = relationship(lazy="raise")
    revision: Mapped[Revision] = relationship(lazy="raise")
