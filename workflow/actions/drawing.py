"""Drawing: the files of a publication are made outside of every transaction, and put in their place in one."""

from datetime import datetime
from urllib.parse import quote

from sqlalchemy import delete
from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.formats.issuing import Artwork
from workflow.formats.made import drawn_with, make_files, standing_digest
from workflow.formats.record import PublicStatement
from workflow.mail.drawing import have_drawn
from workflow.models.public_files import PublicFile
from workflow.queries import logos, public_files, publication
from workflow.queries.drafting import take_statement_by_id
from workflow.rules.publication import FileKind

# A publication that changes faster than its files are made is drawn by the job of its last change.
ROUNDS = 3
MOST_AT_ONCE = 10_000


def draw(session: Session, now: datetime, statement_id: int, base_url: str) -> bool:
    """Make the files of a publication, as it stands now; gives whether they are there.

    They are kept only if nothing has changed while they were made: else they are made again.
    """
    for _ in range(ROUNDS):
        editions = _editions(session, statement_id)
        pictured = [(one, Artwork(logos=logos.contents(session, one.logos))) for one in editions]
        session.rollback()  # nobody waits while type is set
        made = [
            (one, make_files(one, address_of(base_url, one.slug, one.language), artwork)) for one, artwork in pictured
        ]
        with transaction(session):
            take_statement_by_id(session, statement_id)
            if list(map(standing_digest, _editions(session, statement_id))) != list(map(standing_digest, editions)):
                continue
            session.execute(delete(PublicFile).where(PublicFile.statement_id == statement_id))
            for one, files in made:
                session.add_all(_rows(now, one, files, drawn_with(base_url)))
        return True
    return False


def _editions(session: Session, statement_id: int) -> list[PublicStatement]:
    """The publication in each of its languages, or nothing where there is none, or none is shown."""
    found = publication.by_statement(session, statement_id)
    return [found.in_language(one) for one in found.languages] if found else []


def _rows(now: datetime, found: PublicStatement, files: dict[FileKind, bytes | None], by: str) -> list[PublicFile]:
    return [
        PublicFile(
            statement_id=found.statement_id,
            language=found.edition.language,
            kind=kind.value,
            drawn_from=standing_digest(found),
            drawn_with=by,
            made_at=now,
            size=None if content is None else len(content),
            content=content,
        )
        for kind, content in files.items()
    ]


def have_missing_drawn(session: Session, now: datetime, base_url: str) -> int:
    """Put a job for each publication of which this code has made no files: after an upgrade, or at a new address."""
    missing = public_files.lacking(session, drawn_with(base_url), MOST_AT_ONCE)
    session.rollback()
    for statement_id in missing:
        with transaction(session):
            have_drawn(session, take_statement_by_id(session, statement_id), now)
    return len(missing)


def address_of(base_url: str, slug: str, language: str = "") -> str:
    """The address of a publication in one of its editions, as the page itself says it."""
    return f"{base_url}/statements/{quote(slug)}{language and '/'}{language}"
