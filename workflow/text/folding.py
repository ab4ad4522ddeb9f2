"""A redline as a reader goes through it: changes counted, what only moved told as such, what stayed folded away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workflow.text.redline import Change, Part
from workflow.text.wording import is_word, wording

# Unchanged characters that are worth a fold, and how many stay in sight beside a change where the line is long.
FOLD, BESIDE, LINE = 400, 120, 240
EXCERPT = 60
# A stretch that came in one place and went in another, with so many words, has moved.
MOVED_WORDS = 5


@dataclass(frozen=True)
class PartChange:
    """One change as the redline counts it: what went, what came in its place, in which part.

    `moved` is the number of the change that has the same words on the other side, 0 for none.
    """

    number: int
    removed: str
    added: str
    part: Part | None = None
    moved: int = 0


@dataclass(frozen=True)
class Kept:
    """Text that stayed; folded away where it is long, with the number of its words.

    Torn is text that a fold parts from its line.
    """

    text: str
    folded: bool = False
    words: int = 0
    torn_before: bool = False
    torn_behind: bool = False


def edges(text: str) -> tuple[str, str]:
    """The beginning and the end of text that stayed beside a change, where the whole would be too long to show."""
    if len(text) <= FOLD:
        return text, ""
    first, last = text[:BESIDE].rfind(" "), text.find(" ", len(text) - BESIDE)
    return (text[:first], text[last:]) if 0 < first < last else (text, "")


def numbered(changes: Iterable[Change]) -> list[PartChange | str]:
    """The stretches in order: text that stayed as it is, and changes with their numbers."""
    found: list[PartChange | str] = []
    count = 0
    for change in changes:
        last = found[-1] if found else ""
        if change.op == "equal":
            found.append(change.text)
        elif change.op == "insert" and isinstance(last, PartChange) and not last.added and last.part == change.part:
            found[-1] = replace(last, added=change.text)
        else:
            count += 1
            removed, added = (change.text, "") if change.op == "delete" else ("", change.text)
            found.append(PartChange(count, removed, added, change.part))
    return _with_moves(found)


def _with_moves(stretches: list[PartChange | str]) -> list[PartChange | str]:
    went: dict[str, int] = {}
    came: dict[str, int] = {}
    for one in stretches:
        if isinstance(one, PartChange) and not (one.removed and one.added):
            text = (one.removed or one.added).strip()
            if len(text.split(None, MOVED_WORDS)) >= MOVED_WORDS:
                (went if one.removed else came)[text] = one.number
    return [
        replace(one, moved=(came if one.removed else went).get((one.removed or one.added).strip(), 0))
        if isinstance(one, PartChange) and not (one.removed and one.added)
        else one
        for one in stretches
    ]


def folded(changes: Iterable[Change | Sequence[str]]) -> list[PartChange | Kept]:
    """What a page shows, in order. Takes changes, or pairs of op and text."""
    given = [change if isinstance(change, Change) else Change(*change) for change in changes]  # type: ignore[arg-type]
    stretches = numbered(given)
    found: list[PartChange | Kept] = []
    for at, one in enumerate(stretches):
        if isinstance(one, PartChange):
            found.append(one)
        else:
            found += _kept(one, beside_before=at > 0, beside_behind=at < len(stretches) - 1)
    return found


def _kept(text: str, *, beside_before: bool, beside_behind: bool) -> list[Kept]:
    head = _beginning(text) if beside_before else 0
    tail = _ending(text) if beside_behind else len(text)
    if tail - head < FOLD:
        return [Kept(text)]
    middle = text[head:tail]
    words = sum(map(is_word, wording(middle).words))
    before = Kept(text[:head], torn_behind=not text[:head].endswith("\n"))
    behind = Kept(text[tail:], torn_before=not middle.endswith("\n"))
    return [part for part in (before, Kept(middle, folded=True, words=words), behind) if part.text]


def _beginning(text: str) -> int:
    """Up to where text stays in sight behind a change: the rest of its line, or some words of it."""
    line = text.find("\n", 0, LINE)
    if line >= 0:
        return next((at for at in range(line, len(text)) if text[at] != "\n"), len(text))
    return max((end for end in wording(text[:LINE]).ends if end <= BESIDE), default=0)


def _ending(text: str) -> int:
    """From where text stays in sight before a change: the beginning of its line, or some words of it."""
    first = max(0, len(text) - LINE)
    line = text.rfind("\n", first)
    if line >= 0:
        return line + 1
    starts = (first + start for start in wording(text[first:]).starts)
    return min((start for start in starts if start >= len(text) - BESIDE), default=len(text))


def excerpt(text: str) -> str:
    """The beginning of a stretch on one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= EXCERPT:
        return line
    end = max((end for end in wording(line[: 2 * EXCERPT]).ends if end <= EXCERPT), default=0)
    return f"{line[:end]}…"
