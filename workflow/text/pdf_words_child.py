"""Reads one PDF in a process of its own: PDF in, JSON out. Run by `pdf_words.py` as a script."""

import json
import logging
import sys
from io import BytesIO

MOST_PAGES, MOST_ATTACHED, MOST_TEXT = 200, 8, 400_000


def main() -> int:
    """Write what the PDF on the standard input says."""
    from pypdf import PdfReader

    logging.disable(logging.CRITICAL)
    reader = PdfReader(BytesIO(sys.stdin.buffer.read()))
    pages: list[str] = []
    for number, page in enumerate(reader.pages):
        if number >= MOST_PAGES or sum(map(len, pages)) > MOST_TEXT:
            break
        pages.append(page.extract_text())
    attached: list[str] = []
    for name, contents in reader.attachments.items():
        for content in contents if name.endswith(".json") else ():
            if len(attached) < MOST_ATTACHED and len(content) <= MOST_TEXT * 8:
                attached.append(content.decode("utf-8", "replace"))
    json.dump({"text": "\n\n".join(pages)[:MOST_TEXT], "attached": attached}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
