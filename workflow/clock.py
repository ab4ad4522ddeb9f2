"""The clock: the only place that asks what time it is."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

# By how many seconds the wall clock may run ahead of the other between two looks, and how long it is doubted then.
TOLERATED, PATIENCE = 2.0, 60.0


def now() -> datetime:
    """The present instant, in UTC, to the microsecond."""
    return datetime.now(UTC)


class Steady:
    """Watches whether the wall clock was set forward, by a clock that nobody sets.

    What must not happen too early waits then, until the new time has stood for a while: either it is right, and a
    minute is lost, or it is put back, and nothing has happened.
    """

    def __init__(
        self, now: Callable[[], datetime], elapsed: Callable[[], float] | None = None, patience: float = PATIENCE
    ) -> None:
        self._now, self._elapsed, self._patience = now, elapsed or _elapsed, patience
        self._last: tuple[datetime, float] | None = None
        self._until = float("-inf")

    def trusted(self) -> bool:
        """Look at both clocks; False for a while after the wall clock has leapt ahead."""
        wall, passed = self._now(), self._elapsed()
        if self._last is not None:
            leapt = (wall - self._last[0]).total_seconds() - (passed - self._last[1])
            if leapt > TOLERATED:
                self._until = passed + self._patience
            elif leapt < -TOLERATED:  # put back: what was said of it meanwhile holds no more
                self._until = float("-inf")
        self._last = (wall, passed)
        return passed >= self._until


def _elapsed() -> float:
    """Seconds since the machine was started, its sleep included where the system counts that."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
