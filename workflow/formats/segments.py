"""What a publication says, segment by segment, and in which of them each of its words stands.

Some of it is loose: a copy may lack it and still be one (marks of lists, footnotes and quotes, the address behind the
words of a link, commas between the parts of a name or a contact that the page sets below each other).
"""

import re
from dataclasses import dataclass, field

from workflow.formats.issuing import issuer
from workflow.formats.listing import text_lines
from workflow.formats.notes import noted, retracted_line
from workflow.formats.plain import (
    adopted_line,
    digest_line,
    editions_lines,
    listed,
    signed_lines,
    text_parts,
    unnamed_line,
)
from workflow.formats.public_pdf import proof_lines, signatories_line, since_lines
from workflow.formats.reading import Saying
from workflow.formats.record import PublicStatement
from workflow.rules.listing import Style
from workflow.text.copied import Copied
from workflow.text.markdown import FIRM, LOOSE
from workflow.text.pasted import evened

PARTS = ("label", "date", "headline", "addressees", "lead-paragraph", "body", "ends", "notes", "contacts", "cc")
ABOVE = PARTS.index("notes")
FRAME, NAME = "frame", "name"
# What the page sets below each other stands in one line elsewhere.
BELOW_EACH_OTHER = ("contacts", NAME)
COMMAS = (",", "،")
OWN_NUMBER = re.compile(r"^[0-9]{1,5}\. ")
OF_MARKS = re.compile(f"[{LOOSE}{FIRM}]")


@dataclass
class Told:
    """The published words with what each segment is; `loose`: from where to where they may be missing."""

    text: str = ""
    segments: list[tuple[str, str, int]] = field(default_factory=list)
    loose: list[tuple[int, int]] = field(default_factory=list)

    def add(self, kind: str, said: str) -> None:
        """Another segment, whose end is kept in characters."""
        bare = ""
        for at, piece in enumerate(OF_MARKS.split(evened(said))):
            if at % 2:
                self.loose.append((len(self.text) + len(bare), len(self.text) + len(bare) + len(piece)))
            bare += piece
        if bare:
            self.text += bare + "\n\n"
            self.segments.append((kind, bare, len(self.text)))


def told_of(found: PublicStatement, address: str, say: Saying, *, paper: bool) -> Told:
    """Everything that the plain text of the publication says, in its order; on `paper` with what the PDF sets apart."""
    parts = list(zip(PARTS, text_parts(found.edition, say, loose=True), strict=True))
    told = Told()
    told.add(FRAME, "\n".join(issuer(found, say)) if paper else "")
    told.add(FRAME, retracted_line(found, say))
    # The notes to editors stand below the signatories on paper, and over them in the text.
    for kind, said in parts[:ABOVE] if paper else parts:
        told.add(kind, said)
    told.add(FRAME, adopted_line(found, say))
    if found.listing:
        told.add(FRAME, signatories_line(found, say) if paper else f"{say('Signatories')}:")
        for line in "\n".join(text_lines(listed(found, say))).replace(" • ", "\n").split("\n"):
            told.add(NAME, OWN_NUMBER.sub("", line) if found.style is Style.NUMBERED else line)
    told.add(FRAME, unnamed_line(found, say))
    for said in since_lines(found, say) if paper else noted(found, say):
        told.add(FRAME, said)
    for kind, said in parts[ABOVE:] if paper else ():
        told.add(kind, said)
    beside = (*editions_lines(found, address, say), address, digest_line(found.digest, say))
    rest = proof_lines(found, address, say) if paper else beside
    for said in (*signed_lines(found, say), *rest):
        told.add(FRAME, said)
    return told


class Place:
    """Where the words of the published text stand: in which segment each does."""

    def __init__(self, told: Told, words: Copied) -> None:
        self.kinds: list[int] = []
        segment = 0
        for start in words.starts:
            while start >= told.segments[segment][2]:
                segment += 1
            self.kinds.append(segment)
        self.segments = told.segments
        self.loose = self._loose(told, words)
        # Names that have parts: a person and an organisation, a name and a place.
        self.parted = frozenset(self.kinds[at] for at in self.loose if self.kind(at) == NAME)
        of_text = [at for at, one in enumerate(self.kinds) if told.segments[one][0] not in (FRAME, NAME)]
        names = [at for at, one in enumerate(self.kinds) if told.segments[one][0] == NAME]
        self.first, self.end = (of_text[0], of_text[-1] + 1) if of_text else (0, 0)
        self.names = (names[0], names[-1] + 1) if names else (0, 0)

    def _loose(self, told: Told, words: Copied) -> frozenset[int]:
        found, spans = set(), iter([*told.loose, (len(told.text), len(told.text))])
        begin, end = next(spans)
        for at, start in enumerate(words.starts):
            while start >= end and end < len(told.text):
                begin, end = next(spans)
            comma = words.words[at] in COMMAS and self.kind(at) in BELOW_EACH_OTHER
            if begin <= start < end or comma or words.behind_words(at):
                found.add(at)
        return frozenset(found)

    def kind(self, at: int) -> str:
        return self.segments[self.kinds[at]][0]
