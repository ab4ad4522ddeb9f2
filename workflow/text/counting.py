"""Numbers as a text says them: in digits or in words, and the form of a noun that goes with one."""

import icu
from babel.numbers import format_decimal

from workflow.text.collation import locale_for

FEMININE, WITH_AND = "%spellout-cardinal-feminine", "%spellout-cardinal-verbose"


def in_digits(number: int, language: str) -> str:
    """The number in the digits and with the separators of `language`."""
    return str(format_decimal(number, locale=locale_for(language)))


def in_words(number: int, language: str, *, feminine: bool = False) -> str:
    """The number in words, in the manner of `language`; in the feminine form where asked for and there is one."""
    locale = locale_for(language)
    rules = icu.RuleBasedNumberFormat(icu.URBNFRuleSetTag.SPELLOUT, icu.Locale(str(locale)))
    british = locale.language == "en" and locale.territory != "US"
    wanted = WITH_AND if british else FEMININE if feminine else ""
    names = [rules.getRuleSetName(at) for at in range(rules.getNumberOfRuleSetNames())]
    said: str = rules.format(number, wanted) if wanted in names else rules.format(number)
    return said.replace("\u00ad", "")


def noun_form(number: int, language: str) -> str:
    """Which form of a noun goes with the number: one of CLDR's words from "zero" to "other"."""
    return str(locale_for(language).plural_form(number))
