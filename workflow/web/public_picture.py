"""How a published statement is told to readers and machines around its text: names, description, JSON-LD."""

import re
from typing import Any

from flask_babel import gettext, ngettext

from workflow.formats.notes import added_line, authoritative_line, count_line, day_of, notes_of, retracted_line
from workflow.formats.plain import adopted_line, carried_lines, listed, unnamed_line
from workflow.formats.record import Carried, PublicStatement
from workflow.text.differences import changes_in
from workflow.text.instants import format_instant, iso
from workflow.text.markdown import body_html
from workflow.web import house
from workflow.web.reading import SAYING

LONGEST_DESCRIPTION = 200


def of(found: PublicStatement, address: str) -> dict[str, Any]:
    """What the page says beside the text, in the page's language."""
    count = found.count
    return {
        "signatories_list": listed(found, SAYING),
        "count_text": ngettext("%(num)s signatory", "%(num)s signatories", count),
        "changed_text": count_line(found, gettext),
        "notes": notes_of(found, gettext),
        "retracted_text": retracted_line(found, gettext),
        "late": [(name, at, day_of(at, found)) for name, at in found.late],
        "adopted_text": adopted_line(found, gettext),
        "unnamed_text": unnamed_line(found, SAYING),
        "carried": [(line, changes_in(one.content, found.content)) for line, one in _carried(found)],
        "added_text": added_line(found, gettext),
        "authoritative_text": authoritative_line(found, gettext),
        "published_iso": iso(found.published_at),
        "published_text": format_instant(found.published_at, "UTC", house.page_language()),
        "description": description(found),
        "linked_data": linked_data(found, address),
    }


def _carried(found: PublicStatement) -> list[tuple[str, Carried]]:
    return list(zip(carried_lines(found, gettext), found.carried, strict=True))


def description(found: PublicStatement) -> str:
    """The first words of the statement: its lead paragraph, else the beginning of its body."""
    edition = found.edition
    words = " ".join((edition.lead_paragraph or body_html(edition).striptags()).split())
    if len(words) <= LONGEST_DESCRIPTION:
        return words
    return re.sub(r"\s\S*$", "", words[:LONGEST_DESCRIPTION]) + "…"


def linked_data(found: PublicStatement, address: str) -> dict[str, Any]:
    """JSON-LD in the vocabulary of schema.org."""
    edition = found.edition
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle" if edition.kind == "press-release" else "Article",
        "headline": edition.headline,
        "description": description(found),
        "inLanguage": edition.language,
        "datePublished": iso(found.published_at),
        "url": address,
        "mainEntityOfPage": address,
        "author": [{"@type": "Organization", "name": name} for name in _who(found)],
    }


def _who(found: PublicStatement) -> list[str]:
    """Everybody who stands by it and is named."""
    return [*found.names, *(name for name, _ in found.late if name)]
