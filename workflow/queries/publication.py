"""Looking at publications: the list, one with all that is public about it, and which names still are."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, ScalarSelect, Select, String, bindparam, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from workflow.formats.record import Disclosed, PublicNote, PublicStatement, Translated
from workflow.models.drafting import Statement
from workflow.models.history import Disclosure
from workflow.models.notes import Note
from workflow.models.publication import Publication
from workflow.models.translations import Translation
from workflow.rules.lifecycle import Stage
from workflow.rules.noting import NoteKind

# What a slug can look like; anything else is asked of no database (PostgreSQL chokes on NUL).
SLUG = re.compile(r"[\w-]{1,120}")
# Both databases take this many values in one query, and no statement we know has as many signatories.
MOST_AT_ONCE = 20_000
NEWEST_FIRST = (Publication.published_at.desc(), Publication.id.desc())

PUBLICATIONS: Select[Any] = select(  # type: ignore[assignment]
    Publication.statement_id,
    Publication.slug,
    Publication.record,
    Publication.record_digest,
    Publication.published_at,
    Publication.listing,
    Publication.manner,
)
# How much is noted, as one word beside the commitments: another note, or words taken out of one, make it another word.
NOTED = literal("notes-") + cast(func.count(Note.id), String) + "-" + cast(func.sum(func.length(Note.text)), String)
NOTHING_NOTED = "notes-0"
TRANSLATED = literal("translations-") + cast(func.count(Translation.id), String)
STANDING_OF_ONE = union_all(
    select(Disclosure.commitment).where(Disclosure.statement_id == bindparam("statement_id")),
    select(func.coalesce(NOTED, NOTHING_NOTED)).where(Note.statement_id == bindparam("statement_id")),
    select(TRANSLATED).where(Translation.statement_id == bindparam("statement_id")),
)


@dataclass(frozen=True)
class Listed:
    """One line of the list of published statements."""

    slug: str
    headline: str
    language: str
    published_at: datetime
    retracted: bool
    signatories: int


def published(session: Session, page: int, size: int) -> tuple[list[Listed], bool]:
    """The published statements of a page (from 1), newest first, and whether there are more; one query.

    Counted are those who stand by it now: late ones too, and not who has withdrawn.
    """

    def noted(kind: NoteKind) -> ScalarSelect[int]:
        of_it = select(func.count(Note.id)).where(Note.statement_id == Publication.statement_id, Note.kind == kind)
        return of_it.correlate(Publication).scalar_subquery()

    rows = session.execute(
        select(
            Publication.slug,
            Publication.headline,
            Publication.language,
            Publication.published_at,
            Statement.stage == Stage.RETRACTED,
            Publication.listing,
            (noted(NoteKind.LATE) - noted(NoteKind.WITHDRAWAL)).label("since"),
        )
        .join(Statement, Statement.id == Publication.statement_id)
        .order_by(*NEWEST_FIRST)
        .offset((page - 1) * size)
        .limit(size + 1)
    ).all()
    shown = [Listed(*row[:5], signatories=len(json.loads(row.listing)) + row.since) for row in rows[:size]]
    return shown, len(rows) > size


def by_slug(session: Session, slug: str) -> PublicStatement | None:
    """The publication at an address with what is disclosed beside it, or none; three queries."""
    if not SLUG.fullmatch(slug):
        return None
    found = _with_disclosures(session, PUBLICATIONS.where(Publication.slug == slug))
    return found[0] if found else None


def newest(session: Session, count: int) -> list[PublicStatement]:
    """The newest publications with what is disclosed beside them; three queries."""
    return _with_disclosures(session, PUBLICATIONS.order_by(*NEWEST_FIRST).limit(count))


def newest_ids(session: Session, count: int) -> list[int]:
    """The ids of the statements that `newest` would give, in the same order."""
    return list(session.scalars(select(Publication.statement_id).order_by(*NEWEST_FIRST).limit(count)))


def standing_now(session: Session, statement_ids: Sequence[int]) -> frozenset[str]:
    """Every commitment of these statements whose value is disclosed at this moment, and a word for what is noted."""
    if len(statement_ids) == 1:
        return frozenset(session.execute(STANDING_OF_ONE, {"statement_id": statement_ids[0]}).scalars())
    disclosed = select(Disclosure.commitment).where(Disclosure.statement_id.in_(statement_ids))
    noted = select(func.coalesce(NOTED, NOTHING_NOTED)).where(Note.statement_id.in_(statement_ids))
    translated = select(TRANSLATED).where(Translation.statement_id.in_(statement_ids))
    return frozenset(session.scalars(union_all(disclosed, noted, translated)))


def noted_word(found: Sequence[PublicStatement]) -> str:
    """The same word, for publications as they were read."""
    texts = [note.text for one in found for note in one.notes if note.translation is None]
    return f"notes-{len(texts)}-{sum(map(len, texts))}" if texts else NOTHING_NOTED


def translated_word(found: Sequence[PublicStatement]) -> str:
    """The word for how many translations were added, for publications as they were read."""
    return f"translations-{sum(len(one.added) for one in found)}"


def _with_disclosures(session: Session, chosen: Select[Any]) -> list[PublicStatement]:
    rows = session.execute(chosen).all()
    listings = [tuple(json.loads(row.listing)) for row in rows]
    notes = _notes(session, [row.statement_id for row in rows])
    noted = {one for made in notes.values() for note in made for one in (note.commitment, note.replaced_by) if one}
    persons = {row.statement_id: persons_in(row.record) for row in rows}
    values = _disclosures(session, noted.union(*listings, *persons.values()))
    return [
        replace(
            _public(row, listing, notes[row.statement_id], values),
            persons=tuple(values[one] for one in persons[row.statement_id] if one in values),
        )
        for row, listing in zip(rows, listings, strict=True)
    ]


def persons_in(record: str) -> list[str]:
    """The commitments to persons in a record, mostly none; a record without any is not made into values for it."""
    if '"person"' not in record:
        return []
    return [one["person"] for one in json.loads(record)["signatories"] if "person" in one]


def _notes(session: Session, statement_ids: Sequence[int]) -> dict[int, list[PublicNote]]:
    """What was noted since, by statement, oldest first. Persons are never looked at."""
    found: dict[int, list[PublicNote]] = {one: [] for one in statement_ids}
    rows = session.execute(
        select(Note.statement_id, Note.kind, Note.noted_at, Note.text, Note.commitment, Note.replaced_by)
        .where(Note.statement_id.in_(statement_ids))
        .order_by(Note.id)
    )
    for statement_id, kind, at, text, commitment, replaced_by in rows:
        found[statement_id].append(PublicNote(NoteKind(kind), at, text, commitment, replaced_by))
    _add_translations(session, found)
    return found


def _add_translations(session: Session, notes: dict[int, list[PublicNote]]) -> None:
    """Put each translation that was added among the notes of its statement, by its date."""
    chosen = select(Translation).where(Translation.statement_id.in_(notes)).order_by(Translation.id)
    touched = set()
    for one in session.scalars(chosen):
        added = Translated(one.language, one.content, one.digest, one.approved_by, one.added_at)
        notes[one.statement_id].append(PublicNote(NoteKind.TRANSLATION, one.added_at, translation=added))
        touched.add(one.statement_id)
    for statement_id in touched:
        notes[statement_id].sort(key=lambda note: note.at)


def _disclosures(session: Session, commitments: Collection[str]) -> dict[str, Disclosed]:
    """What stands behind these commitments, where it was not taken back. Persons are never looked at."""
    wanted = sorted(commitments)
    found = {}
    for start in range(0, len(wanted), MOST_AT_ONCE):
        chosen = Disclosure.commitment.in_(wanted[start : start + MOST_AT_ONCE])
        for row in session.execute(select(Disclosure.commitment, Disclosure.salt, Disclosure.value).where(chosen)):
            found[row.commitment] = Disclosed(*row)
    return found


def _public(
    row: Row[Any], listing: tuple[str, ...], notes: Sequence[PublicNote], values: dict[str, Disclosed]
) -> PublicStatement:
    beside = [one for note in notes for one in (note.commitment, note.replaced_by) if one and one not in listing]
    return PublicStatement(
        statement_id=row.statement_id,
        slug=row.slug,
        record=row.record,
        record_digest=row.record_digest,
        published_at=row.published_at,
        listing=listing,
        disclosures=tuple(values[one] for one in listing if one in values),
        notes=tuple(notes),
        manner=row.manner,
        beside=tuple(values[one] for one in dict.fromkeys(beside) if one in values),
    )
