"""Lists in the making: items that know only how deep they stand, and lists that were cut apart, become lists again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

DEPTH_LIMIT = 4


@dataclass
class Nested:
    """A list: its items, each with the blocks in it. `again`: a list of its kind stands right before it."""

    ordered: bool
    start: int
    items: list[list[Any]] = field(default_factory=list)
    again: bool = False

    @property
    def sign(self) -> str:
        """What stands before an item, or behind its number."""
        return (")" if self.again else ".") if self.ordered else ("*" if self.again else "-")


@dataclass(frozen=True)
class Listed:
    """A paragraph that is an item of a list, `level` deep; `start` is its number, None for a bullet."""

    level: int
    start: int | None
    parts: list[Any]


def gathered(parts: Sequence[Any]) -> list[Any]:
    """The same blocks, with items gathered into lists, and lists that go on joined; empty ones left out."""
    result: list[Any] = []
    for part in parts:
        if isinstance(part, Listed):
            _add(result, part)
        elif isinstance(part, Nested):
            part.items = [item for item in part.items if item]
            if part.items and not _goes_on(result, part):
                result.append(part)
        elif getattr(part, "parts", True):
            result.append(part)
    for before, after in pairwise(result):
        if isinstance(before, Nested) and isinstance(after, Nested) and before.ordered == after.ordered:
            after.again = not before.again
    return result


def _add(result: list[Any], part: Listed) -> None:
    """The item goes to the end of what is there, as deep as it says and there is something to hang it on."""
    here, level = result, min(part.level, DEPTH_LIMIT)
    while level > 1 and here and isinstance(here[-1], Nested) and here[-1].items:
        here, level = here[-1].items[-1], level - 1
    made = Nested(part.start is not None, part.start or 1, [list(part.parts)])
    if part.parts and not _goes_on(here, made):
        here.append(made)


def _goes_on(result: list[Any], part: Nested) -> bool:
    """Whether `part` goes on with the list that stands last, and has been joined to it."""
    last = result[-1] if result else None
    if not isinstance(last, Nested) or last.ordered != part.ordered:
        return False
    if part.ordered and part.start != last.start + len(last.items):
        return False
    last.items += part.items
    return True
