"""The invariants of promises that can be read off a database at any moment."""

import hashlib
import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.models.circulation import Circulation, Signatory
from workflow.models.drafting import Revision, Statement
from workflow.models.history import Event
from workflow.models.publication import Publication
from workflow.models.signing import Answer
from workflow.text import chain


def violations(session: Session) -> list[str]:
    """What does not hold, in words; empty where all is well."""
    session.rollback()
    found: list[str] = []
    for statement in session.scalars(select(Statement)):
        found += _history(session, statement)
        found += _publication(session, statement)
    for revision in session.scalars(select(Revision)):
        if hashlib.sha256(revision.content.encode()).hexdigest() != revision.digest:
            found.append(f"revision {revision.id} does not have its digest")
    session.rollback()
    return found


def _history(session: Session, statement: Statement) -> list[str]:
    events = session.scalars(
        select(Event).where(Event.statement_id == statement.id).order_by(Event.number)
    ).all()
    links = [chain.Link(one.number, one.body, one.previous_hash, one.hash) for one in events]
    found = []
    if (broken := chain.broken_at(links)) is not None:
        found.append(f"the chain of {statement.public_id} breaks at event {broken}")
    if len(events) != statement.event_count or (events and events[-1].hash != statement.chain_head):
        found.append(f"the chain of {statement.public_id} does not end where the statement says")
    heads = {one.hash for one in events}
    answers = session.scalars(
        select(Answer)
        .join(Signatory, Signatory.id == Answer.signatory_id)
        .join(Circulation, Circulation.id == Signatory.circulation_id)
        .where(Circulation.statement_id == statement.id)
    )
    found += [f"answer {one.id} has no event" for one in answers if one.event_hash not in heads]
    return found


def _publication(session: Session, statement: Statement) -> list[str]:
    published = session.scalars(select(Publication).where(Publication.statement_id == statement.id)).all()
    if len(published) != (statement.stage == "published"):
        return [f"{statement.public_id} is {statement.stage} with {len(published)} publications"]
    if not published:
        return []
    circulation = session.scalars(
        select(Circulation).where(
            Circulation.statement_id == statement.id, Circulation.outcome == "complete"
        )
    ).all()
    if len(circulation) != 1:
        return [f"{statement.public_id} is published by {len(circulation)} circulations"]
    found = []
    rows = session.execute(
        select(Signatory.role, Answer.kind, Revision.digest, Answer.answered_at)
        .outerjoin(Answer, Answer.id == Signatory.answer_id)
        .outerjoin(Revision, Revision.id == Answer.revision_id)
        .where(Signatory.circulation_id == circulation[0].id)
    ).all()
    record = json.loads(published[0].record)
    digest = record["statement"]["digest"]
    signed = [row for row in rows if row.kind == "sign-off" and row.digest == digest]
    if any(row.role == "required" and row not in signed for row in rows):
        found.append(f"{statement.public_id} is published without a required sign-off to its digest")
    if len(record["signatories"]) != len(signed):
        found.append(f"{statement.public_id} lists {len(record['signatories'])} of {len(signed)} who signed")
    if hashlib.sha256(published[0].record.encode()).hexdigest() != published[0].record_digest:
        found.append(f"the record of {statement.public_id} does not have its digest")
    return found
