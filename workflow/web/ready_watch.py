"""Watching what is public: a look at the database, often enough that nothing old is answered for a second."""

import time
from collections.abc import Callable, Collection
from threading import Event, Lock, Thread

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from workflow.queries import public_changes

EVERY_SECONDS = 0.2
# What was ready may be answered for so long after the beginning of a look that found it unchanged.
GOOD_FOR_SECONDS = 0.75
# A number that nobody took by then was given up by its writer.
MISSING_FOR_SECONDS = 3600.0

# In the place of a statement: what changed is on the pages of any, or of none.
EVERYTHING = 0

Changed = Callable[[Collection[int] | None], None]


class Watch:
    """Tells `changed` of which statements something public changed (None: anything may have).

    Until `start` every question is a look of its own, which is right at once. From then on a thread looks, and who asks
    looks only where that thread did not get to it in time, as on a machine that has too much to do.
    """

    def __init__(self, engine: Engine, changed: Changed) -> None:
        self._engine, self._changed = engine, changed
        self._lock, self._stop = Lock(), Event()
        self._newest: int | None = None
        self._missing: dict[int, float] = {}
        # Until then (time.monotonic) what was ready is answered without another look.
        self.good_until = 0.0
        self._thread: Thread | None = None

    def fresh(self) -> bool:
        """Whether everything that changed until less than a second ago has been told."""
        return time.monotonic() < self.good_until or self.look(even_if_young=False)

    def look(self, *, even_if_young: bool = True) -> bool:
        """Look now; gives whether the database answered."""
        with self._lock:
            begun = time.monotonic()
            if not even_if_young and begun < self.good_until:
                return True  # somebody else has looked while this one waited
            try:
                with self._engine.connect() as connection:
                    if self._newest is None:
                        self._newest, missing = public_changes.recent(connection)
                        self._missing = dict.fromkeys(missing, begun)
                        self._changed(None)
                    else:
                        self._tell(public_changes.since(connection, self._newest, self._missing), begun)
            except SQLAlchemyError:
                return False
            if self._thread is not None:
                self.good_until = begun + GOOD_FOR_SECONDS
            return True

    def _tell(self, rows: list[tuple[int, int]], now: float) -> None:
        newest = self._newest or 0
        if newest and newest not in {number for number, _ in rows}:
            # The database is not the one that was looked at before: it was restored.
            self._newest = None
            self._changed(None)
            return
        new = {number: statement_id for number, statement_id in rows if number != newest}
        if not new:
            return
        after = max(newest, *new)
        between = range(max(newest + 1, after - public_changes.RECENT), after)
        missing = dict.fromkeys(between, now) | self._missing
        self._missing = {
            number: since
            for number, since in missing.items()
            if number not in new and now - since < MISSING_FOR_SECONDS
        }
        self._newest = after
        changed = set(new.values())
        self._changed(None if EVERYTHING in changed else changed)

    def start(self) -> None:
        """Look from now on in a thread of its own."""
        self._thread = Thread(target=self._go_on, name="watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; from now on every question is a look of its own again."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread, self.good_until = None, 0.0

    def _go_on(self) -> None:
        self.look()
        while not self._stop.wait(EVERY_SECONDS):
            self.look()
