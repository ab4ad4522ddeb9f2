"""Looking at what changed of what is public, in the order of its numbers."""

from collections.abc import Collection

from sqlalchemy import Connection, func, or_, select

from workflow.models.public_changes import PublicChange
from workflow.models.publication import Publication

RECENT = 1000


def recent(connection: Connection) -> tuple[int, frozenset[int]]:
    """The newest number, and those shortly before it that nobody has (yet): their writers may still be at work."""
    newest = connection.scalar(select(func.coalesce(func.max(PublicChange.id), 0))) or 0
    first = max(newest - RECENT, 0)
    there = connection.scalars(select(PublicChange.id).where(PublicChange.id > first))
    return newest, frozenset(range(first + 1, newest)) - frozenset(there)


def since(connection: Connection, newest: int, missing: Collection[int]) -> list[tuple[int, int]]:
    """Number and statement of the newest seen, of all that came after it, and of the missing that came; one query."""
    chosen = PublicChange.id >= newest
    if missing:
        chosen = or_(chosen, PublicChange.id.in_(sorted(missing)))
    query = select(PublicChange.id, PublicChange.statement_id).where(chosen).order_by(PublicChange.id)
    return [(row.id, row.statement_id) for row in connection.execute(query)]


def all_slugs(connection: Connection) -> list[str]:
    """The addresses of all publications, newest first."""
    return list(connection.scalars(select(Publication.slug).order_by(Publication.published_at.desc())))


def slugs(connection: Connection, statement_ids: Collection[int]) -> list[str]:
    """The addresses of those of these statements that are published."""
    return list(connection.scalars(select(Publication.slug).where(Publication.statement_id.in_(statement_ids))))
