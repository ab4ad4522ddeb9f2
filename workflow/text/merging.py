"""Three-way merging: what two people made of one text, together, and where only a person can choose.

Texts are merged passage by passage (a passage ends at a blank line). Where both changed the same passage
differently there is a Clash, which holds every wording; nothing is chosen here, and nothing is dropped.
"""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from typing import Any, Generic, TypeAlias, TypeVar

from workflow.text.commonmark import QUOTE_PLACE
from workflow.text.content import Edition
from workflow.text.redline import steps

Part = TypeVar("Part", bound=Hashable)

WHOLE = ("language", "kind", "label", "date", "place", "headline", "lead_paragraph", "ends")
PASSAGES = ("body", "notes")
SEVERAL = ("addressees", "quotes", "contacts", "cc")
# In the order of the page, so that a person is asked from its top to its end.
FIELDS = (
    *("kind", "language", "date", "label", "place", "headline", "addressees", "lead_paragraph"),
    *("body", "quotes", "ends", "notes", "contacts", "cc"),
)


class Choice(StrEnum):
    """Which wording a person takes where two clash."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True)
class Clash(Generic[Part]):
    """Parts that both changed, each in another way: as they were, as the other has them, as one has them oneself."""

    base: tuple[Part, ...]
    theirs: tuple[Part, ...]
    mine: tuple[Part, ...]

    def settled(self, choice: Choice) -> tuple[Part, ...]:
        """The parts that `choice` takes; both means theirs, then what of mine is not among them."""
        if choice is Choice.BOTH:
            return (*self.theirs, *(part for part in self.mine if part not in self.theirs))
        return self.mine if choice is Choice.MINE else self.theirs


Piece: TypeAlias = Part | Clash[Part]


def merge(base: Sequence[Part], theirs: Sequence[Part], mine: Sequence[Part]) -> list[Piece[Part]]:
    """`base` with the changes of both, part by part; changes that touch the same parts are a Clash."""
    hunks = [(hunk, 0) for hunk in _hunks(base, theirs)] + [(hunk, 1) for hunk in _hunks(base, mine)]
    pieces: list[Piece[Part]] = []
    at = 0
    for cluster in _clusters(sorted(hunks, key=lambda one: (one[0].start, one[0].end))):
        start, end = min(hunk.start for hunk, _ in cluster), max(hunk.end for hunk, _ in cluster)
        pieces += base[at:start]
        at = end
        by = [_applied(base, start, end, [hunk for hunk, side in cluster if side == one]) for one in (0, 1)]
        sides = {side for _, side in cluster}
        if len(sides) == 1 or by[0] == by[1]:
            pieces += by[sides.pop()]
        else:
            pieces.append(Clash(tuple(base[start:end]), by[0], by[1]))
    return [*pieces, *base[at:]]


@dataclass(frozen=True)
class _Hunk(Generic[Part]):
    """`base[start:end]` becomes `parts`."""

    start: int
    end: int
    parts: tuple[Part, ...]

    def touches(self, other: "_Hunk[Part]") -> bool:
        """Whether both change the same parts, or put something in at the same place."""
        same_place = self.start == self.end == other.start == other.end
        return same_place or (self.start < other.end and other.start < self.end)


def _hunks(base: Sequence[Part], other: Sequence[Part]) -> list[_Hunk[Part]]:
    found: list[_Hunk[Part]] = []
    old = new = 0
    begun: tuple[int, int] | None = None
    for op, length in [*steps(base, other), ("equal", 0)]:
        if op == "equal":
            if begun:
                found.append(_Hunk(begun[0], old, tuple(other[begun[1] : new])))
            begun = None
        else:
            begun = begun or (old, new)
        old += length if op != "insert" else 0
        new += length if op != "delete" else 0
    return found


def _clusters(hunks: Sequence[tuple[_Hunk[Part], int]]) -> list[list[tuple[_Hunk[Part], int]]]:
    """Hunks that touch one another, over both sides, together."""
    clusters: list[list[tuple[_Hunk[Part], int]]] = []
    for one in hunks:
        if clusters and any(one[0].touches(hunk) for hunk, _ in clusters[-1]):
            clusters[-1].append(one)
        else:
            clusters.append([one])
    return clusters


def _applied(base: Sequence[Part], start: int, end: int, hunks: Sequence[_Hunk[Part]]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for hunk in hunks:
        parts += [*base[start : hunk.start], *hunk.parts]
        start = hunk.end
    return (*parts, *base[start:end])


# Editions ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Merged:
    """Two editions as one: for each field its pieces, in order. `clashes` is what a person must choose."""

    mine: Edition
    pieces: Mapping[str, Sequence[Piece[Any]]]

    @property
    def clashes(self) -> list[tuple[str, Clash[Any]]]:
        """The field of each clash, and the clash."""
        return [(field, one) for field in FIELDS for one in self.pieces[field] if isinstance(one, Clash)]

    def settled(self, choices: Sequence[Choice] = ()) -> Edition:
        """The edition with `choices` taken, one for each clash in their order."""
        numbers = count()
        values: dict[str, Any] = {}
        for field in FIELDS:
            parts: list[Any] = []
            for one in self.pieces[field]:
                parts += one.settled(choices[next(numbers)]) if isinstance(one, Clash) else [one]
            if field in SEVERAL:
                values[field] = tuple(parts)
            else:
                values[field] = "\n\n".join(parts) if field in PASSAGES else "".join(parts)
        return replace(self.mine, **values)


def merge_editions(base: Edition, theirs: Edition, mine: Edition) -> Merged:
    """What both made of `base`. All three are regular, as `checking.check` gives them."""
    pieces: dict[str, Sequence[Piece[Any]]] = {}
    for field in FIELDS:
        was, other, own = (getattr(one, field) for one in (base, theirs, mine))
        if field == "quotes" and _numbers_clash(base, theirs, mine):
            pieces[field] = [Clash(was, other, own)]
        elif own in (was, other) or other == was:
            taken = other if own == was else own
            pieces[field] = taken if field in SEVERAL else [taken]
        elif field in PASSAGES:
            pieces[field] = merge(passages(was), passages(other), passages(own))
        elif field in WHOLE:
            pieces[field] = [Clash((was,), (other,), (own,))]
        else:
            pieces[field] = _one_by_one(was, other, own)
    return Merged(mine, pieces)


def passages(text: str) -> list[str]:
    """The passages of a text: what stands between blank lines. Joined with one blank line they mean the same."""
    return [passage for passage in re.split(r"\n(?:[^\S\n]*\n)+", text) if passage.strip()]


def _one_by_one(base: Sequence[Part], theirs: Sequence[Part], mine: Sequence[Part]) -> Sequence[Piece[Part]]:
    """Lists of one length are held against each other place by place, other lists as passages are."""
    if not len(base) == len(theirs) == len(mine):
        return merge(base, theirs, mine)
    pieces: list[Piece[Part]] = []
    for was, other, own in zip(base, theirs, mine, strict=True):
        if own in (was, other) or other == was:
            pieces.append(other if own == was else own)
        else:
            pieces.append(Clash((was,), (other,), (own,)))
    return pieces


def _numbers_clash(base: Edition, theirs: Edition, mine: Edition) -> bool:
    """Whether "quote 2" in the body would come to mean another quote than the one who wrote it there meant."""
    if theirs.quotes == mine.quotes:
        return False
    if len(base.quotes) not in (len(theirs.quotes), len(mine.quotes)):
        return True
    pairs = ((theirs, mine), (mine, theirs))
    return any(_renumbered(base, one) and _quoting_changed(base, other) for one, other in pairs)


def _renumbered(base: Edition, one: Edition) -> bool:
    return len(one.quotes) != len(base.quotes) and one.quotes[: len(base.quotes)] != base.quotes


def _quoting_changed(base: Edition, one: Edition) -> bool:
    return one.quotes != base.quotes or QUOTE_PLACE.findall(one.body) != QUOTE_PLACE.findall(base.body)
