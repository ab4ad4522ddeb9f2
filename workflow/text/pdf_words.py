"""PDF files of strangers: their words and the data attached to them, read in a process that may not take much."""

import json
from dataclasses import dataclass
from datetime import datetime

from workflow.rules.refusals import FileRefused, Message
from workflow.text import pdf_words_child
from workflow.text.apart import Limits, run_apart
from workflow.text.wording import SURROGATE

FILE_LIMIT = 8 * 2**20
BETWEEN_PAGES = pdf_words_child.BETWEEN_PAGES
# A list of ten thousand names takes some seconds to be read; the clock gives a busy machine more of them.
LIMITS = Limits(memory=400 * 2**20, seconds=10, output=4 * 2**20, wall=30)


@dataclass(frozen=True)
class PdfWords:
    """What a PDF says, page after page, as far as it can be read back; and the JSON files attached to it.

    BETWEEN_PAGES stands between two pages. `whole`: all of it was read. `dated`: the instant at which it says that it
    was made, if it says one.
    """

    text: str
    attached: tuple[bytes, ...]
    whole: bool = True
    dated: datetime | None = None


def is_pdf(data: bytes) -> bool:
    """Whether bytes claim to be a PDF."""
    return data[:1024].lstrip().startswith(b"%PDF-")


def read_pdf(data: bytes) -> PdfWords:
    """The words of a PDF. Raises FileRefused."""
    if len(data) > FILE_LIMIT:
        raise FileRefused(Message("verify-too-large", {"limit": FILE_LIMIT // 2**20}))
    ended = run_apart(pdf_words_child.__file__, data, LIMITS)
    try:
        if ended.code != 0:
            raise ValueError
        found = json.loads(ended.said)
        dated = datetime.fromisoformat(found["dated"]) if found["dated"] else None
        attached = tuple(str(one).encode() for one in found["attached"])
        # Half a character, as a font may say, is none that a page could show.
        return PdfWords(SURROGATE.sub("\ufffd", str(found["text"])), attached, found["whole"] is True, dated)
    except (ValueError, KeyError, TypeError):
        raise FileRefused(Message("verify-pdf-unreadable")) from None
