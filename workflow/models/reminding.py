"""The clock of a circulation: the deadline that is asked for, and when those who have not answered are reminded."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.rules.deadlines import Deadlines, kept_soft
from workflow.rules.reminding import Reminders


class Reminding:
    """Columns of a circulation. The soft deadline is asked for, nothing ends at it.

    The hours are kept as they are typed ("24 3"); `reminders_since`: nothing earlier.
    """

    soft_deadline_at: Mapped[datetime | None]
    remind_half_way: Mapped[bool] = mapped_column(default=False, server_default=false())
    remind_hours: Mapped[str] = mapped_column(String(60), default="", server_default=text("''"))
    urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    reminders_since: Mapped[datetime | None]

    if TYPE_CHECKING:
        deadline_at: Mapped[datetime]
        deadline_zone: Mapped[str]
        time_up_at: Mapped[datetime | None]
        silence: Mapped[bool]
        broken_at: Mapped[datetime | None]
        objections_until: Mapped[datetime | None]

    @property
    def silence_lasts(self) -> bool:
        """Silence counts as agreement, and nobody has broken it."""
        return self.silence and self.broken_at is None

    @property
    def how_silence_stands(self) -> str:
        """`lasts`, `broken`, or nothing where silence means nothing."""
        return ("lasts" if self.silence_lasts else "broken") if self.silence else ""

    @property
    def reminders(self) -> Reminders:
        """When the lead has them reminded."""
        return Reminders(self.remind_half_way, tuple(map(int, self.remind_hours.split())), self.urgent)

    def set_clock(self, soft: datetime | None, reminders: Reminders, now: datetime) -> None:
        """Ask for answers by `soft`, and remind like this."""
        self.soft_deadline_at = soft
        self.remind(reminders, now)

    def remind(self, reminders: Reminders, now: datetime) -> None:
        """Remind like this from now on."""
        self.remind_half_way, self.urgent, self.reminders_since = reminders.half_way, reminders.urgent, now
        self.remind_hours = " ".join(map(str, reminders.hours))

    def move_deadline(self, until: datetime, zone: str, soft: datetime | None, now: datetime) -> None:
        """Another deadline: the one before was not reached, whatever was noted, and reminders are reckoned anew."""
        self.deadline_at, self.deadline_zone, self.time_up_at = until, zone, None
        self.soft_deadline_at, self.reminders_since = soft, now

    @property
    def to_move(self) -> Deadlines:
        """What can be moved, as the rules know it."""
        return Deadlines(self.deadline_at, self.soft_deadline_at, self.silence_lasts, self.objections_until)

    @property
    def deadlines(self) -> tuple[datetime, ...]:
        """The instants of which to remind, the earlier first."""
        soft = kept_soft(self.soft_deadline_at, self.deadline_at)
        return (soft, self.deadline_at) if soft else (self.deadline_at,)
