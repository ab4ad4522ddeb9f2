"""A publication as it is described to machines: its first words, JSON-LD, and oEmbed."""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from markupsafe import Markup

from workflow.formats.feed import NOT_XML
from workflow.formats.notes import called
from workflow.formats.record import PublicStatement
from workflow.rules.noting import NoteKind
from workflow.text.instants import iso
from workflow.text.markdown import body_html

LONGEST_DESCRIPTION = 200
# A longer list of names would be most of the page; the JSON of the statement has it.
MOST_AUTHORS = 1000
NARROWEST, WIDEST, LOWEST, HIGHEST = 300, 640, 200, 420
CACHE_SECONDS = 300
IFRAME = Markup(
    '<iframe src="{address}/embed" title="{title}" width="{width}" height="{height}" loading="lazy"'
    ' sandbox="allow-popups allow-popups-to-escape-sandbox" style="border:0;max-width:100%"></iframe>'
)


def description(found: PublicStatement) -> str:
    """The first words of the statement: its lead paragraph, else the beginning of its body."""
    edition = found.edition
    words = " ".join((edition.lead_paragraph or body_html(edition).striptags()).split())
    if len(words) <= LONGEST_DESCRIPTION:
        return words
    return re.sub(r"\s\S*$", "", words[:LONGEST_DESCRIPTION]) + "…"


def linked_data(found: PublicStatement, address: str, files: Mapping[str, str]) -> dict[str, Any]:
    """JSON-LD in the vocabulary of schema.org; `files`: the addresses of other forms by their media type."""
    edition = found.edition
    speaker = found.coalition or found.adopted_by or found.lead
    named = _who(found)
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle" if edition.kind == "press-release" else "Article",
        "headline": called(found),
        "description": description(found),
        "inLanguage": edition.language,
        "datePublished": iso(found.published_at),
        "dateModified": iso(found.changed_at),
        "url": address,
        "mainEntityOfPage": address,
        "isAccessibleForFree": True,
        "identifier": {"@type": "PropertyValue", "propertyID": "sha256", "value": found.digest},
        "author": [_organisation(name) for name in named] if len(named) <= MOST_AUTHORS else [],
        **({"publisher": _organisation(speaker)} if speaker else {}),
        **({"contentLocation": {"@type": "Place", "name": edition.place}} if edition.place else {}),
        **({"image": files["image/png"]} if "image/png" in files else {}),
        "encoding": [
            {"@type": "MediaObject", "encodingFormat": form, "contentUrl": where}
            for form, where in files.items()
            if form != "image/png"
        ],
        **_since(found),
    }


def _organisation(name: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name}


def _since(found: PublicStatement) -> dict[str, Any]:
    """Corrections, and that it no longer stands."""
    corrections = [
        {"@type": "CorrectionComment", "datePublished": iso(one.at), "text": one.text}
        for one in found.notes
        if one.kind is NoteKind.CORRECTION and one.text
    ]
    return {
        **({"correction": corrections} if corrections else {}),
        **({"creativeWorkStatus": "Retracted"} if found.retracted else {}),
    }


def _who(found: PublicStatement) -> list[str]:
    """Everybody who stands by it and is named."""
    return [*found.names, *(name for name, _ in found.late if name)]


def iframe(found: PublicStatement, address: str, width: str = "100%", height: int = HIGHEST) -> Markup:
    """What another site puts into its page to show the statement there."""
    return IFRAME.format(address=address, title=called(found), width=width, height=height)


def oembed(
    found: PublicStatement, address: str, home: str, thumbnail: str, most: tuple[int | None, int | None]
) -> dict[str, Any]:
    """The answer of oEmbed 1.0. `most`: how wide and how high it may be; `thumbnail`: the card, where there is one."""
    width, height = (max(low, min(high, wanted or high)) for wanted, low, high in zip(most, LOW, HIGH, strict=True))
    speaker = found.coalition or found.adopted_by or found.lead
    return {
        "version": "1.0",
        "type": "rich",
        "title": called(found),
        **({"author_name": speaker} if speaker else {}),
        "provider_name": "Undersigned",
        "provider_url": home,
        "cache_age": CACHE_SECONDS,
        "html": str(iframe(found, address, str(width), height)),
        "width": width,
        "height": height,
        **({"thumbnail_url": thumbnail, "thumbnail_width": 1200, "thumbnail_height": 630} if thumbnail else {}),
    }


LOW, HIGH = (NARROWEST, LOWEST), (WIDEST, HIGHEST)


def oembed_xml(values: Mapping[str, Any]) -> bytes:
    """The same as XML."""
    root = ET.Element("oembed")
    for name, value in values.items():
        ET.SubElement(root, name).text = NOT_XML.sub("\ufffd", str(value))
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
