"""The newest publications as an Atom feed (RFC 4287)."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from xml.etree import ElementTree as ET

from markupsafe import Markup

from workflow.formats.listing import text_lines
from workflow.formats.notes import called, count_line, note_lines, retracted_line
from workflow.formats.plain import adopted_line, contact_line, listed, recorded_line, unnamed_line, when_and_where
from workflow.formats.reading import Saying, saying_in, view_of
from workflow.formats.record import PublicStatement
from workflow.text.instants import iso

ATOM = "http://www.w3.org/2005/Atom"
# An empty feed was last changed when nothing was there yet.
BEFORE_ALL = "1970-01-01T00:00:00Z"
NO_PAGES: Mapping[str, str] = MappingProxyType({})
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom_file(
    publications: Sequence[PublicStatement],
    home: str,
    address: Callable[[str], str],
    gettext: Saying,
    language: str,
    pages: Mapping[str, str] = NO_PAGES,
    *,
    own: str = "",
    title: str = "",
) -> bytes:
    """The feed of `publications`, newest first. `home` is the list's address, `address` gives that of a slug.

    `pages` says where the other pages of a paged feed are (RFC 5005): `first`, `previous`, `next`; and `self`, where
    this is not the first. A feed of only some of them has an address of its `own` and a `title`.
    """
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    own = own or f"{home}feed.atom"
    _add(feed, "id", own)
    _add(feed, "title", title or gettext("Published statements"))
    _add(feed, "updated", iso(max(one.changed_at for one in publications)) if publications else BEFORE_ALL)
    _add(_add(feed, "author"), "name", "Undersigned")
    for relation, at in ({"self": own} | dict(pages)).items():
        _add(feed, "link", rel=relation, type="application/atom+xml", href=at)
    _add(feed, "link", rel="alternate", type="text/html", href=home)
    for found in publications:
        _entry(feed, found, address(found.slug))
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: ET.Element, found: PublicStatement, address: str) -> None:
    edition = found.edition
    entry = _add(feed, "entry", **{"xml:lang": edition.language})
    _add(entry, "id", address)
    _add(entry, "title", called(found))
    _add(entry, "published", iso(found.published_at))
    _add(entry, "updated", iso(found.changed_at))
    for name in (*found.names, *(name for name, _ in found.late if name)):
        _add(_add(entry, "author"), "name", name)
    _add(entry, "category", term=edition.kind)
    _add(entry, "link", rel="alternate", type="text/html", hreflang=edition.language, href=address)
    for language in found.languages[1:]:
        _add(entry, "link", rel="alternate", type="text/html", hreflang=language, href=f"{address}/{language}")
    _add(entry, "link", rel="alternate", type="application/json", href=f"{address}.json")
    _add(entry, "content", str(_content(found, saying_in(edition.language))), type="html")


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """A new element below `parent`; characters that XML cannot carry become the replacement character."""
    made = ET.SubElement(parent, tag, {name: NOT_XML.sub("\ufffd", value) for name, value in attributes.items()})
    made.text = NOT_XML.sub("\ufffd", text) or None
    return made


def _content(found: PublicStatement, say: Saying) -> Markup:
    """The statement as HTML that stands by itself, without classes and styles; `say` speaks its language."""
    edition = found.edition
    view = view_of(edition)
    contacts = [contact_line(contact, edition.language) for contact in view.contacts]
    parts = [
        _paragraph(retracted_line(found, say)),
        _paragraph(view.label),
        _paragraph(when_and_where(edition)),
        *map(_paragraph, view.addressees),
        _paragraph(view.lead_paragraph),
        view.body_html,
        _paragraph(view.ends),
        *_part(say("Notes to editors"), [view.notes_html]),
        *_part(say("Media contacts"), map(_paragraph, contacts)),
        *_part(say("Copies to"), map(_paragraph, view.cc)),
        _paragraph(adopted_line(found, say)),
        *_part(say("Signatories"), map(_paragraph, text_lines(listed(found, say)) if found.listing else [])),
        _paragraph(unnamed_line(found, say)),
        _paragraph(recorded_line(found, say)),
        _paragraph(count_line(found, say)),
        *_part(say("Since the publication"), map(_paragraph, note_lines(found, say))),
    ]
    shown = Markup("\n").join(part for part in parts if part)
    return Markup('<div lang="{}" dir="{}">\n{}\n</div>').format(view.language, view.direction, shown)


def _part(title: str, of_it: Iterable[Markup]) -> list[Markup]:
    """What stands under a heading, with it; nothing where there is nothing."""
    shown = [part for part in of_it if part]
    return [Markup("<h2>{}</h2>").format(title), *shown] if shown else []


def _paragraph(text: str) -> Markup:
    """People's words as text, with their line breaks."""
    return Markup("<p>{}</p>").format(Markup("<br>").join(text.split("\n"))) if text else Markup()
