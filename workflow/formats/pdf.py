"""A statement set for paper: tagged, in its own language and direction, the same bytes for the same text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from workflow.formats.listing import Line, ListView
from workflow.formats.plain import when_and_where
from workflow.formats.reading import Gettext
from workflow.formats.setting import SHOWN_INSTEAD, Press, set_sheet
from workflow.text.apart import Limits
from workflow.text.collation import comma, locale_for
from workflow.text.content import Edition, MediaContact
from workflow.text.sheet import body_sheet, notes_sheet

# Tagged for readers who listen; what a text cannot fulfil is given up before the sheet is.
DRAFT = Press("statement.typ", standards=(("ua-1",), ()))
# For archives too, with the record inside; eleven thousand names take some seconds.
PUBLISHED = Press(
    "statement.typ",
    standards=(("a-3a", "ua-1"), ("ua-1",), ()),
    limits=Limits(memory=3 * 2**30, seconds=60, output=64 * 2**20, wall=90),
)
MOST_NAMED = 12
# What only a published sheet has.
NOTHING_MORE: dict[str, Any] = {
    "authors": [],
    "about": "",
    "head": None,
    "notice": "",
    "adopted": "",
    "count": "",
    "since": None,
    "signed": [],
    "proof": None,
    "attached": [],
}


@dataclass(frozen=True)
class Setting:
    """How a sheet is set. `at`: the instant it says it was made, and of which its bytes depend.

    `mark` stands across each page, at its foot and over the text; `foot` are further lines at the foot of each page.
    `signatories` stand below the text, `unnamed` says who is not named among them. `logos` are the pictures (PNG) that
    stand above names, by their digests; of which there is none, the name stands alone. `more` is what else the template
    shows of a published statement (see NOTHING_MORE, and `public_pdf.py`).
    """

    at: datetime
    mark: str = ""
    numbered_lines: bool = False
    foot: Sequence[str] = ()
    signatories: ListView | None = None
    unnamed: str = ""
    logos: Mapping[str, bytes] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


def pdf_file(edition: Edition, setting: Setting, gettext: Gettext, press: Press | None = None) -> bytes:
    """The whole statement as a PDF; `gettext` speaks its language. Raises NotPrintable."""
    sheet = _sheet(edition, setting, gettext)
    return set_sheet(press or DRAFT, sheet, lambda lacking: _told(lacking, gettext), _pictures(setting.logos))


def _pictures(logos: Mapping[str, bytes]) -> dict[str, bytes]:
    return {_path(digest): content for digest, content in logos.items()}


def _path(digest: str) -> str:
    """Where the template finds a logo."""
    return f"logos/{digest}.png"


def _sheet(edition: Edition, setting: Setting, gettext: Gettext) -> dict[str, Any]:
    """Everything that the template shows."""
    at = setting.at.astimezone(UTC)
    return {
        "language": edition.language.partition("-")[0].lower(),
        "direction": locale_for(edition.language).text_direction,
        "date": {name: getattr(at, name) for name in ("year", "month", "day", "hour", "minute", "second")},
        "title": edition.headline or gettext("Without a headline yet"),
        "label": edition.label,
        "when": when_and_where(edition),
        "addressees": edition.addressees,
        "lead_paragraph": edition.lead_paragraph,
        "body": body_sheet(edition),
        "ends": edition.ends,
        "notes": notes_sheet(edition),
        "contacts": [_contact(one, edition.language) for one in edition.contacts],
        "cc": edition.cc,
        "signatories": _signatories(setting.signatories, setting.logos) if setting.signatories else None,
        "unnamed": setting.unnamed,
        "mark": setting.mark,
        "foot": list(setting.foot),
        "numbered": setting.numbered_lines,
        "missing": "",
        **NOTHING_MORE,
        **setting.more,
        "words": {
            "to": gettext("To"),
            "notes": gettext("Notes to editors"),
            "contacts": gettext("Media contacts"),
            "cc": gettext("Copies to"),
            "signatories": gettext("Signatories"),
        },
    }


def _contact(contact: MediaContact, language: str) -> str:
    """A media contact on one line, whose parts do not turn each other around."""
    parts = (contact.name, contact.role, contact.mail, contact.phone)
    return comma(language).join(f"\u2068{part}\u2069" for part in parts if part)


def _signatories(view: ListView, logos: Mapping[str, bytes]) -> dict[str, Any]:
    """The list of signatories, as the template takes it; each logo by its file."""

    def line(one: Line) -> dict[str, Any]:
        logo = _path(one.logo) if one.logo in logos else ""
        return {"number": one.number, "name": one.name, "sign": one.sign, "person": one.person, "logo": logo}

    return {
        "style": view.style.value,
        "parts": [
            {
                "title": part.title,
                "sections": [
                    {
                        "title": section.title,
                        "lines": [line(one) for one in section.lines],
                    }
                    for section in part.sections
                ],
            }
            for part in view.parts
        ],
        "feet": [f"{sign} {said}" for sign, said in view.feet],
    }


def _told(lacking: Sequence[str], gettext: Gettext) -> str:
    codes = dict.fromkeys(f"U+{ord(char):04X}" for text in lacking for char in text)
    named = " ".join([*list(codes)[:MOST_NAMED], *(["…"] if len(codes) > MOST_NAMED else [])])
    said = gettext(
        "Characters that the fonts of this sheet do not have are shown as %(box)s; the text has them: %(codes)s"
    )
    return said % {"box": SHOWN_INSTEAD, "codes": named}
