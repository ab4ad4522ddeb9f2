"""What a publication says, segment by segment, and in which of them each of its words stands."""

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
from workflow.text.pasted import evened
from workflow.text.wording import Wording

PARTS = ("label", "date", "headline", "addressees", "lead-paragraph", "body", "ends", "notes", "contacts", "cc")
ABOVE = PARTS.index("notes")
FRAME, NAME = "frame", "name"


@dataclass
class Told:
    """The published words with what each segment is."""

    text: str = ""
    segments: list[tuple[str, str, int]] = field(default_factory=list)

    def add(self, kind: str, said: str) -> None:
        """Another segment, whose end is kept in characters."""
        said = evened(said)
        if said:
            self.text += said + "\n\n"
            self.segments.append((kind, said, len(self.text)))


def told_of(found: PublicStatement, address: str, say: Saying, *, paper: bool) -> Told:
    """Everything that the plain text of the publication says, in its order; on `paper` with what the PDF sets apart."""
    parts = list(zip(PARTS, text_parts(found.edition, say), strict=True))
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
            told.add(NAME, line)
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

    def __init__(self, told: Told, words: Wording) -> None:
        self.kinds: list[int] = []
        segment = 0
        for start in words.starts:
            while start >= told.segments[segment][2]:
                segment += 1
            self.kinds.append(segment)
        self.segments = told.segments
        of_text = [at for at, one in enumerate(self.kinds) if told.segments[one][0] not in (FRAME, NAME)]
        names = [at for at, one in enumerate(self.kinds) if told.segments[one][0] == NAME]
        self.first, self.end = (of_text[0], of_text[-1] + 1) if of_text else (0, 0)
        self.names = (names[0], names[-1] + 1) if names else (0, 0)

    def kind(self, at: int) -> str:
        return self.segments[self.kinds[at]][0]
