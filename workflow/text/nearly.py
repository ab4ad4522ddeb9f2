"""Names that may be one organisation twice: pairs to be looked at by a person, never merged.

Two names are pointed out where they differ in case, punctuation, accents or legal form ("Ltd", "e.V.") alone, where
they have the same words in another order, and where their letters only look alike. Nothing is compared with
everything: each name has a few keys, and who shares one is a pair.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import icu

# Left out at the end of a name, where something is left: what kind of body the law knows it as.
LEGAL = frozenset(
    (
        *("inc", "incorporated", "ltd", "limited", "llc", "llp", "plc", "co", "corp", "corporation", "company", "pty"),
        *("gmbh", "ggmbh", "mbh", "ev", "eg", "ag", "kg", "ug", "se", "sa", "sas", "sarl", "asbl", "aisbl", "vzw"),
        *("ivzw", "bv", "nv", "ab", "as", "oy", "ry", "srl", "spa", "onlus", "ets", "cic", "cio"),
    )
)
JOINING = frozenset(["and", "und", "et", "y", "i", "och", "og", "ja", "the", "و"])
APOSTROPHES = re.compile("['’‘ʼ`´.\u200c\u200d\u00ad\u200b\u2060\ufeff]")
TATWEEL = "\u0640"
# Letters that Arabic keyboards leave to taste.
ARABIC = str.maketrans({"ى": "ي", "ة": "ه", TATWEEL: None})
WORD = re.compile(r"\w+")


class Likeness(StrEnum):
    """What makes two names a pair."""

    WRITTEN = "written"
    ORDER = "order"
    LETTERS = "letters"


@dataclass(frozen=True)
class Pair:
    """Two names that may be one."""

    first: str
    second: str
    likeness: Likeness


def pairs(names: Iterable[str]) -> list[Pair]:
    """Every name beside the one before it that it is like, in the order given; of three alike, two pairs."""
    listed = list(names)
    checker = icu.SpoofChecker()
    found: dict[tuple[int, int], Likeness] = {}
    for likeness, keys in _ways(checker):
        last: dict[str, int] = {}
        for at, name in enumerate(listed):
            for key in keys(name):
                before = last.get(key)
                if before is not None and before != at:
                    found.setdefault((before, at), likeness)
                last[key] = at
    return [Pair(listed[first], listed[second], how) for (first, second), how in sorted(found.items())]


def same_as(names: Iterable[str], others: Sequence[str]) -> list[str]:
    """Those of `names` that one of `others` could be, whole or up to its first comma."""
    if not others:
        return []
    ways = _ways(icu.SpoofChecker())
    wanted = {
        (likeness, key)
        for other in others
        for part in {other, re.split("[,،]", other)[0]}
        for likeness, keys in ways
        for key in keys(part)
    }
    return [name for name in names if any((how, key) in wanted for how, keys in ways for key in keys(name))]


def _ways(checker: icu.SpoofChecker) -> Sequence[tuple[Likeness, Callable[[str], Iterable[str]]]]:
    """How names are alike, the plainest first; a name without letters is like no other."""

    def written(name: str) -> Iterable[str]:
        key = "".join(_words(name))
        return (key,) if key else ()

    def ordered(name: str) -> Iterable[str]:
        words = _words(name)
        return ("".join(sorted(words)),) if len(words) > 1 else ()

    def letters(name: str) -> Iterable[str]:
        # As it is written and in small letters: a capital I and a small l are alike, an I and an i are not.
        plain = "".join(WORD.findall(APOSTROPHES.sub("", name)))
        drawn = {checker.getSkeleton(0, form).casefold() for form in (plain, "".join(_words(name))) if form}
        return (one for one in drawn if one)

    return ((Likeness.WRITTEN, written), (Likeness.ORDER, ordered), (Likeness.LETTERS, letters))


def _words(name: str) -> list[str]:
    """The words of a name that tell it from others, in small letters without accents."""
    folded = unicodedata.normalize("NFKD", APOSTROPHES.sub("", name)).casefold().translate(ARABIC)
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    words = WORD.findall(plain)
    telling = [word for word in words if word not in JOINING] or words
    while len(telling) > 1 and telling[-1] in LEGAL:
        telling.pop()
    return telling
