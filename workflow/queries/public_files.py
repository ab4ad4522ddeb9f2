"""Looking at the files that were made of publications, and at what still has to be made."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import Session

from workflow.formats.public_parts import MadeFile
from workflow.models.public_files import PublicFile
from workflow.models.publication import Publication
from workflow.queries.taken_down import SHOWN
from workflow.rules.publication import FileKind

# A file as one word beside the commitments; `word_of` gives the same.
WORD = (
    literal("file ")
    + PublicFile.language
    + literal(" ")
    + PublicFile.kind
    + literal(" ")
    + PublicFile.drawn_from
    + literal(" ")
    + PublicFile.drawn_with
    + literal(" ")
    + func.coalesce(cast(PublicFile.size, String), literal("none"))
)


def word_of(made: MadeFile) -> str:
    """A file as one word: made anew or deleted, it is another."""
    size = "none" if made.size is None else made.size
    return f"file {made.language} {made.kind.value} {made.drawn_from} {made.drawn_with} {size}"


def files_of(session: Session, statement_ids: Collection[int]) -> dict[int, tuple[MadeFile, ...]]:
    """What was made of these statements, without what is in the files."""
    found: dict[int, list[MadeFile]] = {}
    rows = session.execute(
        select(
            PublicFile.statement_id,
            PublicFile.language,
            PublicFile.kind,
            PublicFile.drawn_from,
            PublicFile.drawn_with,
            PublicFile.size,
        )
        .where(PublicFile.statement_id.in_(statement_ids))
        .order_by(PublicFile.id)
    )
    for statement_id, language, kind, drawn_from, drawn_with, size in rows:
        made = MadeFile(language, FileKind(kind), drawn_from, drawn_with, size)
        found.setdefault(statement_id, []).append(made)
    return {one: tuple(made) for one, made in found.items()}


def content_of(session: Session, statement_id: int, made: MadeFile) -> bytes | None:
    """What is in a file, or none where it is not there any more."""
    return session.scalar(
        select(PublicFile.content).where(
            PublicFile.statement_id == statement_id,
            PublicFile.language == made.language,
            PublicFile.kind == made.kind,
            PublicFile.drawn_from == made.drawn_from,
            PublicFile.drawn_with == made.drawn_with,
        )
    )


class Drawn(NamedTuple):
    """Of what a file was drawn: of which statement, in which language, in which state."""

    statement_id: int
    language: str
    drawn_from: str


def pdf_of(session: Session, content: bytes) -> Drawn | None:
    """Of what the PDF was drawn that is kept and has these bytes; or none."""
    chosen = select(PublicFile.statement_id, PublicFile.language, PublicFile.drawn_from).where(
        PublicFile.kind == FileKind.PDF.value, PublicFile.size == len(content), PublicFile.content == content
    )
    row = session.execute(chosen.limit(1)).one_or_none()
    return Drawn(*row) if row else None


def lacking(session: Session, drawn_with: str, limit: int) -> Sequence[int]:
    """Statements that are published and shown, of which no files were made by this code, the newest first."""
    made = select(PublicFile.statement_id).where(PublicFile.drawn_with == drawn_with)
    return session.scalars(
        select(Publication.statement_id)
        .where(Publication.statement_id.not_in(made), SHOWN)
        .order_by(Publication.published_at.desc(), Publication.id.desc())
        .limit(limit)
    ).all()
