"""What this process has ready: answers by address, bounded in bytes; what is not asked for goes first."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from workflow.config import LANGUAGES
from workflow.rules.negotiation import best
from workflow.web.public_answering import BY_TYPE
from workflow.web.ready import Answer, Ready

ROOM = 96 * 1024 * 1024
# Addresses with a query have a room of their own, so that made-up ones push nobody's page out.
ROOM_FOR_QUERIES = ROOM // 8
MOST_VARIANTS = 16
Key = str | tuple[str, str]


@dataclass(slots=True)
class Place:
    """What is ready at one address. `about`: of which statements it tells, None for whatever is public.

    `varies` names the variables of WSGI that choose among the answers; `any_query`: whatever is asked after `?`, the
    answer is the same. `at_once` has what was answered, by all that it depends on: it goes when its place goes.
    """

    about: frozenset[int] | None
    varies: tuple[str, ...] = ()
    any_query: bool = False
    ready: dict[tuple[str, ...], Ready] = field(default_factory=dict)
    asked_for: bool = False
    at_once: dict[tuple[str | None, ...], Answer] = field(default_factory=dict)

    def found(self, environ: Mapping[str, str]) -> Ready | None:
        return self.ready.get(variant(self.varies, environ) if self.varies else ())

    @property
    def size(self) -> int:
        return sum({id(one): one.size for one in self.ready.values()}.values())


def variant(varies: tuple[str, ...], environ: Mapping[str, str]) -> tuple[str, ...]:
    """What tells the answers of an address apart for who asks with these variables."""
    return tuple(NORMAL[one](environ.get(one, "")) for one in varies)


@lru_cache(maxsize=1024)
def _language(accepted: str) -> str:
    """As the page itself chooses its language (house.page_language)."""
    return parse_accept_header(accepted, LanguageAccept).best_match(LANGUAGES) or ""


@lru_cache(maxsize=1024)
def _type(accepted: str) -> str:
    """As the page of a statement itself chooses its form (public.statement); nothing else varies by this."""
    return best(accepted, tuple(BY_TYPE))


def _kind(key: Key) -> int:
    """In which of the two rooms: 0 for an address alone, 1 for one with a query."""
    return int(isinstance(key, tuple))


# What a header asks for in as few words as there are answers.
NORMAL: dict[str, Callable[[str], str]] = {"HTTP_ACCEPT_LANGUAGE": _language, "HTTP_ACCEPT": _type}


class Memory:
    """Answers by address, shared by the threads of a process. `generation` grows with each forgetting."""

    def __init__(self, room: int = ROOM, room_for_queries: int = ROOM_FOR_QUERIES) -> None:
        self.places: OrderedDict[Key, Place] = OrderedDict()
        self.generation = 0
        self._rooms = (room, room_for_queries)
        self._taken = [0, 0]
        self._lock = Lock()

    def keep(self, key: Key, place: Place, environ: Mapping[str, str], ready: Ready, generation: int) -> None:
        """Keep an answer that was read when the memory was of this generation; not if anything was forgotten since."""
        kind = _kind(key)
        if ready.size > self._rooms[kind] // 4:
            return
        with self._lock:
            if generation != self.generation:
                return
            known = self.places.get(key)
            if known is None or (known.about, known.varies, known.any_query) != (
                place.about,
                place.varies,
                place.any_query,
            ):
                self._drop(key)
                known = self.places[key] = place
            elif len(known.ready) >= MOST_VARIANTS:
                return
            else:
                self._taken[kind] -= known.size
            same = [one for one in known.ready.values() if one.plain.headers == ready.plain.headers]
            known.ready[variant(known.varies, environ)] = same[0] if same else ready
            self._taken[kind] += known.size
            self._make_room(kind)

    def forget(self, statement_ids: Collection[int] | None) -> list[str]:
        """Forget what tells of these statements (None: everything); gives the addresses of it that were asked for."""
        with self._lock:
            self.generation += 1
            gone = [
                key
                for key, place in self.places.items()
                if statement_ids is None or place.about is None or not place.about.isdisjoint(statement_ids)
            ]
            asked = [key for key in gone if isinstance(key, str) and self.places[key].asked_for]
            for key in gone:
                self._drop(key)
        return asked

    def _drop(self, key: Key) -> None:
        place = self.places.pop(key, None)
        if place is not None:
            self._taken[_kind(key)] -= place.size

    def _make_room(self, kind: int) -> None:
        """Drop the oldest of a kind until the rest fits; what was asked for since has another turn."""
        for key in [one for one in self.places if _kind(one) == kind]:
            if self._taken[kind] <= self._rooms[kind]:
                return
            place = self.places[key]
            if place.asked_for:
                place.asked_for = False
                self.places.move_to_end(key)
            else:
                self._drop(key)
        while self._taken[kind] > self._rooms[kind]:  # all were asked for: the oldest goes all the same
            self._drop(next(one for one in self.places if _kind(one) == kind))
