"""What changed between two texts, word by word, in any script.

Lines are compared first, then the words of those that are not the same. Joining what is equal or deleted gives the
old text exactly, joining what is equal or inserted gives the new one.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from workflow.rules.refusals import Message
from workflow.text.matching import Run, matched
from workflow.text.tidying import tidied
from workflow.text.wording import Wording, wording

Op = Literal["equal", "insert", "delete"]

LINE = re.compile(r"[^\n]+\n*|\n+")
# Of the shorter of two lines, so much must have stayed for its words to be compared with the other's.
LIKE = 0.35
# More changes than these nobody reads, and no page should carry: what stayed between them is given up.
MOST = 2000


class Part(NamedTuple):
    """A part of an edition: "headline", or "paragraph" with its number."""

    name: str
    number: int = 0

    @property
    def message(self) -> Message:
        """What a person calls it: "Paragraph 3"."""
        return Message(f"part.{self.name}", {"number": self.number} if self.number else {})


@dataclass(frozen=True)
class Change:
    """A stretch of text that stayed, came or went, and the part of the edition it stands in where that is known."""

    op: Op
    text: str
    part: Part | None = None


def compare(old: str, new: str) -> list[Change]:
    """The stretches that lead from `old` to `new`, deletions before insertions; empty for two empty texts.

    Hostile texts get a coarser answer, never a late or a wrong one.
    """
    lines_old, lines_new = LINE.findall(old), LINE.findall(new)
    stretches: list[tuple[Op, str]] = []
    at_old = at_new = 0
    runs = [*matched(lines_old, lines_new), Run(len(lines_old), len(lines_new), 0)]
    lead = _lines if len(runs) <= MOST else _whole
    for run in runs:
        stretches += lead(lines_old[at_old : run.old], lines_new[at_new : run.new])
        at_old, at_new = run.old + run.length, run.new + run.length
        stretches.append(("equal", "".join(lines_old[run.old : at_old])))
    return _few(joined(stretches))


def steps(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[Op, int]]:
    """How one sequence becomes another: in order, how many parts stay, go or come. Paragraphs, quotes, anything."""
    found: list[tuple[Op, int]] = []
    at_old = at_new = 0
    for run in [*matched(old, new), Run(len(old), len(new), 0)]:
        found += [("delete", run.old - at_old), ("insert", run.new - at_new), ("equal", run.length)]
        at_old, at_new = run.old + run.length, run.new + run.length
    return [(op, number) for op, number in found if number]


# Lines ------------------------------------------------------------------------------------------


def _lines(old: list[str], new: list[str]) -> Iterator[tuple[Op, str]]:
    """Lines none of which is the same: the words of those that are alike, the others whole."""
    if not old or not new or max(len(old), len(new)) > MOST:
        yield from _whole(old, new)
        return
    if len(old) == len(new) == 1:
        yield from _words(wording(old[0]), wording(new[0]))
        return
    at_old = at_new = 0
    for first_old, end_old, first_new, end_new in [*_alike(old, new), (len(old), len(old), len(new), len(new))]:
        yield from _whole(old[at_old:first_old], new[at_new:first_new])
        yield from _words(wording("".join(old[first_old:end_old])), wording("".join(new[first_new:end_new])))
        at_old, at_new = end_old, end_new


def _whole(old: list[str], new: list[str]) -> Iterator[tuple[Op, str]]:
    """One for the other, without a look within."""
    yield from (("delete", "".join(old)), ("insert", "".join(new)))


def _alike(old: list[str], new: list[str]) -> list[tuple[int, int, int, int]]:
    """Lines that tell the same with other words: from, to in the old ones; from, to in the new ones.

    One line may have become several and several one, so that what was split is not shown as gone and come anew.
    """
    words_old, words_new = wording("".join(old)), wording("".join(new))
    line_old, line_new = _line_of_words(words_old, old), _line_of_words(words_new, new)
    shared: Counter[tuple[int, int]] = Counter()
    for run in tidied(matched(words_old.words, words_new.words), words_old, words_new):
        for at in range(run.length):
            word = words_old.words[run.old + at]
            shared[line_old[run.old + at], line_new[run.new + at]] += len(word)
    sizes_old, sizes_new = _sizes(words_old, line_old), _sizes(words_new, line_new)
    found: list[tuple[int, int, int, int]] = []
    for (one, other), size in sorted(shared.items()):
        if size < LIKE * min(sizes_old[one], sizes_new[other]):
            continue
        if found and (one < found[-1][1] or other < found[-1][3]):
            first_old, end_old, first_new, end_new = found.pop()
            found.append((first_old, max(end_old, one + 1), first_new, max(end_new, other + 1)))
        else:
            found.append((one, one + 1, other, other + 1))
    return found


def _line_of_words(words: Wording, lines: list[str]) -> list[int]:
    """For each word the number of the line it begins in."""
    found, line, end = [], 0, len(lines[0])
    for start in words.starts:
        while start >= end:
            line += 1
            end += len(lines[line])
        found.append(line)
    return found


def _sizes(words: Wording, line_of: list[int]) -> Counter[int]:
    sizes: Counter[int] = Counter()
    for line, start, end in zip(line_of, words.starts, words.ends, strict=True):
        sizes[line] += end - start
    return sizes


# Words ------------------------------------------------------------------------------------------


def _words(old: Wording, new: Wording) -> Iterator[tuple[Op, str]]:
    """Two texts word by word. Blanks are compared where the words on both sides of them stayed."""
    at_old = at_new = 0
    for run in tidied(matched(old.words, new.words), old, new):
        yield from _replaced(old.between(at_old, run.old), new.between(at_new, run.new))
        yield from _stayed(run, old, new)
        at_old, at_new = run.old + run.length, run.new + run.length
    yield from _replaced(old.between(at_old, len(old.starts)), new.between(at_new, len(new.starts)))


def _stayed(run: Run, old: Wording, new: Wording) -> Iterator[tuple[Op, str]]:
    """Words that are the same; the blanks between them may be others."""
    last_old, last_new = run.old + run.length - 1, run.new + run.length - 1
    text = old.text[old.starts[run.old] : old.ends[last_old]]
    if text == new.text[new.starts[run.new] : new.ends[last_new]]:
        yield "equal", text
        return
    for step in range(run.length):
        if step:
            yield from _replaced(old.gap(run.old + step), new.gap(run.new + step))
        yield "equal", old.words[run.old + step]


def _replaced(old: str, new: str) -> Iterator[tuple[Op, str]]:
    """One stretch for another; the blanks that both begin and end with stayed."""
    if old == new:
        yield "equal", old
        return
    head = _common_blanks(old, new)
    tail = _common_blanks(old[head:][::-1], new[head:][::-1])
    yield "equal", old[:head]
    yield "delete", old[head : len(old) - tail]
    yield "insert", new[head : len(new) - tail]
    yield "equal", old[len(old) - tail :]


def _common_blanks(old: str, new: str) -> int:
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other or not one.isspace():
            break
        count += 1
    return count


# Stretches --------------------------------------------------------------------------------------


def joined(stretches: Iterable[tuple[Op, str]]) -> list[Change]:
    """Neighbours of one kind as one; between two equal stretches at most one deletion, then one insertion."""
    result: list[Change] = []
    parts: dict[Op, list[str]] = {"equal": [], "delete": [], "insert": []}

    def settle(*ops: Op) -> None:
        for op in ops:
            if text := "".join(parts[op]):
                result.append(Change(op, text))
            parts[op].clear()

    for op, text in stretches:
        if text:
            settle(*(("delete", "insert") if op == "equal" else ("equal",)))
            parts[op].append(text)
    settle("equal", "delete", "insert")
    return result


def _few(changes: list[Change]) -> list[Change]:
    """At most some thousand changes: stretches that stayed become changes, the shortest first."""
    shortest = 1
    while len(changes) > 3 * MOST:
        shortest *= 4
        stretches: list[tuple[Op, str]] = []
        for change in changes:
            if change.op == "equal" and len(change.text) < shortest:
                stretches += [("delete", change.text), ("insert", change.text)]
            else:
                stretches.append((change.op, change.text))
        changes = joined(stretches)
    return changes
