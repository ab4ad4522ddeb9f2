"""The editor's form: from what was typed to an edition, and back, so that nothing typed is ever lost."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from workflow.rules.refusals import FormRefused, InputRefused
from workflow.text.checking import PARTS_LIMIT, check
from workflow.text.collation import language_name
from workflow.text.content import KINDS, Edition, MediaContact, Quote
from workflow.text.placeholders import uncounted

LINES = ("language", "kind", "headline", "label", "date", "place", "lead_paragraph", "body", "ends", "notes")
QUOTE_FIELDS = ("speaker", "role", "organisation", "text")
CONTACT_FIELDS = ("name", "role", "mail", "phone")
# More than a text may have, so that too many are refused; fewer than would take long to show again.
MOST_ROWS = 2 * PARTS_LIMIT
ROW = re.compile(r"(quotes|contacts)-([0-9]{1,4})-[a-z]+")
# What statements of coalitions are written in most; any other language comes in by a file.
LANGUAGES = (
    *("en", "ar", "bg", "bn", "ca", "ckb", "cs", "cy", "da", "de", "el", "es", "et", "fa", "fi", "fr"),
    *("ga", "he", "hi", "hr", "hu", "id", "it", "ja", "ko", "ku", "lt", "lv", "ms", "nb", "nl", "pl"),
    *("ps", "pt", "ro", "ru", "sk", "sl", "so", "sq", "sr", "sv", "sw", "tr", "uk", "ur", "vi", "zh"),
)


@dataclass(frozen=True)
class Draft:
    """What the editor shows: an edition as typed, and how many rows of quotes and contacts there are."""

    edition: Edition
    quote_rows: int = 1
    contact_rows: int = 1

    @property
    def quotes(self) -> list[Quote]:
        """The quotes, followed by the empty rows."""
        given = list(self.edition.quotes)
        return given + [Quote("")] * (self.quote_rows - len(given))

    @property
    def contacts(self) -> list[MediaContact]:
        """The media contacts, followed by the empty rows."""
        given = list(self.edition.contacts)
        return given + [MediaContact("")] * (self.contact_rows - len(given))


def draft_of(edition: Edition) -> Draft:
    """The editor for a text that is there: each quote and contact in a row, and at least one row of each."""
    return Draft(edition, max(1, len(edition.quotes)), max(1, len(edition.contacts)))


def typed_draft() -> Draft:
    """The editor as this request brings it; "Add another …" adds an empty row."""
    return draft_from(request.form, added=request.form.get("add", ""))


def draft_from(form: MultiDict[str, str], added: str = "") -> Draft:
    """The editor filled in with a form as it was typed; `added` names the rows that get an empty one."""
    # A row left empty says nothing; the rows behind it move up, so that quote 2 is the second one written.
    edition = Edition(
        **{name: form.get(name, "") for name in LINES},
        quotes=tuple(Quote(**row) for row in _rows(form, "quotes", QUOTE_FIELDS)),
        contacts=tuple(MediaContact(**row) for row in _rows(form, "contacts", CONTACT_FIELDS)),
        addressees=_names(form.get("addressees", "")),
        cc=_names(form.get("cc", "")),
    )
    shown = draft_of(edition)
    return Draft(
        edition,
        max(1, len(edition.quotes) + 1) if added == "quotes" else shown.quote_rows,
        max(1, len(edition.contacts) + 1) if added == "contacts" else shown.contact_rows,
    )


def fields_of(form: MultiDict[str, str]) -> dict[str, str]:
    """What of a form is an editor's words, by the names of its fields."""
    own = (*LINES, "addressees", "cc", "coalition", "edition")
    return {name: form.get(name, "") for name in form if name in own or ROW.fullmatch(name)}


def _rows(form: MultiDict[str, str], name: str, fields: tuple[str, ...]) -> list[dict[str, str]]:
    matches = (ROW.fullmatch(key) for key in form)
    numbers = sorted({int(match[2]) for match in matches if match and match[1] == name})[:MOST_ROWS]
    rows = ({field: form.get(f"{name}-{number}-{field}", "") for field in fields} for number in numbers)
    return [row for row in rows if any(value.strip() for value in row.values())]


def _names(text: str) -> tuple[str, ...]:
    return tuple(line for line in re.split(r"\r\n?|\n", text) if line.strip())


def in_preview(edition: Edition) -> Edition:
    """The same, and a number that is not known yet where a count is written."""
    return uncounted(shown_anyway(edition), _("[number]"))


def shown_anyway(edition: Edition) -> Edition:
    """An edition for the preview: what cannot be taken as typed yet is left out, the rest is made regular."""
    try:
        return check(edition)
    except FormRefused as refused:
        wrong = {field.partition("-")[0] for field in refused.problems}
    kept: dict[str, Any] = {
        **{name: "" for name in LINES if name in wrong},
        **{name: () for name in ("quotes", "contacts", "addressees", "cc") if name in wrong},
    }
    if "language" in wrong:
        kept["language"] = "en"
    if "kind" in wrong:
        kept["kind"] = KINDS[0]
    if "quotes" in wrong:
        # A quote half typed is shown as far as it is written, so that its place in the body holds.
        kept["quotes"] = tuple(_half_typed(quote) for quote in edition.quotes)
    try:
        return check(replace(edition, **kept))
    except (FormRefused, InputRefused):
        return Edition(language="en", kind=KINDS[0], headline="", body="")


def _half_typed(quote: Quote) -> Quote:
    return Quote(quote.speaker, quote.role, quote.organisation, quote.text or "…")


def summary_of(errors: Mapping[str, str]) -> list[tuple[str, str]]:
    """The problems as the summary lists them: each with the name of its field, for it stands far from it."""
    return [(field, f"{label_of(field)}: {sentence}") for field, sentence in errors.items()]


def label_of(field: str) -> str:
    """The name of a field as its label has it, with the number of its row."""
    labels = {
        "kind": _("What is it?"),
        "language": _("Language of the text"),
        "date": _("Date"),
        "label": _("Label"),
        "place": _("Place"),
        "headline": _("Headline"),
        "addressees": _("Addressed to"),
        "lead_paragraph": _("Lead paragraph"),
        "body": _("Text"),
        "quotes": _("Quotes"),
        "ends": _("End mark"),
        "notes": _("Notes to editors"),
        "contacts": _("Media contacts"),
        "cc": _("Copies to"),
        "coalition": _("Coalition"),
        "pasted": _("File"),
        "second": _("Second statement"),
    }
    row = ROW.match(field)
    return f"{labels[row[1]]} {int(row[2]) + 1}" if row else labels.get(field, field)


def language_choices(chosen: str, page_language: str) -> list[tuple[str, str]]:
    """Languages to write in, by their names in the page's language; what is `chosen` is always among them."""
    codes = dict.fromkeys((*LANGUAGES, chosen or "en"))
    told = [(code, language_name(code, page_language)) for code in codes]
    named = [(code, name if name == code else f"{name} ({code})") for code, name in told]
    return sorted(named, key=lambda choice: choice[1].casefold())
