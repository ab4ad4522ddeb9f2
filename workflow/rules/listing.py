"""How signatories are listed: ordered by a sort key that is given, joined, counted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

SEPARATOR = " • "


@dataclass(frozen=True)
class Listed:
    """A signatory as the public sees it."""

    name: str


def ordered(listed: Iterable[Listed], key: Callable[[str], bytes]) -> list[Listed]:
    """The signatories in the order of `key` over their names; the name itself settles ties."""
    return sorted(listed, key=lambda one: (key(one.name), one.name))


def line(names: Iterable[str]) -> str:
    """All names on one line, with a bullet between."""
    return SEPARATOR.join(names)
