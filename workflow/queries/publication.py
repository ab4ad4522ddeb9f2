"""Looking at publications: the list, one with all that is public about it, and which names still are."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    case,
    select,
)
from sqlalchemy.orm import Session

from workflow.formats.public_parts import Disclosed, PublicNote, Translated
from workflow.formats.record import PublicStatement
from workflow.models.circulation import Circulation, Signatory
from workflow.models.coalition import Coalition
from workflow.models.drafting import Statement
from workflow.models.history import Disclosure, Event
from workflow.models.log import RecordSignature
from workflow.models.notes import Note
from workflow.models.publication import Publication
from workflow.models.translations import Translation
from workflow.queries.public_files import files_of
from workflow.queries.taken_down import SHOWN, SLUG
from workflow.rules.noting import NoteKind
from workflow.text.signing_forms import Signatures

# Both databases take this many values in one query, and no statement we know has as many signatories.
MOST_AT_ONCE = 20_000
NEWEST_FIRST = (Publication.published_at.desc(), Publication.id.desc())

# Under which commitment the lead is in the record, if it is.
LEAD_COMMITMENT = (
    select(Signatory.commitment)
    .join(Circulation, Circulation.id == Signatory.circulation_id)
    .where(
        Circulation.statement_id == Publication.statement_id,
        Signatory.organisation_id == Statement.lead_id,
        Signatory.commitment.is_not(None),
    )
    .order_by(Signatory.id.desc())
    .limit(1)
    .correlate(Publication, Statement)
    .scalar_subquery()
)
PUBLICATIONS: Select[Any] = (
    select(
        Publication.statement_id,
        Publication.slug,
        Publication.record,
        Publication.record_digest,
        Publication.published_at,
        Publication.listing,
        Publication.manner,
        Coalition.public_name,
        case((Coalition.public_name != "", Coalition.slug), else_="").label("coalition_slug"),
        LEAD_COMMITMENT.label("lead_commitment"),
        RecordSignature.public,
        RecordSignature.raw,
        RecordSignature.minisign,
        RecordSignature.ssh,
    )
    .select_from(Publication)
    .join(Statement, Statement.id == Publication.statement_id)
    .join(Coalition, Coalition.id == Statement.coalition_id)
    .outerjoin(RecordSignature, RecordSignature.statement_id == Publication.statement_id)
)


def by_slug(session: Session, slug: str) -> PublicStatement | None:
    """The publication at an address with what is disclosed beside it, or none (as where it was taken down)."""
    if not SLUG.fullmatch(slug):
        return None
    found = _with_disclosures(session, PUBLICATIONS.where(Publication.slug == slug, SHOWN))
    return found[0] if found else None


def by_statement(session: Session, statement_id: int) -> PublicStatement | None:
    """The publication of a statement with what is disclosed beside it, or none (as where it was taken down)."""
    found = _with_disclosures(session, PUBLICATIONS.where(Publication.statement_id == statement_id, SHOWN))
    return found[0] if found else None


def newest(session: Session, count: int, after: int = 0, coalition_id: int | None = None) -> list[PublicStatement]:
    """The newest publications (of one coalition, if given), after so many newer ones, with what is disclosed beside
    them; four queries."""
    chosen = PUBLICATIONS.where(SHOWN, *of_coalition(coalition_id)).order_by(*NEWEST_FIRST)
    return _with_disclosures(session, chosen.offset(after).limit(count))


def newest_ids(session: Session, count: int, after: int = 0, coalition_id: int | None = None) -> list[int]:
    """The ids of the statements that `newest` would give, in the same order."""
    chosen = select(Publication.statement_id).where(SHOWN, *of_coalition(coalition_id))
    if coalition_id is not None:
        chosen = chosen.join(Statement, Statement.id == Publication.statement_id)
    return list(session.scalars(chosen.order_by(*NEWEST_FIRST).offset(after).limit(count)))


def of_coalition(coalition_id: int | None) -> list[ColumnElement[bool]]:
    """Only those of one coalition, if it is given; the statement is joined."""
    return [] if coalition_id is None else [Statement.coalition_id == coalition_id]


def _with_disclosures(session: Session, chosen: Select[Any]) -> list[PublicStatement]:
    rows = session.execute(chosen).all()
    listings = [tuple(json.loads(row.listing)) for row in rows]
    notes = _notes(session, [row.statement_id for row in rows])
    noted = {
        one for made in notes.values() for note in made for one in (note.commitment, note.replaced_by, note.said) if one
    }
    persons = {row.statement_id: persons_in(row.record) for row in rows}
    values = _disclosures(session, noted.union(*listings, *persons.values()))
    files = files_of(session, [row.statement_id for row in rows])
    return [
        replace(
            _public(row, listing, [_with_salt(one, values) for one in notes[row.statement_id]], values),
            persons=tuple(values[one] for one in persons[row.statement_id] if one in values),
            files=files.get(row.statement_id, ()),
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
        .add_columns(Event, Translation)
        .join(Event, (Event.statement_id == Note.statement_id) & (Event.hash == Note.event_hash))
        .outerjoin(
            Translation, (Translation.statement_id == Note.statement_id) & (Translation.event_hash == Event.hash)
        )
        .where(Note.statement_id.in_(statement_ids))
        .order_by(Note.id)
    )
    for statement_id, kind, at, text, commitment, replaced_by, event, added in rows:
        said = json.loads(event.body)["facts"]["said"]
        note = PublicNote(NoteKind(kind), at, text, commitment, replaced_by, event.hash, said)
        found[statement_id].append(replace(note, translation=_added(added)) if added else note)
    return found


def _added(one: Translation) -> Translated:
    return Translated(one.language, one.content, one.digest, one.approved_by, one.added_at)


def _with_salt(note: PublicNote, values: Mapping[str, Disclosed]) -> PublicNote:
    """The note with the salt that binds its words to their commitment, where they were not taken out."""
    said = values.get(note.said)
    return replace(note, salt=said.salt) if said and said.value == {"text": note.text} else note


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
        coalition=row.public_name,
        coalition_slug=row.coalition_slug or "",
        lead_commitment=row.lead_commitment or "",
        beside=tuple(values[one] for one in dict.fromkeys(beside) if one in values),
        signatures=Signatures(row.raw, row.minisign, row.ssh) if row.raw else None,
        signed_by=bytes.fromhex(row.public or ""),
    )
