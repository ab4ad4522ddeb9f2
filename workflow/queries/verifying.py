"""Looking up which publication a text may have been taken from. Nothing but publications is ever looked at."""

from collections.abc import Sequence

from sqlalchemy import Integer, case, func, literal, select
from sqlalchemy.orm import Session

from workflow.formats.record import PublicStatement
from workflow.models.publication import Publication
from workflow.queries.publication import by_slug

# So many are compared word by word; those that share most with the text come first.
CANDIDATES = 3


def candidates(session: Session, probes: Sequence[str]) -> list[PublicStatement]:
    """The publications in whose records most of these runs of words stand; one pass over the records, and no index."""
    if not probes:
        return []
    holds = func.strpos if session.get_bind().dialect.name == "postgresql" else func.instr
    hits = sum(
        (case((holds(Publication.record, one) > 0, 1), else_=0) for one in probes), start=literal(0, Integer)
    ).label("hits")  # fmt: skip
    inner = select(Publication.slug, Publication.id, hits).subquery()
    chosen = select(inner.c.slug).where(inner.c.hits > 0).order_by(inner.c.hits.desc(), inner.c.id.desc())
    slugs = session.scalars(chosen.limit(CANDIDATES)).all()
    return [found for found in (by_slug(session, one) for one in slugs) if found is not None]


def by_record_digest(session: Session, digest: str) -> PublicStatement | None:
    """The publication whose record has this digest, or none."""
    slug = session.scalar(select(Publication.slug).where(Publication.record_digest == digest).limit(1))
    return by_slug(session, slug) if slug else None
