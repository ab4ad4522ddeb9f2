"""Makes the words that two texts share readable as a redline: whole phrases change, not every second word."""

from workflow.text.matching import Run
from workflow.text.wording import Wording, is_word

# So many letters that stayed are always shown as having stayed, whatever changed around them.
WORTH_KEEPING = 30
SENTENCE_ENDS = frozenset(".!?…。！？؟۔।")
FARTHEST_SLIDE = 200
MOST = 10_000


def tidied(runs: list[Run], old: Wording, new: Wording) -> list[Run]:
    """Fewer runs: what stayed between two changes is given up where it is shorter than they are, and a change
    begins, if it can, where a line, a sentence or a clause does."""
    return _slid(_without_islands(_few(runs), old, new), old, new)


def _few(runs: list[Run]) -> list[Run]:
    """No more runs than a text that people wrote has: of others the shortest are given up."""
    shortest = 1
    while len(runs) > MOST:
        shortest *= 2
        runs = [run for run in runs if run.length >= shortest]
    return runs


def _without_islands(runs: list[Run], old: Wording, new: Wording) -> list[Run]:
    sizes = _Sizes(old), _Sizes(new)
    kept: list[Run] = []
    for at, run in enumerate(runs):
        kept.append(run)
        following = runs[at + 1] if at + 1 < len(runs) else Run(len(old.starts), len(new.starts), 0)
        while kept and _is_island(kept, following, sizes, old):
            kept.pop()
    return kept


def _is_island(kept: list[Run], following: Run, sizes: "tuple[_Sizes, _Sizes]", old: Wording) -> bool:
    """Whether the last run kept is not worth showing between the changes before and behind it."""
    run, before = kept[-1], kept[-2] if len(kept) > 1 else Run(0, 0, 0)
    size = sizes[0].of(run.old, run.old + run.length)
    if size > WORTH_KEEPING or "\n" in old.between(run.old, run.old + run.length):
        return False
    changes = [
        (sizes[0].of(first.old + first.length, last.old), sizes[1].of(first.new + first.length, last.new))
        for first, last in ((before, run), (run, following))
    ]
    smaller = min(max(change) for change in changes)
    # What only came, or only went, on both sides reads well with short words between; what was replaced does not.
    replaced = any(map(all, changes))
    return bool(smaller) and size <= (smaller if replaced else smaller / 4)


class _Sizes:
    """How many characters some neighbouring words have."""

    def __init__(self, wording: Wording) -> None:
        self.sums = [0]
        for start, end in zip(wording.starts, wording.ends, strict=True):
            self.sums.append(self.sums[-1] + end - start)

    def of(self, first: int, last: int) -> int:
        return self.sums[last] - self.sums[first]


# Where a change begins -------------------------------------------------------------------------


def _slid(runs: list[Run], old: Wording, new: Wording) -> list[Run]:
    """What only came or only went, and could as well stand some words earlier or later, stands where it reads best."""
    found = list(runs)
    for at in range(len(found) - 1):
        first, last = found[at], found[at + 1]
        end_old, end_new = first.old + first.length, first.new + first.length
        if end_old == last.old:
            steps = _best_slide(new, end_new, last.new, first.length, last.length)
        elif end_new == last.new:
            steps = _best_slide(old, end_old, last.old, first.length, last.length)
        else:
            continue
        found[at] = first._replace(length=first.length + steps)
        found[at + 1] = Run(last.old + steps, last.new + steps, last.length - steps)
    return [run for run in found if run.length]


def _best_slide(text: Wording, start: int, end: int, earlier: int, later: int) -> int:
    """By how many words the change from `start` to `end` is best moved; at most so many that runs stay beside it."""
    words = text.words
    best, steps = _reads(text, start) + _reads(text, end), 0
    for way, room in ((-1, earlier), (1, later)):
        for moved in range(1, min(room, FARTHEST_SLIDE) + 1):
            # One word more on this side: it must be the one that leaves on the other.
            here, there = (start - moved, end - moved) if way < 0 else (start + moved - 1, end + moved - 1)
            if words[here] != words[there]:
                break
            score = _reads(text, start + way * moved) + _reads(text, end + way * moved)
            if score > best:
                best, steps = score, way * moved
    return steps


def _reads(text: Wording, at: int) -> int:
    """How well a change begins, or ends, before word `at`: with a line, a sentence, a clause, a word, within one."""
    gap = text.gap(at)
    if at in (0, len(text.starts)) or "\n" in gap:
        return 4
    before = text.words[at - 1]
    if before in SENTENCE_ENDS:
        return 3
    if not gap:
        return 0
    return 1 if is_word(before) else 2
