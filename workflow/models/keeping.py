"""Words that somebody is typing: kept so that none is lost, and no revision before they are saved."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, and_, delete, or_
from sqlalchemy.orm import Mapped, Session, mapped_column

from workflow.db import Base


class KeptDraft(Base):
    """The form of one opened editor as it was last typed. `key` is that editor's own; only its user sees it.

    `statement_id` is empty for a statement that is not begun yet. `based_on` is the number of the revision that the
    editor began with, `number` grows with each keeping: what arrives late never replaces what was typed later.
    """

    __tablename__ = "kept_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statements.id"), index=True)
    key: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    based_on: Mapped[int]
    fields: Mapped[dict[str, str]] = mapped_column(JSON)
    kept_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("user_id", "key"),)


def let_go(session: Session, user_id: int, kept: Iterable[tuple[str, int]]) -> None:
    """Delete what editors of this user kept, each by its key, up to a number: what was typed later stays."""
    named = [and_(KeptDraft.key == key, KeptDraft.number <= number) for key, number in kept]
    if named:
        session.execute(
            delete(KeptDraft)
            .where(KeptDraft.user_id == user_id, or_(*named))
            .execution_options(synchronize_session=False)
        )
