"""Looking up which publication a text may have been taken from. Nothing but publications is ever looked at."""

import hashlib
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import unquote

import rfc8785
from sqlalchemy import ColumnElement, Integer, SQLColumnExpression, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from workflow.formats.issuing import Artwork
from workflow.formats.made import standing_digest
from workflow.formats.public_pdf import public_pdf
from workflow.formats.reading import Saying
from workflow.formats.record import PublicStatement
from workflow.formats.verifying import AUTHENTIC, NOTHING, Compared, Verdict, likest, nearest
from workflow.formats.verifying_pages import compared_pages, dated_alike
from workflow.formats.verifying_records import compared_record, is_bare, read_json, record_in, words_of_record
from workflow.models.drafting import Revision
from workflow.models.publication import Publication
from workflow.models.translations import Translation
from workflow.queries.logos import contents
from workflow.queries.public_files import pdf_of
from workflow.queries.publication import by_slug, by_statement
from workflow.queries.taken_down import SHOWN, slug_taken_down
from workflow.rules.refusals import FileRefused, Message, NotPrintable
from workflow.text.content import Content
from workflow.text.digest import canonical
from workflow.text.pasted import LONGEST, TURNED, evened, probes
from workflow.text.pdf_words import is_pdf, read_pdf

# A record of ten thousand signatories with its names is some 5 MB.
LONGEST_JSON = 8 * 2**20
# Archives and pictures: a press kit, a card.
NO_TEXT = (b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff")
# A digest alone, or with what we print before it; the address of a publication.
DIGEST = re.compile(r"(?:[^\n]{0,80}[:：]\s*)?([0-9a-f]{64})")
ADDRESS = re.compile(r"https?://[^\s/]+/statements/([^\s/?#]{1,400})(?:/[a-zA-Z-]{2,20})?/?")
# So many are compared word by word; those that share most with the text come first.
CANDIDATES = 3
# Where no more than so many sign, the PDF of a former state is made again to be compared; a longer one takes seconds.
SET_AGAIN = 1000


def candidates(session: Session, probes: Sequence[str]) -> list[PublicStatement]:
    """The publications in which most of these runs of words stand, each in the edition in which they do.

    One pass over the records and the translations that came later, and no index.
    """
    if not probes:
        return []
    holds = func.strpos if session.get_bind().dialect.name == "postgresql" else func.instr

    def hits(column: SQLColumnExpression[str]) -> ColumnElement[int]:
        return sum((case((holds(column, one) > 0, 1), else_=0) for one in probes), start=literal(0, Integer))

    later = Publication.statement_id == Translation.statement_id
    inner = union_all(
        select(Publication.slug, Publication.id, hits(Publication.record).label("hits")).where(SHOWN),
        select(Publication.slug, Publication.id, hits(Translation.content)).join(Publication, later).where(SHOWN),
    ).subquery()
    most = func.max(inner.c.hits)
    chosen = select(inner.c.slug).group_by(inner.c.slug, inner.c.id).having(most > 0)
    slugs = session.scalars(chosen.order_by(most.desc(), inner.c.id.desc()).limit(CANDIDATES)).all()
    return [_likeliest(found, probes) for found in (by_slug(session, one) for one in slugs) if found is not None]


def _likeliest(found: PublicStatement, probes: Sequence[str]) -> PublicStatement:
    """A publication in that of its editions in which most of these runs of words stand."""
    editions = [found.in_language(one) for one in found.languages]

    def hits(one: PublicStatement) -> int:
        written = canonical(Content((one.edition,))).decode()
        return sum(probe in written for probe in probes)

    return max(editions, key=hits)


def by_record_digest(session: Session, digest: str) -> PublicStatement | None:
    """The publication whose record has this digest, or none."""
    slug = session.scalar(select(Publication.slug).where(Publication.record_digest == digest).limit(1))
    return by_slug(session, slug) if slug else None


@dataclass(frozen=True)
class Looked:
    """What came of looking. `way`: what it was taken for (text, json, pdf); `carried`: the PDF carries our record;
    `to_the_byte`: it is the PDF that is there now."""

    told: Compared
    way: str = "text"
    carried: bool = False
    to_the_byte: bool = False


def look(session: Session, data: bytes, address: Callable[[str, str], str], speak: Callable[[str], Saying]) -> Looked:
    """Say what bytes are that somebody found. `speak` speaks a language.

    `address` gives where a slug is published in a language ("": the authoritative one).

    Raises FileRefused for what cannot be read. Nothing of it is kept.
    """
    if is_pdf(data):
        return _look_at_pdf(session, data, address, speak)
    text = _read_text(data)
    if not text.strip():
        raise FileRefused(Message("verify-empty"))
    if found := TURNED.search(text):
        raise FileRefused(Message("verify-turned"), text[: found.start()].count("\n") + 1)
    if text.lstrip().startswith("{"):
        told = _look_at_json(session, text, address, speak)
        if told is not None:
            return Looked(told, "json")
    if named := _named(session, text.strip(), address):
        return Looked(Compared(Verdict.NAMED, named))
    return Looked(_look_at_text(session, text, address, speak))


def _read_text(data: bytes) -> str:
    if len(data) > LONGEST_JSON:
        raise FileRefused(Message("verify-too-large", {"limit": LONGEST_JSON // 2**20}))
    if data.startswith(NO_TEXT):
        raise FileRefused(Message("verify-no-text"))
    try:
        # Some editors of Windows write UTF-16, and say so at the beginning.
        coding = "utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"
        return data.decode(coding).replace("\0", " ")
    except UnicodeDecodeError as error:
        raise FileRefused(Message("file-not-utf-8"), data[: error.start].count(b"\n") + 1) from error


def _named(session: Session, said: str, address: Callable[[str, str], str]) -> PublicStatement | None:
    """The publication whose digest, or whose address, is all that was brought; none where there is more."""
    if digest := DIGEST.fullmatch(said):
        of_text = select(Publication.slug).join(Revision).where(Revision.digest == digest[1]).limit(1)
        slug = session.scalar(of_text)
        return by_slug(session, slug) if slug else by_record_digest(session, digest[1])
    if (place := ADDRESS.fullmatch(said)) and (found := by_slug(session, unquote(place[1]))):
        return found if unquote(said).startswith(unquote(address(found.slug, ""))) else None
    return None


def _look_at_text(
    session: Session, text: str, address: Callable[[str, str], str], speak: Callable[[str], Saying]
) -> Compared:
    if len(text) > LONGEST:
        raise FileRefused(Message("verify-too-long", {"limit": LONGEST}))
    text = evened(text)
    return nearest(candidates(session, probes(text)), text, address, speak)


def _look_at_json(
    session: Session, text: str, address: Callable[[str, str], str], speak: Callable[[str], Saying]
) -> Compared | None:
    """None for what is no record of this kind: it may be a text."""
    try:
        given = read_json(text)
        record = record_in(given)
        if record is None:
            return None
        digest = hashlib.sha256(rfc8785.dumps(record)).hexdigest()
    except (ValueError, RecursionError):
        return None
    found = by_record_digest(session, digest)
    if found is not None:
        return compared_record(found, given)
    if down := slug_taken_down(session, digest):
        # Whatever stands beside the record cannot be held against anything.
        return Compared(Verdict.DOWN if is_bare(given) else Verdict.CARRIED, down=down)
    words = words_of_record(record, speak)[:LONGEST]
    held = nearest(candidates(session, probes(words)), words, address, speak)
    # The words alone may be ours, but this record is not.
    return replace(held, verdict=Verdict.ALTERED) if held.found else held


def _look_at_pdf(
    session: Session, data: bytes, address: Callable[[str, str], str], speak: Callable[[str], Saying]
) -> Looked:
    """A PDF is believed for its words, unless it is to the byte the one that is there now."""
    ours = _to_the_byte(session, data)
    if ours is not None:
        current = Verdict.SINCE if ours.notes else Verdict.CURRENT
        return Looked(Compared(current, ours, share=1.0), "pdf", carried=True, to_the_byte=True)
    read = read_pdf(data)
    if not read.whole:
        raise FileRefused(Message("verify-too-long", {"limit": LONGEST}))
    found = next(filter(None, (_carried(session, one) for one in read.attached)), None)
    for one in read.attached if found is None else ():
        if down := slug_taken_down(session, hashlib.sha256(one).hexdigest()):
            return Looked(Compared(Verdict.CARRIED, down=down), "pdf", carried=True)
    carried = found is not None
    if not read.text.strip() and not carried:
        raise FileRefused(Message("verify-pdf-unreadable"))
    told = NOTHING if found else _look_at_text(session, read.text, address, speak)
    found = _likeliest(found, probes(evened(read.text))) if found else told.found
    if found is not None and told.verdict not in AUTHENTIC:
        say = speak(found.edition.language)
        ways = dated_alike(found, read.dated)
        held = [_held_pages(session, found, one, read.text, address(found.slug, found.language), say) for one in ways]
        told = likest([*held, told])
    return Looked(told, "pdf", carried=carried)


def _to_the_byte(session: Session, data: bytes) -> PublicStatement | None:
    """The publication of whose present state this is the PDF, to the byte."""
    kept = pdf_of(session, data)
    found = by_statement(session, kept.statement_id) if kept else None
    if kept is None or found is None or kept.language not in found.languages:
        return None
    edition = found.in_language(kept.language)
    return edition if standing_digest(edition) == kept.drawn_from else None


def _carried(session: Session, attached: bytes) -> PublicStatement | None:
    """The publication whose record, to the byte, is attached to a PDF, or none."""
    return by_record_digest(session, hashlib.sha256(attached).hexdigest())


def _held_pages(
    session: Session, found: PublicStatement, stood: PublicStatement, pages: str, address: str, say: Saying
) -> Compared:
    """The pages of a PDF held against those of one state of a publication; what came since is told of all of it."""

    def drawn() -> list[str]:
        if stood.count > SET_AGAIN:
            return []
        with suppress(NotPrintable, FileRefused):
            return [read_pdf(public_pdf(stood, address, say, Artwork(logos=contents(session, stood.logos)))).text]
        return []

    held = compared_pages(stood, pages, address, say, drawn)
    if held.found is None:
        return held
    verdict = Verdict.SINCE if held.verdict in AUTHENTIC and found.notes else held.verdict
    return replace(held, found=found, verdict=verdict)
