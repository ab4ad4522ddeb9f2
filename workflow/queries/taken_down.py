"""Looking at what the operator had to take down: nothing of it is shown but that it is, and why."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, literal_column, select
from sqlalchemy.orm import Session

from workflow.models.drafting import Revision
from workflow.models.notes import Note
from workflow.models.publication import Publication
from workflow.rules.noting import NoteKind
from workflow.rules.refusals import NotFound

# What a slug can look like, the marks of letters included; anything else is asked of no database (PostgreSQL chokes on
# NUL and halves of characters).
SLUG = re.compile(r"[^\x00-,./:-@\[-^`{-\x7f\s\ud800-\udfff]{1,120}")
# What the operator had to take down: noted more often as taken down than as shown again. Said in plain words, so that
# the databases find their small index for it.
DOWN = (
    select(Note.statement_id)
    .where(Note.kind.in_([literal_column("'takedown'"), literal_column("'restored'")]))
    .group_by(Note.statement_id)
    .having(func.sum(case((Note.kind == NoteKind.TAKEDOWN, 1), else_=-1)) > 0)
)
SHOWN = Publication.statement_id.not_in(DOWN)


@dataclass(frozen=True)
class TakenDown:
    """All that is still said of a publication that was taken down: when, on what ground, and what proves it."""

    at: datetime
    reason: str
    published_at: datetime
    language: str
    digest: str
    record_digest: str


def taken_down(session: Session, slug: str) -> TakenDown | None:
    """What is said at the address of a publication that was taken down; none where there is no such."""
    if not SLUG.fullmatch(slug):
        return None
    row = session.execute(
        select(Publication, Revision.digest)
        .join(Revision, Revision.id == Publication.revision_id)
        .where(Publication.slug == slug, Publication.statement_id.in_(DOWN))
    ).one_or_none()
    if row is None:
        return None
    found: Publication = row.Publication
    noted = select(Note).where(Note.statement_id == found.statement_id, Note.kind == NoteKind.TAKEDOWN)
    note = session.scalars(noted.order_by(Note.id.desc()).limit(1)).one()
    return TakenDown(note.noted_at, note.text, found.published_at, found.language, row.digest, found.record_digest)


def slug_taken_down(session: Session, record_digest: str) -> str:
    """Where the publication with this record was, if it is taken down; else nothing."""
    of_it = (Publication.record_digest == record_digest) & Publication.statement_id.in_(DOWN)
    return session.scalar(select(Publication.slug).where(of_it).limit(1)) or ""


def is_down(session: Session, statement_id: int) -> bool:
    """Whether a statement is taken down now."""
    return session.scalar(DOWN.where(Note.statement_id == statement_id)) is not None


def published_id(session: Session, slug: str) -> int:
    """The statement that was published at an address, shown or taken down. Raises NotFound."""
    chosen = select(Publication.statement_id).where(Publication.slug == slug)
    found = session.scalar(chosen) if SLUG.fullmatch(slug) else None
    if found is None:
        raise NotFound
    return found
