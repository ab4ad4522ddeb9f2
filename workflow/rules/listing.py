"""How signatories are listed: ordered by a sort key that is given, and joined."""

from collections.abc import Callable, Iterable
from typing import TypeVar

SEPARATOR = " • "
Item = TypeVar("Item")


def ordered(items: Iterable[Item], name: Callable[[Item], str], key: Callable[[str], bytes]) -> list[Item]:
    """The items in the order of `key` over their names; the name itself settles ties."""
    return sorted(items, key=lambda item: (key(name(item)), name(item)))


def line(names: Iterable[str]) -> str:
    """All names on one line, with a bullet between."""
    return SEPARATOR.join(names)
