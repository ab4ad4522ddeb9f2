"""PDF files of strangers: their words and the data attached to them, read in a process that may not take much."""

import json
from dataclasses import dataclass

from workflow.rules.refusals import FileRefused, Message
from workflow.text import pdf_words_child
from workflow.text.apart import Limits, run_apart

FILE_LIMIT = 8 * 2**20
LIMITS = Limits(memory=400 * 2**20, seconds=4, output=4 * 2**20, wall=8)


@dataclass(frozen=True)
class PdfWords:
    """What a PDF says, page after page, as far as it can be read back; and the JSON files attached to it."""

    text: str
    attached: tuple[bytes, ...]


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
        return PdfWords(str(found["text"]), tuple(str(one).encode() for one in found["attached"]))
    except (ValueError, KeyError, TypeError):
        raise FileRefused(Message("verify-pdf-unreadable")) from None
