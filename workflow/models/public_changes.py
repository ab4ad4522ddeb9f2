"""What changed of what is public: a row for each change, written by triggers in the transaction that made it."""

from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base


class PublicChange(Base):
    """Something public of a statement is not as it was; 0 stands for what is on the pages of any.

    Nothing else is said: whoever keeps pages reads them anew.
    """

    __tablename__ = "public_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int]

    # No number is given twice: it says what a process has seen.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy reads it as declared
