"""What this process keeps of the public side: rendered publications, the longest unasked dropped first."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from workflow.formats.record import PublicStatement
from workflow.queries.public_standing import words_of

ROOM = 256


@dataclass(frozen=True)
class Rendered:
    """The bytes of one public address, with the headers that go with them."""

    body: bytes
    etag: str
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Kept:
    """One or more publications as they were read, and what was rendered of them, by form."""

    publications: tuple[PublicStatement, ...]
    rendered: dict[str, Rendered] = field(default_factory=dict)

    @property
    def statement_ids(self) -> list[int]:
        return [one.statement_id for one in self.publications]

    def still_true(self, standing: frozenset[str]) -> bool:
        """Whether exactly the names that stand in here are disclosed now, no more and no less is noted, and
        the same files are made.

        (The records themselves never change.) `standing` as `standing_now` gives it.
        """
        same = words_of(self.publications) <= standing
        return same and all(standing & one.commitments == one.disclosed for one in self.publications)


class Shelf:
    """A bounded place by key, shared by the threads of a process."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._places: OrderedDict[str, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> Kept | None:
        with self._lock:
            kept = self._places.get(key)
            if kept is not None:
                self._places.move_to_end(key)
            return kept

    def put(self, key: str, kept: Kept) -> Kept:
        with self._lock:
            self._places[key] = kept
            self._places.move_to_end(key)
            while len(self._places) > self._room:
                self._places.popitem(last=False)
        return kept

    def drop(self, key: str) -> None:
        with self._lock:
            self._places.pop(key, None)
