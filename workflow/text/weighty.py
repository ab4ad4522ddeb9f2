"""Looking among the words of a change for what is weighty in them: numbers, names, negations, dates."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TypeAlias
from unicodedata import category

from babel.dates import get_day_names, get_month_names

from workflow.text.collation import locale_for
from workflow.text.negations import negation_in
from workflow.text.numerals import numbers_in
from workflow.text.tidying import SENTENCE_ENDS
from workflow.text.wording import Wording, is_word, wording

Span: TypeAlias = tuple[int, int]
Found: TypeAlias = tuple[str, str]

# What makes another number of the one beside it; units have few letters ("km", "pm").
SIGNS, LONGEST_UNIT = frozenset("%‰‱٪°+-−±<>≤≥~"), 3
VOWELS = frozenset("aeiouyаеиоуэюяыіїє")
# German writes every noun with a capital: only names that are given, and words all in capitals, are known as names.
NOUNS_WITH_CAPITALS = frozenset(("de",))


class Look:
    """Finds what matters among the words of a change, as pairs: what is compared, and how it is written.

    Both whole texts are there, for a word's place in its sentence tells whether it is a name.
    """

    def __init__(self, language: str, old: Wording, new: Wording, names: Iterable[str]) -> None:
        self.language, self.old, self.new = language, old, new
        given = {word.casefold() for name in names for word in wording(name).words if is_word(word)}
        words = [*old.words, *new.words]
        # "The" of "The Orchard Trust" is no name where it begins a sentence, for it is also written small.
        small = {word for word in words if word[0].islower()}
        seen = {text.words[at].casefold() for text in (old, new) for at in _capitals_within(text)}
        self.known = (given | (seen if self._tells_names() else set())) - small

    def numbers(self, text: Wording, span: Span) -> list[Found]:
        """Numbers, and what makes others of them: a sign, a currency, a unit beside one."""
        found: list[Found] = []
        for at in _within(text, span):
            word = text.words[at]
            own = [(number, word) for number in numbers_in(word, self.language)]
            found += own or self._beside_number(text, at)
        return found

    def _beside_number(self, text: Wording, at: int) -> list[Found]:
        word = text.words[at]
        before, after = (self._number_at(text, at + by) for by in (-1, 1))
        if _is_sign(word) and (before or after):
            return [(word, f"{before}{word}{after}")]
        return [(word, f"{before} {word}")] if before and word.isalpha() and len(word) <= LONGEST_UNIT else []

    def _number_at(self, text: Wording, at: int) -> str:
        """The word there, where it is a number."""
        word = text.words[at] if 0 <= at < len(text.words) else ""
        return word if word and numbers_in(word, self.language) else ""

    def negations(self, text: Wording, span: Span) -> list[Found]:
        words = (text.words[at] for at in _within(text, span))
        return [(word.casefold(), word) for word in words if negation_in(word, self.language)]

    def dates(self, text: Wording, span: Span) -> list[Found]:
        words = (text.words[at] for at in _within(text, span))
        return [(word, word) for word in words if word in _date_words(self.language)]

    def names(self, text: Wording, span: Span) -> list[Found]:
        return [(text.words[at], text.words[at]) for at in _within(text, span) if self._is_name(text, at)]

    def _tells_names(self) -> bool:
        """Whether a capital within a sentence is the mark of a name."""
        return self.language.partition("-")[0].lower() not in NOUNS_WITH_CAPITALS

    def _is_name(self, text: Wording, at: int) -> bool:
        word = text.words[at]
        if not word[0].isalpha() or word in _date_words(self.language) or word == "I":
            return False
        known = word.casefold() in self.known
        if not word[0].isupper():
            # Where letters have no capitals, a word of a name that was given is taken for the name.
            return known and word[0] == word[0].swapcase() and len(word) > 2
        if known or (len(word) > 1 and word.isupper()):
            return True
        return self._tells_names() and not _begins_sentence(text, at)


def _is_sign(word: str) -> bool:
    """Whether it makes another number of the one beside it: a currency, a percentage, a minus."""
    return len(word) == 1 and (word in SIGNS or category(word) == "Sc")


def _within(text: Wording, span: Span) -> range:
    return range(bisect_left(text.starts, span[0]), bisect_left(text.starts, span[1]))


def _capitals_within(text: Wording) -> Iterator[int]:
    """The words with a capital that do not begin a sentence."""
    return (at for at, word in enumerate(text.words) if word[0].isupper() and not _begins_sentence(text, at))


def _begins_sentence(text: Wording, at: int) -> bool:
    while at and "\n" not in text.gap(at):
        at -= 1
        if text.words[at] in SENTENCE_ENDS:
            return not _shortened(text, at)
        if is_word(text.words[at]):
            return False
    return True


def _shortened(text: Wording, at: int) -> bool:
    """Whether a full stop only ends a word such as "Mr" or "St"."""
    before = text.words[at - 1] if at else ""
    return text.words[at] == "." and before[:1].isupper() and (len(before) == 1 or not VOWELS & set(before.lower()))


@cache
def _date_words(language: str) -> frozenset[str]:
    """Months and days of the week, as they are written within a sentence."""
    locale = locale_for(language)
    names = [
        name
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for told in (get_month_names(width, context, locale), get_day_names(width, context, locale))
        for name in told.values()
    ]
    return frozenset(name.rstrip(".") for name in names if not name.isdigit())
