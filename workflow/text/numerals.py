"""The numbers in a text: digits of every script, and numbers written out where ICU can spell the language.

Number words come from ICU's rules for spelling numbers (cardinal and ordinal, every gender and case that they know).
Of inflected languages they know only some forms; for languages without rules (`spelled` says which) only digits are
found.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import icu

from workflow.text.wording import is_word, wording

DIGITS = re.compile(r"\d(?:[\d.,٫٬'’]*\d)?")
HAN = re.compile("[〇零一二三四五六七八九十百千万萬亿億两兩]{2,}|[二三四五六七八九十百千两兩]")
GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
LARGE = (*range(100, 1000, 100), 1000, 10**6, 10**9)
# Their word for one is also their "a": a changed article is no changed number.
ONE_IS_AN_ARTICLE = frozenset(
    ("ca", "da", "de", "el", "es", "fr", "hu", "it", "nb", "nl", "pt", "ro", "sq", "sv", "tr"),
)
# What ICU only knows as part of a longer word.
MORE = {
    "de": {"hundert": "100", "tausend": "1000"},
    "sv": {"hundra": "100", "tusen": "1000"},
}


def numbers_in(word: str, language: str) -> list[str]:
    """What a word says as numbers: "1,200" and "١٬٢٠٠" are both "1200"; "forty-seven" is "47", "third" is "3."."""
    if found := DIGITS.findall(word):
        return [_plain(digits) for digits in found]
    if known := _known(word.casefold(), language):
        return [known]
    if word and all(unicodedata.numeric(char, None) is not None for char in word):
        return [word]
    # Where words are not set apart, a number may stand in one with what is counted; 一 alone is in too many words.
    return HAN.findall(word)


def spelled(language: str) -> bool:
    """Whether numbers written out are known in `language`."""
    return "7" in _number_words(_primary(language)).values()


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


def _plain(digits: str) -> str:
    """One way to write a number: Western digits, no separators of thousands where they are beyond doubt."""
    western = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in digits)
    western = western.replace("٬", ",").replace("٫", ".").replace("’", "'")
    return western.replace(",", "") if GROUPED.fullmatch(western) else western


def _known(word: str, language: str) -> str:
    words = _number_words(_primary(language))
    forms = _arabic_forms(word) if _primary(language) == "ar" else [word]
    return next((words[form] for form in forms if form in words), "")


def _arabic_forms(word: str) -> Iterator[str]:
    """The word without what is written together with it (and, so, by, for, like; the), in the case ICU spells."""
    bare = _arabic(word)
    for stem in (bare, bare[1:] if bare[:1] in "وفبلك" else bare):
        number = stem.removeprefix("ال")
        # "Seven" is سبعة or سبع, "forty" أربعون or أربعين, "two hundred" مائتان or مائتين.
        yield from (stem, number, number + "ه", re.sub("ين$", "ون", number), re.sub("ين$", "ان", number))


def _arabic(word: str) -> str:
    """Without vowel signs, and with one way to write what is written in several."""
    bare = "".join(char for char in word if not unicodedata.combining(char) and char != "ـ")
    return bare.translate(str.maketrans("أإآةى", "اااهي")).replace("مئ", "مائ")


@cache
def _number_words(language: str) -> dict[str, str]:
    """The words that say a number, in small letters, each with the number; none where ICU has no rules."""
    rules = icu.RuleBasedNumberFormat(icu.URBNFRuleSetTag.SPELLOUT, icu.Locale(language))
    if rules.getLocale(icu.ULocDataLocaleType.ACTUAL_LOCALE).getLanguage() != language:
        return {}
    names = [rules.getRuleSetName(at) for at in range(rules.getNumberOfRuleSetNames())]
    found: dict[str, str] = {}
    # Small numbers first in every gender and case, so that the "one" of "one thousand" is known as one.
    for numbers in (range(100), LARGE):
        for name in sorted(name for name in names if name.startswith("%spellout") and "year" not in name):
            rules.setDefaultRuleSet(name)
            for number in numbers:
                value = f"{number}." if "ordinal" in name else str(number)
                for word in _telling(rules.format(number), found, number):
                    found.setdefault(_arabic(word) if language == "ar" else word, value)
    articles = {word for word, value in found.items() if value == "1" and language in ONE_IS_AN_ARTICLE}
    return {**{word: value for word, value in found.items() if word not in articles}, **MORE.get(language, {})}


def _telling(spelled_out: str, known: dict[str, str], number: int) -> list[str]:
    """The one word that says a number; of "one thousand" the one that is no number yet. Joining words say none."""
    words = [word for word in wording(spelled_out.replace("\u00ad", "").casefold()).words if is_word(word)]
    if len(words) == 1:
        return words
    return [word for word in words if word not in known][-1:] if number >= 100 else []
