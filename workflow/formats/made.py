"""The forms of a publication that are made beforehand: PDF, card and press kit; and of which state of it they are."""

import hashlib

from workflow.formats.card import card
from workflow.formats.issuing import NO_ARTWORK, Artwork, logos_in_order
from workflow.formats.kit import kit
from workflow.formats.public_parts import MadeFile
from workflow.formats.public_pdf import public_pdf
from workflow.formats.record import PublicStatement
from workflow.formats.speaking import saying
from workflow.rules.publication import FileKind
from workflow.rules.refusals import NotPrintable
from workflow.text.digest import canonical_json
from workflow.text.instants import iso

# Raised where a form comes to look otherwise: then all of them are made anew.
MANNER = "2"


def drawn_with(base_url: str) -> str:
    """What a file depends on besides the publication, as one word."""
    return f"{MANNER}-{hashlib.sha256(base_url.encode()).hexdigest()[:16]}"


def standing_digest(found: PublicStatement) -> str:
    """The digest of everything public that a form is drawn from."""
    seen = {
        "record": found.record_digest,
        "listing": found.listing,
        "manner": found.manner,
        "language": found.edition.language,
        "coalition": [found.coalition, found.coalition_slug],
        "lead": found.lead,
        "disclosed": sorted(found.disclosed),
        "notes": [[one.kind.value, iso(one.at), one.text, one.commitment, one.replaced_by] for one in found.notes],
    }
    return hashlib.sha256(canonical_json(seen).encode()).hexdigest()


def file_of(found: PublicStatement, kind: FileKind, base_url: str) -> MadeFile | None:
    """The file that was made of exactly this state by this code, or none: another one is never shown."""
    wanted = (found.edition.language, kind, standing_digest(found), drawn_with(base_url))
    return next(
        (one for one in found.files if (one.language, one.kind, one.drawn_from, one.drawn_with) == wanted), None
    )


def make_files(found: PublicStatement, address: str, artwork: Artwork = NO_ARTWORK) -> dict[FileKind, bytes | None]:
    """Every file of one edition; none where it cannot be set in type. Takes seconds where the list is long."""
    say = saying(found.edition.language)
    try:
        pdf = public_pdf(found, address, say, artwork)
    except NotPrintable:
        pdf = None
    try:
        picture = card(found, address, say)
    except NotPrintable:
        picture = None
    whole = kit(found, address, say, pdf=pdf, card=picture, logos=logos_in_order(found, artwork))
    return {FileKind.PDF: pdf, FileKind.CARD: picture, FileKind.KIT: whole}
