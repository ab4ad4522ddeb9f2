"""How the signatories of a statement are to be listed, and what the list says of each beside its name."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base
from workflow.rules.listing import Manner, Mark, Order, Style


class Listing(Base):
    """The manner that the lead chose for a statement, until the lock; without a row it is the usual one."""

    __tablename__ = "listings"

    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), primary_key=True)
    ordered_by: Mapped[str] = mapped_column(String(20), default=Order.ALPHABET.value)
    style: Mapped[str] = mapped_column(String(20), default=Style.LINE.value)
    lead_first: Mapped[bool] = mapped_column(default=False)
    article_ignored: Mapped[bool] = mapped_column(default=False)
    international_first: Mapped[bool] = mapped_column(default=False)
    sections: Mapped[list[str]] = mapped_column(JSON, default=list)

    __table_args__ = (
        CheckConstraint("ordered_by IN ('alphabet', 'country', 'section', 'hand')", name="ordered_by"),
        CheckConstraint("style IN ('line', 'numbered', 'columns', 'persons', 'logos')", name="style"),
    )

    @property
    def manner(self) -> Manner:
        """The row as the rules know it."""
        return Manner(
            order=Order(self.ordered_by),
            style=Style(self.style),
            lead_first=self.lead_first,
            article_ignored=self.article_ignored,
            international_first=self.international_first,
            sections=tuple(self.sections),
        )

    def take(self, manner: Manner) -> None:
        """Make this the manner."""
        self.ordered_by, self.style, self.sections = manner.order.value, manner.style.value, list(manner.sections)
        self.lead_first, self.article_ignored = manner.lead_first, manner.article_ignored
        self.international_first = manner.international_first


class ListedAs(Base):
    """What the lead said of one organisation in the list of a statement; it outlives a recalled circulation.

    `number` is its place in an order by hand. A row exists where something was said.
    """

    __tablename__ = "listed_as"

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    section: Mapped[str] = mapped_column(String(120), default="")
    number: Mapped[int | None]
    acronym: Mapped[str] = mapped_column(String(40), default="")
    mark: Mapped[str | None] = mapped_column(String(20))
    individual: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        UniqueConstraint("statement_id", "organisation_id"),
        CheckConstraint("mark IN ('identification', 'umbrella')", name="mark"),
    )

    @property
    def sign(self) -> Mark | None:
        """The mark as the rules know it."""
        return Mark(self.mark) if self.mark else None
