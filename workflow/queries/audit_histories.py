"""The audit, continued: each statement's events, texts, answers, publication and notes, read as plain columns."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.drafting import Revision, Statement
from workflow.models.history import Disclosure, Event
from workflow.models.notes import Note
from workflow.models.publication import Publication
from workflow.models.signing import Answer
from workflow.models.translations import Translation
from workflow.rules.log import LoggedNote, note_leaf, publication_leaf
from workflow.rules.noting import EVENT_OF, NoteKind
from workflow.text import chain
from workflow.text.digest import canonical_json, commitment
from workflow.text.instants import iso

Facts = dict[str, Any]
# One row, as the plain columns that were asked for.
Line = Any


@dataclass
class History:
    """One statement as it was found: the hashes of its events, the leaves it must have, and what is wrong."""

    statement_id: int
    public_id: str
    hashes: list[str] = field(default_factory=list)
    events: dict[str, Line] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    notes: list[Line] = field(default_factory=list)
    publication: Line | None = None
    leaves: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def say(self, problem: str) -> None:
        """Note what is wrong."""
        self.wrong.append(f"Statement {self.public_id}: {problem}.")


def histories(session: Session) -> Iterator[History]:
    """Every statement, one after the other."""
    columns = (Statement.id, Statement.public_id, Statement.event_count, Statement.chain_head, Statement.revision_count)
    for row in session.execute(select(*columns).order_by(Statement.id)).all():
        found = History(row.id, row.public_id)
        _events(session, found, row)
        _texts(session, found, row.revision_count)
        _answers(session, found)
        _publication(session, found)
        _notes(session, found)
        yield found


def _events(session: Session, found: History, statement: Line) -> None:
    """The chain, the columns beside it, and that it ends where the statement says."""
    columns = (Event.number, Event.kind, Event.at, Event.body, Event.previous_hash, Event.hash)
    chosen = select(*columns).where(Event.statement_id == found.statement_id).order_by(Event.number)
    rows = session.execute(chosen).all()
    broken = chain.broken_at(chain.Link(row.number, row.body, row.previous_hash, row.hash) for row in rows)
    if broken is not None:
        found.say(f"its history does not hold at event {broken}")
    for row in rows:
        found.hashes.append(row.hash)
        found.events[row.hash] = row
        facts = _facts(row.body)
        found.facts[row.hash] = facts
        if row.body != chain.body(found.public_id, row.number, row.kind, iso(row.at), facts):
            found.say(f"event {row.number} is not what its columns say")
    last = rows[-1].hash if rows else chain.START
    if (statement.event_count, statement.chain_head) != (len(rows), last):
        found.say("its history does not end where it says")


def _facts(body: str) -> Facts:
    try:
        facts = json.loads(body)["facts"]
    except (ValueError, KeyError, TypeError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _of_kind(found: History, kind: str) -> list[Facts]:
    return [found.facts[hashed] for hashed, row in found.events.items() if row.kind == kind]


def _texts(session: Session, found: History, count: int) -> None:
    """Every revision is the text that its event names."""
    columns = (Revision.number, Revision.content, Revision.digest)
    chosen = select(*columns).where(Revision.statement_id == found.statement_id).order_by(Revision.number)
    rows = session.execute(chosen).all()
    named = [(facts.get("revision"), facts.get("digest")) for facts in _of_kind(found, "revised")]
    if [(row.number, row.digest) for row in rows] != named or len(rows) != count:
        found.say("its revisions are not those of its history")
    for row in rows:
        if hashlib.sha256(row.content.encode()).hexdigest() != row.digest:
            found.say(f"revision {row.number} does not have its digest")


def _answers(session: Session, found: History) -> None:
    """Every answer is the one of its event, to the text that the event names, and none is missing."""
    chosen = (
        select(Answer.id, Answer.kind, Answer.answered_at, Answer.event_hash, Revision.digest, Revision.statement_id)
        .join(Signatory, Signatory.id == Answer.signatory_id)
        .join(Circulation, Circulation.id == Signatory.circulation_id)
        .join(Revision, Revision.id == Answer.revision_id)
        .where(Circulation.statement_id == found.statement_id)
    )
    rows = session.execute(chosen).all()
    if Counter(row.event_hash for row in rows) != Counter(
        hashed for hashed, row in found.events.items() if row.kind == "answered"
    ):
        found.say("its answers are not those of its history")
    for row in rows:
        facts = found.facts.get(row.event_hash, {})
        if (row.kind, row.digest) != (facts.get("answer"), facts.get("digest")):
            found.say(f"answer {row.id} is not what its event says")


def _publication(session: Session, found: History) -> None:
    """The record has its digest, its text is a revision of the statement, and its history knows of it."""
    chosen = (
        select(
            *(Publication.slug, Publication.record, Publication.record_digest, Publication.published_at),
            *(Publication.listing, Revision.digest, Revision.number, Revision.statement_id),
        )
        .join(Revision, Revision.id == Publication.revision_id)
        .where(Publication.statement_id == found.statement_id)
    )
    row = session.execute(chosen).one_or_none()
    heads = [hashed for hashed, event in found.events.items() if event.kind == "published"]
    if (row is not None) != bool(heads) or len(heads) > 1:
        found.say("its publication and its history do not say the same")
    found.publication = row
    if row is None:
        return
    if hashlib.sha256(row.record.encode()).hexdigest() != row.record_digest:
        found.say("its record does not have its digest")
    values = _record(row.record)
    told = (values.get("slug"), values.get("instants", {}).get("published"), values.get("chain_head"))
    text = {name: values.get("statement", {}).get(name) for name in ("revision", "digest")}
    if (
        told != (row.slug, iso(row.published_at), heads[0] if heads else None)
        or text != {"revision": row.number, "digest": row.digest}
        or row.statement_id != found.statement_id
        or (heads and found.facts[heads[0]] != text)
    ):
        found.say("its record is not what its columns and its history say")
    signed = sorted(str(one.get("commitment")) for one in values.get("signatories", ()))
    if sorted(json.loads(row.listing)) != signed:
        found.say("its list of signatories is not that of its record")
    leaf = publication_leaf(row.record_digest, row.digest, str(told[2]), iso(row.published_at))
    found.leaves.append(canonical_json(leaf))


def _translations(session: Session, found: History) -> None:
    """Every translation is the one of its note, to the byte, and none is missing."""
    chosen = select(*Translation.__table__.c).where(Translation.statement_id == found.statement_id)
    there = session.execute(chosen).all()
    noted = {one.event_hash: one for one in found.notes if one.kind == NoteKind.TRANSLATION}
    if sorted(noted) != sorted(one.event_hash for one in there):
        found.say("its translations are not those of its notes")
    for one in there:
        note, facts = noted.get(one.event_hash), found.facts.get(one.event_hash, {})
        told = (facts.get("language"), facts.get("approved_by"))
        same = (hashlib.sha256(one.content.encode()).hexdigest(), *told) == (one.digest, one.language, one.approved_by)
        if note is None or not same or note.text not in ("", one.digest) or note.noted_at != one.added_at:
            found.say(f"the translation into {one.language} is not what its note says")


def _record(record: str) -> dict[str, Any]:
    try:
        values = json.loads(record)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def _notes(session: Session, found: History) -> None:
    """Every note is the one of its event, none is missing, and words are gone only where a name was withheld."""
    chosen = (
        select(
            *Note.__table__.c,
            Signatory.commitment.label("stands_under"),
            Invitation.signatory_id.label("by_link_of"),
        )
        .outerjoin(Signatory, Signatory.id == Note.signatory_id)
        .outerjoin(Invitation, Invitation.id == Note.invitation_id)
        .where(Note.statement_id == found.statement_id)
    )
    found.notes = list(session.execute(chosen.order_by(Note.id)))
    kinds = set(EVENT_OF.values())
    if Counter(note.event_hash for note in found.notes) != Counter(
        hashed for hashed, row in found.events.items() if row.kind in kinds
    ):
        found.say("its notes are not those of its history")
    told = [found.facts.get(note.event_hash, {}) for note in found.notes]
    known = _disclosed(session, {facts[name] for facts in told for name in ("said", "person") if name in facts})
    erased = 0
    _translations(session, found)
    for note, facts in zip(found.notes, told, strict=True):
        event, said = found.events.get(note.event_hash), known.get(facts.get("said", ""))
        if event is None or not _fits(note, event, facts) or not _person_fits(note, known.get(facts.get("person", ""))):
            found.say(f"note {note.id} is not what its event says")
        if note.text and said != {"text": note.text}:
            found.say(f"note {note.id} has other words than were committed to")
        erased += not note.text and said != {"text": ""}
        if found.publication is not None:
            found.leaves.append(_leaf(note, found.publication.record_digest, facts))
    if erased > sum(int(facts.get("notes_erased", 0)) for facts in _of_kind(found, "name withheld")):
        found.say("words of a note were taken out, though no name was withheld")


def _fits(note: Line, event: Line, facts: Facts) -> bool:
    """Whether the columns of a note are what its event says, and whose it is."""
    door = "link" if note.invitation_id else "desk" if note.user_id else "operator"
    kind = EVENT_OF.get(NoteKind(note.kind)) if note.kind in set(NoteKind) else None
    told = (kind, iso(note.noted_at), door, note.commitment, note.replaced_by)
    if told != (event.kind, iso(event.at), facts.get("by"), facts.get("commitment"), facts.get("replaced_by")):
        return False
    return note.stands_under == note.commitment and note.by_link_of in (None, note.signatory_id)


def _person_fits(note: Line, known: object) -> bool:
    """Whether the person of a note is the one committed to, or was erased."""
    nobody = not note.person_name and not note.person_role
    return nobody or known == {"name": note.person_name, "role": note.person_role}


def _disclosed(session: Session, committed: set[Any]) -> dict[str, object]:
    """The values behind these commitments, where they are there and fit."""
    chosen = select(Disclosure.commitment, Disclosure.salt, Disclosure.value)
    rows = session.execute(chosen.where(Disclosure.commitment.in_(sorted(map(str, committed))))) if committed else ()
    return {row.commitment: row.value for row in rows if commitment(row.salt, row.value) == row.commitment}


def _leaf(note: Line, record_digest: str, facts: Facts) -> str:
    told = LoggedNote(
        kind=note.kind,
        record=record_digest,
        at=iso(note.noted_at),
        event=note.event_hash,
        said=str(facts.get("said")),
        signatory=note.commitment,
        replaced_by=note.replaced_by,
    )
    return canonical_json(note_leaf(told))
