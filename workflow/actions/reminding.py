"""Reminding: who has not answered gets a letter at its instant, and the lead says when. One transaction each."""

from datetime import datetime

from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.mail import outbox
from workflow.mail.reminders import REMIND, await_reminders
from workflow.queries.circulation import open_for
from workflow.queries.drafting import take_statement, take_statement_by_id
from workflow.queries.living_links import statements_asking
from workflow.queries.reminding import Held, held_links
from workflow.rules.lifecycle import Move
from workflow.rules.reminding import TOGETHER, Reminders, is_night, morning_after
from workflow.text.instants import zone_of


def plan(session: Session, now: datetime, user_id: int, public_id: str, reminders: Reminders) -> None:
    """Remind like this from now on, in the living circulation of a statement. Nobody is told."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = open_for(session, statement, Move.AMEND_ASKING)
        circulation.remind(reminders, now)
        session.flush()
        await_reminders(session, now, circulation)


def remind(session: Session, now: datetime, contact_id: int) -> bool:
    """Remind a contact of all that is due and not answered, by one letter; what is due soon goes with it.

    Gives whether a letter was put. Where it is night there, and nothing is urgent, it waits for the morning.
    """
    with transaction(session):
        # The rows of all statements that ask it, lowest first: two jobs for one contact wait for each other.
        for statement_id in statements_asking(session, contact_id):
            take_statement_by_id(session, statement_id)
        held = held_links(session, contact_id)
        told = [one for one in held if _due(one, now) and not _sleeps(one, now)]
        soon = now + TOGETHER if any(one.awaited for one in told) else now
        with_it = [one for one in held if one not in told and one.awaited and soon > now and _due(one, soon)]
        for one in (*told, *with_it):
            until = now if one in told else soon
            one.invitation.reminded_at = max(at for at in one.planned if at <= until)
        session.flush()
        letters = sorted((one for one in (*told, *with_it) if one.awaited), key=lambda one: one.circulation.deadline_at)
        if letters:
            _put(session, now, letters)
        _await_next(session, now, contact_id, held)
    return bool(letters)


def _due(one: Held, now: datetime) -> bool:
    """An instant has come, and the deadline has not: who comes too late reminds of nothing."""
    return any(at <= now for at in one.planned) and one.circulation.deadline_at > now


def _sleeps(one: Held, now: datetime) -> bool:
    return not one.circulation.urgent and is_night(now, zone_of(one.invitation.contact.time_zone))


def _put(session: Session, now: datetime, letters: list[Held]) -> None:
    first, *others = (one.invitation for one in letters)
    draft = outbox.Draft(
        outbox.Kind.REMINDER,
        contact_id=first.contact_id,
        statement_id=letters[0].circulation.statement_id,
        invitation_id=first.id,
        facts={"others": [one.id for one in others]},
    )
    outbox.put(session, now, [draft])


def _await_next(session: Session, now: datetime, contact_id: int, held: list[Held]) -> None:
    """The next instant that is not done, or the morning for what waits for it."""
    next_: list[datetime] = []
    for one in held:
        done = one.invitation.reminded_at
        next_ += [at for at in one.planned if at > now and (done is None or at > done)]
        if _due(one, now) and (done is None or any(at > done for at in one.planned if at <= now)):
            next_.append(morning_after(now, zone_of(one.invitation.contact.time_zone)))
    if next_:
        outbox.await_instant(session, REMIND, contact_id, min(next_))
