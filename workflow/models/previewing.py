"""Previews: links by which named journalists read an embargoed text, and each time one of them pressed the button."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db import Base
from workflow.models.circulation import Circulation
from workflow.rules.previewing import Given, expires
from workflow.text.instants import in_zone


class Preview(Base):
    """One journalist's link to the locked text of a circulation, before its instant.

    The token names the row and its `generation`; a fresh link is another generation. It opens for `hours` after
    `issued_at`, or until the instant where none are given. `revoked_at`: by the lead; `ended_at`: because the text was
    unlocked. Name and address are erased after a while, and the row stays.
    """

    __tablename__ = "previews"

    id: Mapped[int] = mapped_column(primary_key=True)
    circulation_id: Mapped[int] = mapped_column(ForeignKey("circulations.id"))
    name: Mapped[str] = mapped_column(String(300))
    mail: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(20))
    time_zone: Mapped[str] = mapped_column(String(60))
    hours: Mapped[int | None]
    generation: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    circulation: Mapped[Circulation] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("circulation_id", "mail"),
        CheckConstraint("hours IS NULL OR hours > 0", name="hours"),
    )

    @property
    def expires_at(self) -> datetime | None:
        """When the link stops opening: after its hours, and with the embargo at the latest."""
        until = self.issued_at + timedelta(hours=self.hours) if self.hours else None
        return expires(until, self.circulation.embargo_at)

    @property
    def embargo_at(self) -> datetime | None:
        """The instant of the embargo, in the zone that this reader chose."""
        at = self.circulation.embargo_at
        return in_zone(at, self.time_zone) if at else None

    def opens(self, now: datetime) -> bool:
        """Whether the newest link has not died."""
        alive = self.revoked_at is None and self.ended_at is None
        return alive and (self.expires_at is None or now < self.expires_at)

    def given(self, generation: int, stage: str, slug: str | None) -> Given:
        """This link as the rules see it; `generation` is that of the token."""
        return Given(
            generation=generation,
            current=self.generation,
            stage=stage,
            complete=self.circulation.outcome == "complete",
            slug=slug or "",
            expires_at=self.expires_at,
            revoked=self.revoked_at is not None,
            ended=self.ended_at is not None,
            held=self.circulation.held_since is not None,
        )

    def issue(self, now: datetime) -> None:
        """Give a fresh link: every earlier one is replaced by it."""
        self.generation += 1
        self.issued_at, self.revoked_at, self.ended_at = now, None, None


class PreviewOpening(Base):
    """Somebody pressed the button behind a preview's link."""

    __tablename__ = "preview_openings"

    id: Mapped[int] = mapped_column(primary_key=True)
    preview_id: Mapped[int] = mapped_column(ForeignKey("previews.id"), index=True)
    generation: Mapped[int]
    opened_at: Mapped[datetime]
