"""Which parts of two sequences are the same, in order: exact where that is affordable, coarser where it is not.

What it takes is bounded by the length of the sequences, never measured by a clock: the same two give the same
answer on every machine.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

# So many pairs are compared at once: some 25 MB and a hundredth of a second.
AFFORDABLE = 200_000_000
DEEPEST = 8


class Run(NamedTuple):
    """`length` neighbours that are the same, from `old` on in one sequence and from `new` on in the other."""

    old: int
    new: int
    length: int


def matched(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Run]:
    """The longest common subsequence of two sequences as runs; no two of them touch in both."""
    codes: dict[Hashable, int] = {}
    first = [codes.setdefault(one, len(codes)) for one in old]
    second = [codes.setdefault(one, len(codes)) for one in new]
    return _joined(_matched(first, second, 0))


def _matched(old: list[int], new: list[int], depth: int) -> list[Run]:
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    found = [Run(0, 0, head), *_moved_on(_middle(middle_old, middle_new, depth), head, head)]
    return [*found, Run(len(old) - tail, len(new) - tail, tail)]


def _middle(old: list[int], new: list[int], depth: int) -> list[Run]:
    if not old or not new:
        return []
    if len(old) * len(new) <= AFFORDABLE:
        return _exact(old, new)
    anchors = _anchors(old, new) if depth < DEEPEST else []
    return _between_anchors(old, new, anchors, depth) if anchors else _in_pieces(old, new)


def _exact(old: list[int], new: list[int]) -> list[Run]:
    blocks = LCSseq.editops(old, new).as_matching_blocks()
    return [Run(block.a, block.b, block.size) for block in blocks]


def _anchors(old: list[int], new: list[int]) -> list[Run]:
    """What stands once in each, as far as it stands in the same order in both: the rest is sought between them."""
    once_old, once_new = _once(old), _once(new)
    pairs = [(at, once_new[one]) for one, at in once_old.items() if one in once_new]
    ends: list[int] = []
    chain: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        if length == len(ends):
            ends.append(place)
            chain.append(number)
        else:
            ends[length], chain[length] = place, number
        before.append(chain[length - 1] if length else -1)
    found: list[Run] = []
    at = chain[-1] if chain else -1
    while at >= 0:
        found.append(Run(*pairs[at], 1))
        at = before[at]
    return found[::-1]


def _once(sequence: list[int]) -> dict[int, int]:
    counts = Counter(sequence)
    return {one: at for at, one in enumerate(sequence) if counts[one] == 1}


def _between_anchors(old: list[int], new: list[int], anchors: list[Run], depth: int) -> list[Run]:
    found: list[Run] = []
    at_old = at_new = 0
    for anchor in [*anchors, Run(len(old), len(new), 0)]:
        inner = _matched(old[at_old : anchor.old], new[at_new : anchor.new], depth + 1)
        found += [*_moved_on(inner, at_old, at_new), anchor]
        at_old, at_new = anchor.old + anchor.length, anchor.new + anchor.length
    return found


def _in_pieces(old: list[int], new: list[int]) -> list[Run]:
    """Piece by piece, each with the one that stands as far on: coarse, and good where little was moved."""
    number = int((len(old) * len(new) / AFFORDABLE) ** 0.5) + 1
    found: list[Run] = []
    for piece in range(number):
        from_old, to_old = (len(old) * one // number for one in (piece, piece + 1))
        from_new, to_new = (len(new) * one // number for one in (piece, piece + 1))
        found += _moved_on(_exact(old[from_old:to_old], new[from_new:to_new]), from_old, from_new)
    return found


def _moved_on(runs: Iterable[Run], old: int, new: int) -> list[Run]:
    return [Run(run.old + old, run.new + new, run.length) for run in runs]


def _common(old: list[int], new: list[int]) -> int:
    both = enumerate(zip(old, new, strict=False))
    return next((at for at, (one, other) in both if one != other), min(len(old), len(new)))


def _joined(runs: Iterable[Run]) -> list[Run]:
    found: list[Run] = []
    for run in runs:
        last = found[-1] if found else Run(-1, -1, 0)
        if found and (last.old + last.length, last.new + last.length) == (run.old, run.new):
            found[-1] = Run(last.old, last.new, last.length + run.length)
        elif run.length:
            found.append(run)
    return found
