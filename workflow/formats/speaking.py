"""The catalogues without a page: what speaks the language of a text where nobody asked for one."""

from functools import cache

from babel.support import Translations

from workflow.config import LANGUAGES, TRANSLATIONS
from workflow.formats.reading import Saying


@cache
def saying(language: str) -> Saying:
    """What speaks `language`, such as `ar` or `pt-BR`; English where there is no catalogue for it."""
    primary = language.partition("-")[0].lower()
    words = Translations.load(TRANSLATIONS, [primary if primary in LANGUAGES else LANGUAGES[0]])

    def plural(one: str, many: str, number: int, /, **values: object) -> str:
        said: str = words.ungettext(one, many, number)
        return said % {"num": number, **values}

    return Saying(words.ugettext, plural)
