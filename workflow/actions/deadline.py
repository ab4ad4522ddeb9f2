"""The deadline: what is noted, weighed and told at its instant. One transaction."""

import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.actions.closing import settle
from workflow.actions.publishing import tell_applicants, tell_lead
from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.circulation import Circulation
from workflow.models.history import Event
from workflow.queries.circulation import open_circulation
from workflow.queries.drafting import take_statement_by_id
from workflow.text.instants import iso

DEADLINE_PASSED = "deadline passed"


def reached(session: Session, now: datetime, circulation_id: int) -> bool:
    """Note that a deadline passed, once for each; lock what only waited for it, else tell the lead.

    Gives whether it was noted. Nothing happens where the circulation has ended, or the deadline was moved.
    """
    with transaction(session):
        statement_id = session.scalar(select(Circulation.statement_id).where(Circulation.id == circulation_id))
        if statement_id is None:
            return False
        statement = take_statement_by_id(session, statement_id)
        circulation = open_circulation(session, statement_id)
        if circulation is None or circulation.id != circulation_id or circulation.deadline_at > now:
            return False
        facts: dict[str, object] = {"circulation": circulation.number, "deadline": iso(circulation.deadline_at)}
        if _noted(session, statement_id, facts):
            return False
        statement.record(DEADLINE_PASSED, now, facts)
        circulation.time_up_at = now
        session.flush()
        if not settle(session, statement, circulation, now).complete:
            told: dict[str, object] = {"deadline": iso(circulation.deadline_at)}
            tell_lead(session, statement, circulation, outbox.Kind.DEADLINE, told, now)
            tell_applicants(session, statement, circulation, "closed", now)
    return True


def _noted(session: Session, statement_id: int, facts: dict[str, object]) -> bool:
    bodies = session.scalars(
        select(Event.body).where(Event.statement_id == statement_id, Event.kind == DEADLINE_PASSED)
    )
    return any(json.loads(body)["facts"] == facts for body in bodies)
