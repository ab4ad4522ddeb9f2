"""Amending a circulation: the deadline is moved, a listed name is decided. Each function is one transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from workflow.actions.closing import settle
from workflow.db import transaction
from workflow.mail import outbox
from workflow.queries import circulation as looking
from workflow.queries.drafting import take_statement
from workflow.queries.naming import signatory_to_decide
from workflow.rules.lifecycle import Move
from workflow.rules.refusals import DeadlinePassed, FormRefused, Message, NothingChanged
from workflow.text.instants import iso


def extend(session: Session, now: datetime, user_id: int, public_id: str, until: datetime, zone: str) -> None:
    """Move the deadline. Answers that had come late count where they came before the new one."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = looking.open_for(session, statement, Move.AMEND_ASKING)
        if until <= now:
            raise DeadlinePassed
        if until == circulation.deadline_at:
            raise NothingChanged
        if circulation.silence_lasts and until < circulation.deadline_at:
            raise FormRefused({"deadline_day": Message("silence-shortened")})
        circulation.deadline_at, circulation.deadline_zone, circulation.time_up_at = until, zone, None
        statement.record("deadline moved", now, {"deadline": iso(until)})
        invitations = looking.writable_invitations(session, circulation.id)
        for invitation in invitations:
            invitation.expires_at = circulation.links_until(now)
        outbox.await_instant(session, outbox.DEADLINE, circulation.id, until)
        session.flush()
        outbox.put_to(session, now, statement, invitations, outbox.Kind.EXTENDED)
        settle(session, statement, circulation, now)


def decide_name(
    session: Session,
    now: datetime,
    user_id: int,
    public_id: str,
    signatory_id: int,
    proposed: str,
    accept: bool,
) -> None:
    """Accept the name a signatory asked to be listed under, or fall back to the registered one."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = looking.open_for(session, statement, Move.AMEND_ASKING)
        signatory, invitation_ids = signatory_to_decide(session, circulation.id, signatory_id, proposed)
        signatory.decided_name, signatory.name_accepted = proposed, accept
        statement.record(
            "name decided", now, {"name": statement.disclose({"listed_name": proposed}), "accepted": accept}
        )
        session.flush()
        invitations = [one for one in looking.writable_invitations(session, circulation.id) if one.id in invitation_ids]
        outbox.put_to(session, now, statement, invitations, outbox.Kind.NAME_DECIDED, {"accepted": accept})
        settle(session, statement, circulation, now)
