"""A text as its words, in any script: where each begins and ends, and the blanks between them.

ICU says where words end, also in languages without blanks between them (Chinese, Japanese, Thai). Accents, vowel
signs and joiners stay with their letter, a number with its separators, an emoji with all that it is made of; what a
hyphen joins ("forty-seven") is one word.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import icu

SURROGATE = re.compile("[\ud800-\udfff]")
HYPHENS = frozenset("-\u2010\u2011")
ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Wording:
    """A text and its words, signs such as a full stop included: word n is `text[starts[n]:ends[n]]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @cached_property
    def words(self) -> list[str]:
        """The words alone."""
        return [self.text[start:end] for start, end in zip(self.starts, self.ends, strict=True)]

    def gap(self, at: int) -> str:
        """The blanks before word `at`; those behind the last word are before the one that would follow."""
        return self.between(at, at)

    def between(self, first: int, last: int) -> str:
        """The words from `first` up to before `last`, with the blanks before, between and behind them."""
        begin = self.ends[first - 1] if first else 0
        end = self.starts[last] if last < len(self.starts) else len(self.text)
        return self.text[begin:end]


def wording(text: str) -> Wording:
    """`text` cut into words. Takes time proportional to its length, whatever it is made of."""
    spans: list[tuple[int, int]] = []
    for start, end in pairwise(_boundaries(text)):
        if text[start:end].isspace():
            continue
        if _hyphenated(text, spans, start):
            spans[-2:] = [(spans[-2][0], end)]
        else:
            spans.append((start, end))
    return Wording(text, tuple(start for start, _ in spans), tuple(end for _, end in spans))


def _hyphenated(text: str, before: list[tuple[int, int]], start: int) -> bool:
    """Whether the word that begins at `start` is joined by a hyphen to the word before."""
    return (
        text[start - 1 : start] in HYPHENS
        and len(before) > 1
        and before[-2][1] == before[-1][0] == start - 1
        and text[start - 2].isalnum()
        and text[start].isalnum()
    )


def is_word(word: str) -> bool:
    """Whether it has a letter or a digit, and is no mere sign."""
    return any(map(str.isalnum, word))


def _boundaries(text: str) -> list[int]:
    """Where words begin and end, from 0 to the length of the text."""
    if SURROGATE.search(text):  # no text that was checked has any; ICU would join two of them to one character
        return list(range(len(text) + 1))
    breaks = icu.BreakIterator.createWordInstance(icu.Locale.getRoot())
    breaks.setText(text)
    # ICU counts in UTF-16: a character beyond the first 65,536 is two.
    found = [0, *breaks]
    return found if not ASTRAL.search(text) else _in_characters(text, found)


def _in_characters(text: str, found: list[int]) -> list[int]:
    places, unit = {}, 0
    for at, char in enumerate(text):
        places[unit] = at
        unit += 2 if char > "\uffff" else 1
    places[unit] = len(text)
    return [places[one] for one in found]
