"""Reads one PDF in a process of its own: PDF in, JSON out. Run by `pdf_words.py` as a script."""

import json
import logging
import sys
from datetime import UTC
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_PAGES, MOST_ATTACHED, MOST_TEXT = 200, 8, 400_000
BETWEEN_PAGES = "\n\f\n"


def main() -> int:
    """Write what the PDF on the standard input says."""
    from pypdf import PdfReader

    logging.disable(logging.CRITICAL)
    reader = PdfReader(BytesIO(sys.stdin.buffer.read()))
    pages: list[str] = []
    whole = True
    for number, page in enumerate(reader.pages):
        if number >= MOST_PAGES or sum(map(len, pages)) > MOST_TEXT:
            whole = False
            break
        pages.append(page.extract_text())
    attached: list[str] = []
    for name, contents in reader.attachments.items():
        for content in contents if name.endswith(".json") else ():
            if len(attached) < MOST_ATTACHED and len(content) <= MOST_TEXT * 8:
                attached.append(content.decode("utf-8", "replace"))
    text = BETWEEN_PAGES.join(pages)
    said = {"text": text[:MOST_TEXT], "attached": attached, "dated": _dated(reader)}
    json.dump({**said, "whole": whole and len(text) <= MOST_TEXT}, sys.stdout)
    return 0


def _dated(reader: "PdfReader") -> str:
    """When it says that it was made; nothing where it says none, or nonsense."""
    from pypdf.errors import PyPdfError

    try:
        made = reader.metadata.creation_date if reader.metadata else None
        return made.astimezone(UTC).isoformat() if made else ""
    except (PyPdfError, ValueError, TypeError, AttributeError, KeyError, OverflowError):
        return ""


if __name__ == "__main__":
    sys.exit(main())
