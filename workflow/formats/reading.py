"""One edition as a reader sees it: the frozen picture that every page of a statement is drawn from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Protocol

from babel.dates import format_date
from babel.support import Translations
from markupsafe import Markup

from workflow.config import LANGUAGES, TRANSLATIONS
from workflow.text.collation import locale_for
from workflow.text.content import Edition, MediaContact
from workflow.text.markdown import body_html, notes_html
from workflow.text.marked import marked_body_html, marked_notes_html
from workflow.text.placeholders import doubtful, placeholders

Gettext = Callable[[str], str]


class Plural(Protocol):
    """Chooses between the forms of a sentence by a number, and fills in the values."""

    def __call__(self, one: str, many: str, number: int, /, **values: object) -> str: ...


@dataclass(frozen=True)
class Saying:
    """What speaks one language: called, it gives a sentence; `ngettext` one that goes with a number."""

    gettext: Gettext
    ngettext: Plural

    def __call__(self, sentence: str) -> str:
        return self.gettext(sentence)


@cache
def saying_in(language: str) -> Saying:
    """What speaks `language` where there is a catalogue for it, else English; for what is written outside a page."""
    base = language.partition("-")[0].lower()
    words = Translations.load(TRANSLATIONS, [base if base in LANGUAGES else LANGUAGES[0]])

    def plural(one: str, many: str, number: int, /, **values: object) -> str:
        return str(words.ngettext(one, many, number)) % {"num": number, **values}

    return Saying(words.gettext, plural)


@dataclass(frozen=True)
class Words:
    """What a statement calls its own parts, in its own language. Empty ones are said by the page."""

    to: str = ""
    notes: str = ""
    contacts: str = ""
    cc: str = ""


@dataclass(frozen=True)
class StatementView:
    """An edition ready to be shown: texts as typed, `body_html` and `notes_html` safe, the date in words.

    `marks`: what stands behind each block where remarks are made on passages; empty everywhere else. `counts` are the
    places where the lock fills in how many sign, `doubtful` what only looks like such a place.
    """

    language: str
    direction: str
    label: str
    date_iso: str
    date_text: str
    place: str
    headline: str
    lead_paragraph: str
    body_html: Markup
    ends: str
    notes_html: Markup
    contacts: tuple[MediaContact, ...]
    addressees: tuple[str, ...]
    cc: tuple[str, ...]
    words: Words = Words()
    counts: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    marks: Mapping[str, Markup] = field(default_factory=dict)


def view_of(
    edition: Edition, gettext: Gettext | None = None, marks: Mapping[str, Markup] | None = None
) -> StatementView:
    """The picture of `edition`. `gettext`, where given, speaks the edition's language and names its parts.

    With `marks` every block has an address, and is followed by what `marks` has for its key.
    """
    return StatementView(
        language=edition.language,
        direction=locale_for(edition.language).text_direction,
        label=edition.label,
        date_iso=edition.date,
        date_text=date_in_words(edition.date, edition.language),
        place=edition.place,
        headline=edition.headline,
        lead_paragraph=edition.lead_paragraph,
        body_html=body_html(edition) if marks is None else marked_body_html(edition, marks),
        ends=edition.ends,
        notes_html=_notes(edition, marks),
        contacts=edition.contacts,
        addressees=edition.addressees,
        cc=edition.cc,
        words=_words(gettext) if gettext else Words(),
        counts=placeholders(edition),
        doubtful=doubtful(edition),
        marks=marks or {},
    )


def _notes(edition: Edition, marks: Mapping[str, Markup] | None) -> Markup:
    if not edition.notes:
        return Markup()
    return notes_html(edition) if marks is None else marked_notes_html(edition, marks)


def date_in_words(day: str, language: str) -> str:
    """ "2027-03-01" as "1 March 2027" in the manner of `language`; nothing for an empty day."""
    return format_date(date.fromisoformat(day), "long", locale=locale_for(language)) if day else ""


def _words(gettext: Gettext) -> Words:
    # The sentences are those that templates/_parts/statement.html marks for translation.
    return Words(
        to=gettext("To"),
        notes=gettext("Notes to editors"),
        contacts=gettext("Media contacts"),
        cc=gettext("Copies to"),
    )
