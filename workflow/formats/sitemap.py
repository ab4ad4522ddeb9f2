"""Every public page, for search engines (sitemaps.org 0.9)."""

from collections.abc import Iterable
from datetime import datetime
from xml.etree import ElementTree as ET

from workflow.text.instants import iso

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# As many as one file may have.
PAGE_SIZE = 50_000


def sitemap_index(addresses: Iterable[str]) -> bytes:
    """The list of the sitemaps."""
    return _written("sitemapindex", "sitemap", ((one, None) for one in addresses))


def sitemap(pages: Iterable[tuple[str, datetime | None]]) -> bytes:
    """One sitemap: addresses, each with when its page was last changed, where that is said."""
    return _written("urlset", "url", pages)


def _written(root: str, part: str, entries: Iterable[tuple[str, datetime | None]]) -> bytes:
    made = ET.Element(root, {"xmlns": NAMESPACE})
    for address, changed_at in entries:
        entry = ET.SubElement(made, part)
        ET.SubElement(entry, "loc").text = address
        if changed_at is not None:
            ET.SubElement(entry, "lastmod").text = iso(changed_at)
    written: bytes = ET.tostring(made, encoding="utf-8", xml_declaration=True)
    return written
