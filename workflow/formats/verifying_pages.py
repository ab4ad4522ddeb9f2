"""The pages of a PDF that somebody found, held against those that we make of the same state of a publication.

Both are read back in the same way, so whatever reading does to columns and scripts it does to both.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from workflow.formats.public_pdf import page_lines
from workflow.formats.reading import Saying
from workflow.formats.record import PublicStatement
from workflow.formats.verifying import AUTHENTIC, NEAR, Compared, Verdict, compared, likest
from workflow.text.copied import copied
from workflow.text.pasted import evened, shared, stretches
from workflow.text.pdf_words import BETWEEN_PAGES
from workflow.text.redline import Change

PAGE_NUMBER = re.compile(r"\d+ / \d+\s*$")
# So many states that share one second are tried.
MOST_ALIKE = 3
MOST_AT_FOOT = 3


def dated_alike(found: PublicStatement, dated: datetime | None) -> list[PublicStatement]:
    """The states of a publication whose PDF says this date, the latest first; the present one where none does."""
    if dated is not None:
        dated = dated.astimezone(UTC).replace(microsecond=0)
    stood = [found.as_of(number) for number in range(len(found.notes), -1, -1)]
    return [one for one in stood if one.changed_at.replace(microsecond=0) == dated][:MOST_ALIKE] or [found]


def compared_pages(
    found: PublicStatement, pages: str, address: str, say: Saying, drawn: Callable[[], list[str]]
) -> Compared:
    """Hold the words of a PDF against a publication; `drawn` gives those of PDFs that we make of it, read back alike.

    The same words in the same order are authentic. If they are not, it is told by what tells least of it as changed.
    """
    pages = _without_feet(pages, page_lines(found, address, say))
    pages, marks = _without_marks(pages, say)
    if marks:
        held = compared(found, evened(pages), address, say, paper=True)
        return replace(held, verdict=Verdict.AROUND, around=marks) if held.verdict in AUTHENTIC else held
    in_text = compared(found, evened(pages), address, say, paper=True)
    if in_text.verdict in (Verdict.CURRENT, Verdict.SINCE):
        return in_text
    tries = [in_text]
    for one in drawn():
        held = _alike(found, _without_feet(one, page_lines(found, address, say)), pages)
        if held.verdict in (Verdict.CURRENT, Verdict.SINCE):
            return held
        tries += [held]
    return likest(tries)


def _without_marks(pages: str, say: Saying) -> tuple[str, tuple[str, ...]]:
    """The same without what a preview sets on each page, and that: until when it is embargoed, and whose copy it is."""
    said = [say("EMBARGOED UNTIL %(instant)s"), say("Preview for %(name)s"), say("Digest of the text (SHA-256)")]
    embargo, whose, digest = (one.partition("%")[0].strip() for one in said)
    lines = pages.split("\n")
    if not any(line.strip().startswith(embargo) for line in lines):
        return pages, ()
    gone = [line for line in lines if line.strip().startswith((embargo, whose, digest)) or PAGE_NUMBER.fullmatch(line)]
    told = dict.fromkeys(line.strip() for line in gone if line.strip().startswith((embargo, whose)))
    return "\n".join(line for line in lines if line not in gone), tuple(told)


def _alike(found: PublicStatement, ours: str, given: str) -> Compared:
    """Two texts that were read back in the same way, word by word."""
    old, new = copied(evened(ours)), copied(evened(given))
    if old.words == new.words:
        return Compared(Verdict.SINCE if found.notes else Verdict.CURRENT, found, share=1.0)
    runs = shared(old, new)
    kept = sum(one.length for one in runs)
    share = max(kept / max(1, len(old.words)), kept / max(1, len(new.words)))
    if share < NEAR:
        return Compared(Verdict.NONE, share=share)
    changes = [Change(one.change.op, one.change.text.strip() + " ") for one in stretches(old, new, runs)]
    return Compared(Verdict.ALTERED, found, tuple(changes), share=share)


def _without_feet(text: str, lines: set[str]) -> str:
    """The same without what stands at the foot of each page and behind it: it cuts the text wherever a page ends."""
    pages = []
    for page in text.split(BETWEEN_PAGES):
        said = page.strip("\n").split("\n")
        if said[0].strip() in lines:
            del said[0]
        for _ in range(MOST_AT_FOOT):
            if said and PAGE_NUMBER.sub("", said[-1]).strip() in {"", *lines}:
                del said[-1]
        pages.append("\n".join(said))
    return BETWEEN_PAGES.join(pages)
