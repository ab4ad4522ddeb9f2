"""Which words of an old text are which words of a new one, moved ones included; doubtful ones are none.

Two places are the same words where a run of words stands once in the old text and once in the new one, and is too
telling to be there by chance: rare words tell more than frequent ones. From such anchors the run goes on as far as
the texts are equal. Where that claims a word twice (one of two equal sentences was taken out: which?), nobody gets it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2

FREE, TORN = -1, -2
# Bits that a run must tell beyond what chance finds in texts of that length.
BEYOND_CHANCE, BEYOND_CHANCE_IN_A_GAP = 10.0, 8.0
# Bits from which on a run that stands twice is more than the small coin of every text.
REPEATED = 12.0
LONGEST_ANCHOR = 40
ROUNDS = 4
MOST_PLACES = 5000
# Begins a word that stands for a place (the begin of a part): there is one of each, and it is an anchor by itself.
PLACE_MARK = "\0"


@dataclass(frozen=True)
class Run:
    """`length` words that stand at `old` and at `new`."""

    old: int
    new: int
    length: int


class Alignment:
    """The words of two texts and which are the same. `to[i]` is where old word i stands now; below 0: nowhere."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.old, self.new = old, new
        counts = Counter(old)
        counts.update(new)
        total = len(old) + len(new)
        self._tells = {word: log2(total / count) for word, count in counts.items()}
        self.to = [FREE] * len(old)
        self.come_from = [FREE] * len(new)
        # The words that stand in an anchor; the others are only beside one.
        self.anchored = [False] * len(old)
        # The words in runs that stand twice in one of the texts.
        self.repeated = [False] * len(old)
        self._need = log2(max(1, len(old) * len(new))) + BEYOND_CHANCE
        self._where = _Index(old), _Index(new)
        self._mark_repeated()
        self._align()

    def telling(self, first: int, last: int) -> bool:
        """Whether the old words from `first` to `last` tell more than chance would find in texts of this length."""
        return sum(self.tells(at) for at in range(first, last + 1)) >= self._need

    def tells(self, at: int) -> float:
        """How many bits the old word at `at` tells; rare words tell more."""
        return self._tells[self.old[at]]

    def rivals(self, first: int, last: int) -> bool:
        """Whether the old words from `first` to `last` stand elsewhere too, in either text."""
        words = self.old[first : last + 1]
        here, there = self._where
        if here.frequent(words) or there.frequent(words):
            return True
        return any(at != first for at in here.of(words)) or any(at != self.to[first] for at in there.of(words))

    def _align(self) -> None:
        anchors = [*self._places(), *self._anchors(range(len(self.old)), range(len(self.new)), BEYOND_CHANCE)]
        self._anchor(anchors)
        for _ in range(ROUNDS):
            found = [run for gap in self._gaps() for run in self._anchors(*gap, BEYOND_CHANCE_IN_A_GAP)]
            if not found:
                break
            self._anchor(found)

    def _anchor(self, anchors: list[Run]) -> None:
        self._claim(anchors)
        for run in anchors:
            self.anchored[run.old : run.old + run.length] = [True] * run.length
        self._claim(self._extended())

    def _places(self) -> Iterator[Run]:
        there = {word: at for at, word in enumerate(self.new) if word.startswith(PLACE_MARK)}
        for at, word in enumerate(self.old):
            if word in there:
                yield Run(at, there[word], 1)

    def _anchors(self, old: range, new: range, beyond: float) -> list[Run]:
        """Telling runs that stand once in this stretch of the old text and once in that of the new one."""
        if not old or not new:
            return []
        need = log2(len(old) * len(new)) + beyond
        there = _by_words(self._telling(self.new, new, need))
        here = _by_words(self._telling(self.old, old, need))
        return [
            Run(places[0], there[words][0], len(words))
            for words, places in here.items()
            if len(places) == len(there.get(words, ())) == 1
        ]

    def _mark_repeated(self) -> None:
        there = _by_words(self._telling(self.new, range(len(self.new)), REPEATED))
        for words, places in _by_words(self._telling(self.old, range(len(self.old)), REPEATED)).items():
            if len(places) > 1 or len(there.get(words, ())) > 1:
                for at in places:
                    self.repeated[at : at + len(words)] = [True] * len(words)

    def _telling(self, words: Sequence[str], stretch: range, need: float) -> Iterator[tuple[tuple[str, ...], int]]:
        """From each word on, the shortest run that tells at least `need`."""
        end, told = stretch.start, 0.0
        for at in stretch:
            while told < need and end < stretch.stop:
                told += self._tells[words[end]]
                end += 1
            if told < need:
                return
            if end - at <= LONGEST_ANCHOR:
                yield tuple(words[at:end]), at
            told -= self._tells[words[at]]

    def _claim(self, runs: Iterable[Run]) -> None:
        """Note that the words of runs are the same; whatever is claimed for two is torn away from both."""
        for run in runs:
            for at in range(run.length):
                self._claim_word(run.old + at, run.new + at)

    def _claim_word(self, old: int, new: int) -> None:
        if self.to[old] == new:
            return
        if self.to[old] == FREE and self.come_from[new] == FREE:
            self.to[old], self.come_from[new] = new, old
            return
        if self.to[old] >= 0:
            self.come_from[self.to[old]] = TORN
        if self.come_from[new] >= 0:
            self.to[self.come_from[new]] = TORN
        self.to[old] = self.come_from[new] = TORN

    def _runs(self) -> list[Run]:
        """The longest runs of words that are the same, in the order of the old text."""
        runs: list[Run] = []
        for at, to in enumerate(self.to):
            if to < 0:
                continue
            if runs and at == runs[-1].old + runs[-1].length and to == runs[-1].new + runs[-1].length:
                runs[-1] = Run(runs[-1].old, runs[-1].new, runs[-1].length + 1)
            else:
                runs.append(Run(at, to, 1))
        return runs

    def _extended(self) -> list[Run]:
        """What is equal behind and before each run, also where it belongs to another: then nobody knows whose it is."""
        runs = self._runs()
        found = []
        reached: dict[int, int] = {}
        for run in runs:
            end = run.old + run.length
            # What another run on the same line has gone over already is not gone over again.
            if end >= reached.get(run.new - run.old, 0):
                length = self._equal(end, run.new + run.length, 1)
                found.append(Run(end, run.new + run.length, length))
                reached[run.new - run.old] = end + length
        reached.clear()
        for run in reversed(runs):
            if run.old <= reached.get(run.new - run.old, run.old):
                length = self._equal(run.old - 1, run.new - 1, -1)
                found.append(Run(run.old - length, run.new - length, length))
                reached[run.new - run.old] = run.old - length
        return found

    def _equal(self, old: int, new: int, step: int) -> int:
        length = 0
        while 0 <= old < len(self.old) and 0 <= new < len(self.new) and self.old[old] == self.new[new]:
            old, new, length = old + step, new + step, length + 1
        return length

    def _gaps(self) -> Iterator[tuple[range, range]]:
        """What lies between two anchored runs that follow each other in both texts."""
        runs = [run for run in self._runs() if any(self.anchored[run.old : run.old + run.length])]
        rank = {run.old: at for at, run in enumerate(sorted(runs, key=lambda run: run.new))}
        for before, after in pairwise(runs):
            if rank[after.old] == rank[before.old] + 1:
                # What is only beside an anchor could be of another place yet: it lies in the gap.
                old = range(self._last_anchored(before) + 1, self._first_anchored(after))
                yield old, range(old.start + before.new - before.old, old.stop + after.new - after.old)

    def _first_anchored(self, run: Run) -> int:
        return next(at for at in range(run.old, run.old + run.length) if self.anchored[at])

    def _last_anchored(self, run: Run) -> int:
        return next(at for at in range(run.old + run.length - 1, run.old - 1, -1) if self.anchored[at])


class _Index:
    """Where words stand in a text."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.at: dict[str, list[int]] = {}
        for at, word in enumerate(words):
            self.at.setdefault(word, []).append(at)

    def frequent(self, words: Sequence[str]) -> bool:
        """Whether even the rarest of `words` stands in too many places to look at each."""
        return min(len(self.at.get(word, ())) for word in words) > MOST_PLACES

    def of(self, words: Sequence[str]) -> Iterator[int]:
        """Where `words` begin; found by the rarest of them."""
        offset = min(range(len(words)), key=lambda at: len(self.at.get(words[at], ())))
        for at in self.at.get(words[offset], ()):
            begin = at - offset
            if begin >= 0 and self.words[begin : begin + len(words)] == words:
                yield begin


def _by_words(found: Iterable[tuple[tuple[str, ...], int]]) -> dict[tuple[str, ...], list[int]]:
    """Where each run stands."""
    places: dict[tuple[str, ...], list[int]] = {}
    for words, at in found:
        places.setdefault(words, []).append(at)
    return places
