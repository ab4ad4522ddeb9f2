"""Looking at many publications at once: those of one coalition, and all of them for a sitemap."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from workflow.models.coalition import Coalition
from workflow.models.drafting import Revision, Statement
from workflow.models.notes import Note
from workflow.models.publication import Publication
from workflow.models.translations import Translation
from workflow.queries.publication import NEWEST_FIRST, of_coalition
from workflow.queries.taken_down import SHOWN, SLUG
from workflow.rules.lifecycle import Stage
from workflow.rules.noting import NoteKind
from workflow.text import digest
from workflow.text.content import Edition


@dataclass(frozen=True)
class Listed:
    """One line of the list of published statements. `edition`: the language of the one that is led to, where that is
    not the authoritative one."""

    slug: str
    headline: str
    language: str
    published_at: datetime
    retracted: bool
    corrected: bool
    signatories: int
    edition: str = ""


def published(
    session: Session, page: int, size: int, coalition_id: int | None = None, language: str = ""
) -> tuple[list[Listed], bool]:
    """The published statements of a page (from 1), newest first, and whether there are more.

    Those of one coalition, where it is given; each in the edition of `language`, where it has one.

    Counted are those who stand by it now: late ones too, and not who has withdrawn.
    """
    # The notes of each line are found by their statement, twice: what came and went, and whether one is a correction.
    of_it = Note.statement_id == Publication.statement_id
    counted = case((Note.kind == NoteKind.LATE, 1), (Note.kind == NoteKind.WITHDRAWAL, -1), else_=0)
    since = select(func.coalesce(func.sum(counted), 0)).where(of_it).correlate(Publication).scalar_subquery()
    corrected = select(Note.id).where(of_it, Note.kind == NoteKind.CORRECTION).correlate(Publication).exists()
    rows = session.execute(
        select(
            Publication.slug,
            Publication.headline,
            Publication.language,
            Publication.published_at,
            Statement.stage == Stage.RETRACTED,
            corrected,
            Publication.listing,
            since,
        )
        .join(Statement, Statement.id == Publication.statement_id)
        .where(SHOWN, *of_coalition(coalition_id))
        .order_by(*NEWEST_FIRST)
        .offset((page - 1) * size)
        .limit(size + 1)
    ).all()
    shown = [
        Listed(slug, headline, language, at, retracted, fixed, len(json.loads(listing)) + since)
        for slug, headline, language, at, retracted, fixed, listing, since in rows[:size]
    ]
    other = [one.slug for one in shown if _primary(one.language) != _primary(language)]
    found = _editions(session, other, language) if other and language else {}
    return [_in_edition(one, found.get(one.slug)) for one in shown], len(rows) > size


def _in_edition(line: Listed, edition: Edition | None) -> Listed:
    if edition is None:
        return line
    return replace(line, headline=edition.headline, language=edition.language, edition=edition.language)


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


def _editions(session: Session, slugs: Sequence[str], language: str) -> dict[str, Edition]:
    """The editions of these publications in a language; not where counts would have to be filled into the headline."""
    signed = select(Publication.slug, Revision.content).join(Revision, Revision.id == Publication.revision_id)
    later = select(Publication.slug, Translation.content).join(
        Translation, Translation.statement_id == Publication.statement_id
    )
    found: dict[str, Edition] = {}
    for chosen in (signed, later):
        for slug, content in session.execute(chosen.where(Publication.slug.in_(slugs))):
            for one in digest.parse(content).editions:
                if _primary(one.language) == _primary(language) and "{" not in one.headline:
                    found.setdefault(slug, one)
    return found


@dataclass(frozen=True)
class PublicCoalition:
    """A coalition that has published under a name."""

    id: int
    slug: str
    name: str


def coalition_by_slug(session: Session, slug: str) -> PublicCoalition | None:
    """The coalition at an address, or none: also where it has no name in public, or has published nothing yet."""
    if not SLUG.fullmatch(slug):
        return None
    published = (
        select(Publication.id)
        .join(Statement, Statement.id == Publication.statement_id)
        .where(Statement.coalition_id == Coalition.id, SHOWN)
        .exists()
    )
    row = session.execute(
        select(Coalition.id, Coalition.slug, Coalition.public_name).where(
            Coalition.slug == slug, Coalition.public_name != "", published
        )
    ).one_or_none()
    return PublicCoalition(row.id, row.slug or "", row.public_name) if row else None


def pages(session: Session, page: int, size: int) -> list[tuple[str, datetime]]:
    """The slugs of one page of all publications, oldest first, each with the instant of its last note or its own."""
    noted = select(func.max(Note.noted_at)).where(Note.statement_id == Publication.statement_id).scalar_subquery()
    rows = session.execute(
        select(Publication.slug, Publication.published_at, noted)
        .where(SHOWN)
        .order_by(Publication.id)
        .offset((page - 1) * size)
        .limit(size)
    )
    return [(slug, noted_at or published_at) for slug, published_at, noted_at in rows]


def how_many(session: Session) -> int:
    """How many publications there are to be shown."""
    return session.scalar(select(func.count(Publication.id)).where(SHOWN)) or 0


def public_coalitions(session: Session, most: int) -> Sequence[str]:
    """The slugs of the coalitions that have a page, at most so many."""
    found = session.scalars(
        select(Coalition.slug)
        .join(Statement, Statement.coalition_id == Coalition.id)
        .join(Publication, Publication.statement_id == Statement.id)
        .where(Coalition.public_name != "", Coalition.slug.is_not(None), SHOWN)
        .group_by(Coalition.id, Coalition.slug)
        .order_by(Coalition.id)
        .limit(most)
    )
    return [slug for slug in found if slug]


def published_statements(session: Session, coalition_id: int) -> Sequence[int]:
    """The ids of what a coalition has published."""
    return session.scalars(
        select(Publication.statement_id)
        .join(Statement, Statement.id == Publication.statement_id)
        .where(Statement.coalition_id == coalition_id)
    ).all()
