"""How a published statement is told to readers and machines around its text: names, notes, forms, JSON-LD."""

from typing import Any

from babel.units import format_unit
from flask_babel import gettext, ngettext

from workflow.formats.card import HEIGHT, WIDTH, card_words
from workflow.formats.describing import description, iframe, linked_data
from workflow.formats.markdown_file import markdown_file
from workflow.formats.notes import (
    added_line,
    authoritative_line,
    called,
    corrected_line,
    count_line,
    day_of,
    notes_of,
    retracted_line,
)
from workflow.formats.plain import adopted_line, carried_lines, listed, recorded_line, text_file, unnamed_line
from workflow.formats.public_parts import Carried
from workflow.formats.record import PublicStatement
from workflow.formats.record_file import record_file
from workflow.text.collation import locale_for
from workflow.text.differences import changes_in
from workflow.text.instants import format_instant, iso
from workflow.web import house
from workflow.web.reading import SAYING

Files = dict[str, dict[str, Any]]
KILO, MEGA = 1000, 1_000_000


def of(found: PublicStatement, address: str, files: Files) -> dict[str, Any]:
    """What the page says beside the text, in the page's language. `files`: those that were made, by their endings."""
    count = found.count
    card = files["png"]
    picture = house.settings().base_url + card["path"] if card["possible"] else ""
    return {
        "title": called(found),
        "signatories_list": listed(found, SAYING),
        "count_text": ngettext("%(num)s signatory", "%(num)s signatories", count),
        "changed_text": count_line(found, gettext),
        "notes": notes_of(found, gettext),
        "retracted_text": retracted_line(found, gettext),
        "corrected_text": corrected_line(found, gettext),
        "late": [(name, at, day_of(at, found)) for name, at in found.late],
        "adopted_text": adopted_line(found, gettext),
        "unnamed_text": unnamed_line(found, SAYING),
        "recorded_text": recorded_line(found, gettext),
        "carried": [(line, changes_in(one.content, found.content)) for line, one in _carried(found)],
        "added_text": added_line(found, gettext),
        "authoritative_text": authoritative_line(found, gettext),
        "published_iso": iso(found.published_at),
        "changed_iso": iso(found.changed_at),
        "published_text": format_instant(found.published_at, "UTC", house.page_language()),
        "description": description(found),
        "linked_data": linked_data(found, address, _by_type(address, files)),
        "files": files,
        "sizes": _sizes(found, address, files),
        "picture": picture,
        "picture_size": (WIDTH, HEIGHT),
        "picture_words": card_words(found, SAYING),
        "snippet": str(iframe(found, address)),
    }


def _carried(found: PublicStatement) -> list[tuple[str, Carried]]:
    return list(zip(carried_lines(found, gettext), found.carried, strict=True))


def _by_type(address: str, files: Files) -> dict[str, str]:
    """The addresses of the other forms by their media types; files only where they are there."""
    base = house.settings().base_url
    types = {"application/pdf": "pdf", "image/png": "png", "application/zip": "zip"}
    made = {form: base + files[kind]["path"] for form, kind in types.items() if files[kind]["size"]}
    written = {"text/plain": f"{address}.txt", "text/markdown": f"{address}.md", "application/json": f"{address}.json"}
    return {**made, **written}


def _sizes(found: PublicStatement, address: str, files: Files) -> dict[str, str]:
    """How large each form is, in words."""
    bytes_of = {
        **{kind: one["size"] for kind, one in files.items()},
        "text": len(text_file(found, address, SAYING).encode()),
        "markdown": len(markdown_file(found, address, SAYING).encode()),
        "record": len(record_file(found)),
    }
    return {form: _in_words(size) for form, size in bytes_of.items() if size}


def _in_words(size: int) -> str:
    """ "48 kB", in the language of the page."""
    locale = locale_for(house.page_language())
    if size >= MEGA:
        return format_unit(round(size / MEGA, 1), "megabyte", "short", locale=locale)
    return format_unit(max(1, round(size / KILO)), "kilobyte", "short", locale=locale)
