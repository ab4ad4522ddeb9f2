"""Where a passage stands in another revision: on the very same words, or nowhere; never on other ones."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from workflow.text.aligning import PLACE_MARK, Alignment
from workflow.text.blocks import BODY, FOOTNOTE, PARTS, QUOTE, Block, blocks
from workflow.text.content import Content, Edition
from workflow.text.passages import CONTEXT, Passage

# So far around a passage is looked at: what has stayed there makes it the one or the other of several equal ones.
REACH = 200
# Bits that words beside an often said passage must tell to make it the one or the other.
ALONE = 10.0
KEPT = 32
WORD = re.compile(r"\S+")
CORE = re.compile(r"\w(?:\S*\w)?")
END = "end"


@dataclass(frozen=True)
class Place:
    """Where a passage stands: from `start` in `block` to before `end` in `last`, which mostly is the same block."""

    block: str
    start: int
    last: str
    end: int
    exact: str


class Words:
    """The words of an edition in the order of the page, bare of what stands around them, with marks between the parts.

    Positions count in `text`, in which all blocks stand behind each other with a blank between.
    """

    def __init__(self, edition: Edition) -> None:
        self.blocks = blocks(edition)
        self.text = " ".join(block.text for block in self.blocks)
        self.tokens: list[str] = []
        # Of each word: where it begins and ends, and where it begins without marks before it.
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.cores: list[int] = []
        # Of each block: where it begins.
        self.begins: list[int] = []
        begin = 0
        for part in PARTS:
            if part in (QUOTE, FOOTNOTE):
                continue  # they stand within the body
            self._add(PLACE_MARK + part, begin, begin, begin)
            for block in self.blocks:
                if block.part == part or (part == BODY and block.part in (QUOTE, FOOTNOTE)):
                    self.begins.append(begin)
                    self._add_block(block, begin)
                    begin += len(block.text) + 1
        self._add(PLACE_MARK + END, begin, begin, begin)

    def _add_block(self, block: Block, begin: int) -> None:
        for word in WORD.finditer(block.text):
            core = CORE.search(word[0])
            bare, before = (core[0], core.start()) if core else (word[0], 0)
            self._add(bare, begin + word.start(), begin + word.end(), begin + word.start() + before)

    def _add(self, token: str, start: int, end: int, core: int) -> None:
        self.tokens.append(token)
        self.starts.append(start)
        self.ends.append(end)
        self.cores.append(core)

    def begin_of(self, passage: Passage) -> int | None:
        """Where a passage of this edition begins; by what stands around it where its block is another one."""
        at = next((at for at, block in enumerate(self.blocks) if block.key == passage.block), None)
        if at is not None and self.text.startswith(passage.exact, self.begins[at] + passage.start):
            return self.begins[at] + passage.start
        around = passage.prefix + passage.exact + passage.suffix
        if around == passage.exact or self.text.count(around) != 1:
            return None
        return self.text.index(around) + len(passage.prefix)

    def covering(self, begin: int, end: int) -> tuple[int, int]:
        """The first and the last word of the characters from `begin` to before `end`."""
        return bisect_right(self.ends, begin), bisect_left(self.starts, end) - 1

    def place(self, begin: int, end: int) -> Place:
        """The characters from `begin` to before `end` as a place."""
        first, last = bisect_right(self.begins, begin) - 1, bisect_right(self.begins, end - 1) - 1
        return Place(
            block=self.blocks[first].key,
            start=begin - self.begins[first],
            last=self.blocks[last].key,
            end=end - self.begins[last],
            exact=self.text[begin:end],
        )


def locate(passage: Passage, old: Edition, new: Edition) -> Place | None:
    """Where a passage of `old` stands in `new`: on the same words, also when they were moved or wrapped anew; or None.

    Which of several equal places it is, what stands around them decides; where that leaves a doubt, it is none.
    """
    before, after = _words(old), _words(new)
    begin = before.begin_of(passage)
    if begin is None:
        return None
    end = begin + len(passage.exact)
    if old == new:
        return before.place(begin, end)
    first, last = before.covering(begin, end)
    alignment = _alignment(old, new)
    if not _stayed(alignment, first, last):
        return None
    new_first, new_last = alignment.to[first], alignment.to[last]
    begin = after.cores[new_first] + begin - before.cores[first]
    end = after.cores[new_last] + end - before.cores[last]
    if begin < 0 or after.text[begin:end] != passage.exact:
        return None
    return after.place(begin, end)


def stands(kept: object, edition: Edition) -> bool:
    """Whether what a form brings as a passage is one of `edition`."""
    try:
        passage = Passage.from_json(kept)
    except ValueError:
        return False
    if max(len(passage.prefix), len(passage.suffix)) > CONTEXT:
        return False
    place = locate(passage, edition, edition)
    return place is not None and (place.block, place.start) == (passage.block, passage.start)


def edition_of(kept: object, content: Content) -> Edition | None:
    """The edition of a text in which a passage stands, by what is kept of it; none where there is no such one."""
    language = kept.get("language", "") if isinstance(kept, Mapping) else ""
    return content.find(language) if isinstance(language, str) else None


def stands_in(kept: object, content: Content) -> bool:
    """Whether what a form brings as a passage is one of the edition that it names."""
    edition = edition_of(kept, content)
    return edition is not None and stands(kept, edition)


def locate_in(passage: Passage, old: Content, new: Content) -> Place | None:
    """Where a passage stands in another text, in the edition of the same language; or None."""
    before, after = old.find(passage.language), new.find(passage.language)
    return locate(passage, before, after) if before and after else None


def _stayed(alignment: Alignment, first: int, last: int) -> bool:
    """Whether the words from `first` to `last` stand behind each other as they did, and are no others."""
    shift = alignment.to[first] - first
    if alignment.to[first] < 0 or any(alignment.to[at] != at + shift for at in range(first, last + 1)):
        return False
    begin, end = _reach(alignment, first, -1), _reach(alignment, last, 1)
    if any(alignment.repeated[first : last + 1]):
        told = _alone(alignment, range(first - 1, begin - 1, -1)) and _alone(alignment, range(last + 1, end + 1))
        if not told:
            return _part_is_the_same(alignment, first, last)
    elif alignment.telling(first, last) and not alignment.rivals(first, last):
        return True
    # An edge that stands elsewhere too could be what was taken out there, or put in.
    return not alignment.rivals(begin, first) and not alignment.rivals(last, end)


def _alone(alignment: Alignment, stretch: range) -> bool:
    """Whether there are words within the part which belong to nothing that is said twice, and are more than chance."""
    told = 0.0
    for at in stretch:
        if alignment.old[at].startswith(PLACE_MARK):
            break
        if not alignment.repeated[at]:
            told += alignment.tells(at)
    return told >= ALONE


def _part_is_the_same(alignment: Alignment, first: int, last: int) -> bool:
    """Whether all from the mark of a part before `first` to the one behind `last` is as it was."""
    while not alignment.old[first].startswith(PLACE_MARK):
        first -= 1
    while not alignment.old[last].startswith(PLACE_MARK):
        last += 1
    shift = alignment.to[first] - first
    return all(alignment.to[at] == at + shift for at in range(first, last + 1))


def _reach(alignment: Alignment, at: int, step: int) -> int:
    """The last of the words that stayed beside the one at `at` in the direction of `step`."""
    shift = alignment.to[at] - at
    for _ in range(REACH):
        if not 0 <= at + step < len(alignment.to) or alignment.to[at + step] != at + step + shift:
            break
        at += step
    return at


@lru_cache(KEPT)
def _words(edition: Edition) -> Words:
    return Words(edition)


@lru_cache(KEPT)
def _alignment(old: Edition, new: Edition) -> Alignment:
    return Alignment(_words(old).tokens, _words(new).tokens)
