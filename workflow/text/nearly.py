"""Names that may be one organisation twice: pairs to be looked at by a person, never merged.

Two names are pointed out where they differ in case, punctuation, accents or legal form ("Ltd", "e.V.") alone, where
they have the same words in another order, where their letters only look alike, and where one long word differs by one
letter ("Harbor Aid", "Harbour Aid"). Nothing is compared with everything: each name has a few keys, and who shares one
is a pair. What a database compares has one key alone (`name_key`), a coarser one.
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
# What a name has or lacks without being another, where the name has other words as well.
UNIMPORTANT = LEGAL | JOINING | frozenset(["of", "for", "e", "v", "stichting", "association", "assoc", "org"])
# Letters that a hurried eye takes for each other, beyond those that look alike in every case.
HURRIED = str.maketrans({"i": "l", "1": "l", "|": "l", "0": "o"})
# One letter more or less makes another name of a short word ("Mir", "Mif"), and a slip of the pen of a long one.
LONG_WORD, LONGEST_WORD, MOST_WORDS = 6, 40, 12
VOWELS = re.compile("(?<=.)[aeou]")
DOUBLED = re.compile(r"(.)\1+")
LONGEST_KEY = 300


class Likeness(StrEnum):
    """What makes two names a pair."""

    WRITTEN = "written"
    ORDER = "order"
    LETTERS = "letters"
    NEAR = "near"


@dataclass(frozen=True)
class Pair:
    """Two names that may be one."""

    first: str
    second: str
    likeness: Likeness


def pairs(names: Iterable[str]) -> list[Pair]:
    """Every name beside the one before it that it is like, in the order given; of three alike, two pairs."""
    listed = list(names)
    told = [_words(name) for name in listed]
    checker = icu.SpoofChecker()
    found: dict[tuple[int, int], Likeness] = {}
    for likeness, keys in (*_ways(checker), (Likeness.NEAR, _near)):
        last: dict[str, int] = {}
        for at, name in enumerate(listed):
            for key in keys(name, told[at]):
                before = last.get(key)
                if before is not None and before != at and _meant(likeness, told[before], told[at]):
                    found.setdefault((before, at), likeness)
                last[key] = at
    return [Pair(listed[first], listed[second], how) for (first, second), how in sorted(found.items())]


def beside(names: Iterable[str], others: Iterable[str]) -> list[Pair]:
    """The pairs in which one of `names` stands, among themselves and beside `others`."""
    looked_at = list(names)
    wanted = set(looked_at)
    known = [one for one in others if one not in wanted]
    return [one for one in pairs([*known, *looked_at]) if wanted & {one.first, one.second}]


def name_key(name: str) -> str:
    """The same for names that differ in case, accents, punctuation, order, legal form, look-alike letters, or in a
    vowel or a doubled letter of a long word. A key decides nothing: two names that share one are pointed out."""
    checker = icu.SpoofChecker()
    plain = APOSTROPHES.sub("", unicodedata.normalize("NFKC", name)).replace("_", " ")
    words = [_drawn(checker, word) for word in WORD.findall(plain)]
    telling = sorted(word for word in words if word not in UNIMPORTANT) or sorted(words)
    return "".join(_heard(word.translate(HURRIED)) for word in telling)[:LONGEST_KEY]


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
        for key in keys(part, _words(part))
    }
    return [
        name for name in names if any((how, key) in wanted for how, keys in ways for key in keys(name, _words(name)))
    ]


def _ways(checker: icu.SpoofChecker) -> Sequence[tuple[Likeness, Callable[[str, Sequence[str]], Iterable[str]]]]:
    """How names are alike, the plainest first; a name without letters is like no other."""

    def written(_name: str, words: Sequence[str]) -> Iterable[str]:
        key = "".join(words)
        return (key,) if key else ()

    def ordered(_name: str, words: Sequence[str]) -> Iterable[str]:
        return ("".join(sorted(words)),) if len(words) > 1 else ()

    def letters(name: str, words: Sequence[str]) -> Iterable[str]:
        # As it is written and in small letters: a capital I and a small l are alike, an I and an i are not.
        plain = "".join(WORD.findall(APOSTROPHES.sub("", name)))
        drawn = {checker.getSkeleton(0, form).casefold() for form in (plain, "".join(words)) if form}
        return (one for one in drawn if one)

    return ((Likeness.WRITTEN, written), (Likeness.ORDER, ordered), (Likeness.LETTERS, letters))


def _near(_name: str, words: Sequence[str]) -> Iterable[str]:
    """Who shares one of these may differ in one letter of one long word: each is left whole, and a letter short."""
    if len(words) > MOST_WORDS:
        return
    for at, word in enumerate(words):
        if LONG_WORD <= len(word) <= LONGEST_WORD and word.isalpha():
            for form in {word, *(word[:cut] + word[cut + 1 :] for cut in range(len(word)))}:
                yield " ".join([*words[:at], form, *words[at + 1 :]])


def _meant(likeness: Likeness, first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether two names that share a key are a pair: two long words a letter short may be the same by chance."""
    return likeness is not Likeness.NEAR or _one_letter(first, second)


def _one_letter(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether one word is another, by one letter more, less or other, or by two that changed places."""
    differing = [(one, other) for one, other in zip(first, second, strict=True) if one != other]
    if len(differing) != 1:
        return False
    short, long = sorted(differing[0], key=len)
    at = next((at for at, (one, other) in enumerate(zip(short, long, strict=False)) if one != other), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return swapped or short[at + 1 :] == long[at + 1 :]


def _drawn(checker: icu.SpoofChecker, word: str) -> str:
    """A word in small letters without accents; those of another script that pass for Latin ones are these."""
    skeleton: str = checker.getSkeleton(0, word)
    if not word.isascii() and skeleton.isascii():
        word = skeleton
    bare = "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare).casefold()


def _heard(word: str) -> str:
    """What is left of a long Latin word where vowels are spelled otherwise, letters doubled, and an s is a z."""
    if len(word) < LONG_WORD or not word.isascii():
        return word
    return DOUBLED.sub(r"\1", VOWELS.sub("", word).replace("z", "s"))


def _words(name: str) -> list[str]:
    """The words of a name that tell it from others, in small letters without accents."""
    folded = unicodedata.normalize("NFKD", APOSTROPHES.sub("", name)).casefold().translate(ARABIC)
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    words = WORD.findall(plain)
    telling = [word for word in words if word not in JOINING] or words
    while len(telling) > 1 and telling[-1] in LEGAL:
        telling.pop()
    return telling
