"""Looking at a statement's history for what its public record tells of it."""

import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.models.drafting import Revision
from workflow.models.history import Event

IN_FORCE = "text put in force"


@dataclass(frozen=True)
class EditorialChange:
    """One change by the editorial rule: from which text to which, when, and until when it could be objected to."""

    from_revision: int
    to_revision: int
    at: str
    until: str


def editorial_changes(session: Session, statement_id: int, circulation: int) -> list[EditorialChange]:
    """The changes that kept sign-offs in a circulation (by its number), oldest first."""
    bodies = session.scalars(
        select(Event.body).where(Event.statement_id == statement_id, Event.kind == IN_FORCE).order_by(Event.number)
    )
    found = []
    for body in map(json.loads, bodies):
        facts = body["facts"]
        if facts.get("editorial") and facts.get("circulation") == circulation:
            change = EditorialChange(facts["from"], facts["revision"], body["at"], facts["objections_until"])
            found.append(change)
    return found


def revisions_by_number(session: Session, statement_id: int, numbers: set[int]) -> list[Revision]:
    """These revisions of a statement, lowest first."""
    if not numbers:
        return []
    chosen = select(Revision).where(Revision.statement_id == statement_id, Revision.number.in_(numbers))
    return list(session.scalars(chosen.order_by(Revision.number)))
