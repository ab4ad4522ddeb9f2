"""The order of names, how a line of them is joined, and names that imitate others.

Orders are those of CLDR for the language, word by word: a space counts, so "Syria Solidarity" stands
before "Syrian Association". ICU does the comparing.
"""

import re
from collections.abc import Callable, Iterable

import icu
from babel import Locale, UnknownLocaleError
from babel.lists import format_list as babel_list

BULLET = " • "
ARABIC_COMMA = ("ar", "fa", "ur", "ckb", "ps", "sd", "ug")
UNSEEN = re.compile("[\u00ad\u180e\u200b\u202a-\u202e\u2060-\u2069\ufeff]")
ARTICLE = re.compile(r"the\s+", re.IGNORECASE)
# "ال", also as it is written in Latin letters, where a name follows.
ARABIC_ARTICLE = re.compile(r"(?:\u0627\u0644(?=\w{2})|[ae]l[-‐‑’' ](?=\w))", re.IGNORECASE)
COUNTRY_CODE = re.compile(r"[A-Z]{2}")
WORDS = re.compile(r"[\s\-–—/&+.,'’()]+")


def sort_key(language: str, *, article_ignored: bool = False) -> Callable[[str], bytes]:
    """A key function for names in the alphabetical order of `language`; equal keys only for equal names.

    The English article never counts in English; the Arabic one does, unless it is said to be ignored.
    """
    collator = icu.Collator.createInstance(icu.Locale(language.replace("-", "_")))
    # A space and punctuation count, before any letter: word by word, in every language.
    collator.setAttribute(icu.UCollAttribute.ALTERNATE_HANDLING, icu.UCollAttributeValue.NON_IGNORABLE)
    english = _primary(language) == "en"

    def key(name: str) -> bytes:
        compared = ARTICLE.sub("", name, count=1) if english and ARTICLE.match(name) else name
        if article_ignored and (found := ARABIC_ARTICLE.match(compared)):
            compared = compared[found.end() :]
        return bytes(collator.getSortKey(compared)) + b"\0" + name.encode("utf-8", "replace")

    return key


def join_line(names: Iterable[str]) -> str:
    """Names on one line with bullets between, in the order given."""
    return BULLET.join(names)


def format_list(names: Iterable[str], language: str) -> str:
    """Names as a list within a sentence: "A, B and C" in the manner of `language`."""
    return babel_list(list(names), style="standard", locale=locale_for(language))


def locale_for(language: str) -> Locale:
    """The locale whose manners fit `language`; plain English is British; an unknown language is English."""
    if language.lower() == "en":
        return Locale("en", "GB")
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


def country_name(country: str, language: str) -> str:
    """A country as a heading in `language`: the name of a code of two letters, anything else as it was typed."""
    if not COUNTRY_CODE.fullmatch(country):
        return country
    return str(locale_for(language).territories.get("GB" if country == "UK" else country, country))


def language_name(language: str, of: str) -> str:
    """What a language is called in the language `of`; its code where that has no word for it."""
    names = locale_for(of).languages
    code = language.replace("-", "_")
    found = names.get(code) or (names.get(code.partition("_")[0]) if "_" not in code else None)
    primary = names.get(code.partition("_")[0])
    return str(found or (f"{primary} ({language})" if primary else language))


def own_name(language: str) -> str:
    """What a language is called by those who speak it."""
    return language_name(language, language) if locale_for(language).language in language else language


def comma(language: str) -> str:
    """What stands between the parts of an enumeration without "and"."""
    return "، " if _primary(language) in ARABIC_COMMA else ", "


def semicolon(language: str) -> str:
    """What stands between the parts of one sentence."""
    return "؛" if _primary(language) in ARABIC_COMMA else ";"


def lookalikes(name: str) -> bool:
    """Whether a name holds a word that could pass for another: scripts mixed within a word, a word of another
    script whose letters look Latin beside Latin words, or characters that nobody sees."""
    if UNSEEN.search(name):
        return True
    words = [word for word in WORDS.split(name) if word]
    checker = icu.SpoofChecker()
    checker.setRestrictionLevel(icu.URestrictionLevel.HIGHLY_RESTRICTIVE)
    checker.setChecks(icu.USpoofChecks.RESTRICTION_LEVEL | icu.USpoofChecks.INVISIBLE)
    if any(checker.check(word) for word in words):
        return True
    latin = any(word.isascii() and any(map(str.isalpha, word)) for word in words)
    return latin and any(_imitates_latin(checker, word) for word in words)


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


def _imitates_latin(checker: icu.SpoofChecker, word: str) -> bool:
    if any("LATIN" in icu.Char.charName(char) for char in word if char.isalpha()) or not any(map(str.isalpha, word)):
        return False
    skeleton: str = checker.getSkeleton(0, word)  # the kind is no longer looked at by ICU
    return skeleton.isascii()
