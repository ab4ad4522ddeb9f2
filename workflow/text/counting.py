"""Numbers as a text says them: in digits or in words, and the form of a noun that goes with one."""

import icu
from babel.numbers import format_decimal

from workflow.text.collation import locale_for

# ICU's words for Arabic know no gender above two. Those counted are three to ten mostly, where it matters.
ARABIC = {
    False: ("صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"),
    True: ("صفر", "واحدة", "اثنتان", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثماني", "تسع", "عشر"),
}
ARABIC_ELEVEN_AND_TWELVE = {False: ("أحد عشر", "اثنا عشر"), True: ("إحدى عشرة", "اثنتا عشرة")}
ARABIC_TEENS = {False: "عشر", True: "عشرة"}
ARABIC_TENS = ("عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون")
ARABIC_HUNDREDS = ("مائة", "مائتان", "ثلاثمائة", "أربعمائة", "خمسمائة", "ستمائة", "سبعمائة", "ثمانمائة", "تسعمائة")
ARABIC_THOUSANDS = ("ألف", "ألفان")
ARABIC_MOST = 9_999
FEMININE, WITH_AND = "%spellout-cardinal-feminine", "%spellout-cardinal-verbose"


def in_digits(number: int, language: str) -> str:
    """The number in the digits and with the separators of `language`."""
    return str(format_decimal(number, locale=locale_for(language)))


def in_words(number: int, language: str, *, feminine: bool = False) -> str:
    """The number in words, in the manner of `language`; in the feminine form where asked for and there is one."""
    locale = locale_for(language)
    if locale.language == "ar" and 0 <= number <= ARABIC_MOST:
        return _in_arabic(number, feminine=feminine)
    rules = icu.RuleBasedNumberFormat(icu.URBNFRuleSetTag.SPELLOUT, icu.Locale(str(locale)))
    british = locale.language == "en" and locale.territory != "US"
    wanted = WITH_AND if british else FEMININE if feminine else ""
    names = [rules.getRuleSetName(at) for at in range(rules.getNumberOfRuleSetNames())]
    said: str = rules.format(number, wanted) if wanted in names else rules.format(number)
    return said.replace("\u00ad", "")


def _in_arabic(number: int, *, feminine: bool) -> str:
    """The number in Arabic words, in the nominative, for a noun of this gender."""
    if number == 0:
        return ARABIC[feminine][0]
    thousands, below = divmod(number, 1000)
    hundreds, rest = divmod(below, 100)
    said = []
    if thousands:
        said.append(ARABIC_THOUSANDS[thousands - 1] if thousands < 3 else f"{ARABIC[False][thousands]} آلاف")
    if hundreds:
        said.append(ARABIC_HUNDREDS[hundreds - 1])
    if rest > 19:
        one = rest % 10
        if one:
            said.append("إحدى" if feminine and one == 1 else ARABIC[feminine][one])
        said.append(ARABIC_TENS[rest // 10 - 2])
    elif rest > 12:
        said.append(f"{ARABIC[feminine][rest - 10]} {ARABIC_TEENS[feminine]}")
    elif rest > 10:
        said.append(ARABIC_ELEVEN_AND_TWELVE[feminine][rest - 11])
    elif rest:
        said.append(ARABIC[feminine][rest])
    return " و".join(said)


def noun_form(number: int, language: str) -> str:
    """Which form of a noun goes with the number: one of CLDR's words from "zero" to "other"."""
    return str(locale_for(language).plural_form(number))
