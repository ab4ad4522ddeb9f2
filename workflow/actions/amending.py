"""Amending a circulation: the deadline is moved, a name decided, a late answer counted. Each is one transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from workflow.actions.closing import break_silence, refuse_addressed, settle
from workflow.actions.moving import move
from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.circulation import Signatory
from workflow.models.signing import Answer
from workflow.queries import circulation as looking
from workflow.queries.drafting import take_statement
from workflow.queries.naming import signatory_to_decide
from workflow.queries.silence import objected
from workflow.rules.counting import check_countable
from workflow.rules.lifecycle import Move
from workflow.rules.refusals import NotFound
from workflow.text.instants import iso


def extend(
    session: Session,
    now: datetime,
    user_id: int,
    public_id: str,
    until: datetime,
    zone: str,
    soft: datetime | Literal["as it is"] | None = "as it is",
) -> None:
    """Move the deadline; everybody is told. Answers that had come late count where they came before the new one, and
    an objection among them breaks a silence.

    `soft` is the deadline that is asked for, before the other; as it is, it stays where it is before the other still.
    """
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = looking.open_for(session, statement, Move.AMEND_ASKING)
        chosen = circulation.to_move.moved(until, soft, now)
        before = {"was": (circulation.deadline_at, until), "was_soft": (circulation.soft_deadline_at, chosen)}
        facts: dict[str, object] = {name: iso(was) for name, (was, new) in before.items() if was and was != new}
        invitations = move(session, statement, circulation, until, zone, chosen, now)
        outbox.put_to(session, now, statement, invitations, outbox.Kind.EXTENDED, facts)
        if circulation.silence_lasts and objected(session, circulation):
            break_silence(session, statement, circulation, now)
        settle(session, statement, circulation, now)


def decide_name(
    session: Session,
    now: datetime,
    user_id: int,
    public_id: str,
    signatory_id: int,
    proposed: str,
    accept: bool,
    names: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Accept the name a signatory asked to be listed under, and those for other languages (`names`), or fall back to
    what is registered. Gives the names that were decided on: those that are not the registered ones.
    """
    asked = dict(names or {})
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = looking.open_for(session, statement, Move.AMEND_ASKING)
        signatory, invitation_ids = signatory_to_decide(session, circulation.id, signatory_id, proposed, asked)
        signatory.decided_name, signatory.decided_names, signatory.name_accepted = proposed, asked, accept
        value: dict[str, object] = {"listed_name": proposed, **({"names": asked} if asked else {})}
        statement.record("name decided", now, {"name": statement.disclose(value), "accepted": accept})
        session.flush()
        refuse_addressed(session, circulation)
        invitations = [one for one in looking.writable_invitations(session, circulation.id) if one.id in invitation_ids]
        outbox.put_to(session, now, statement, invitations, outbox.Kind.NAME_DECIDED, {"accepted": accept})
        decided_on: tuple[str, ...] = signatory.naming(proposed, asked).asked_for
        settle(session, statement, circulation, now)
    return decided_on


def count_late(
    session: Session, now: datetime, user_id: int, public_id: str, signatory_id: int, answer_id: int
) -> None:
    """Count the newest answer of a signatory although it came after the deadline; everybody on the roll is told.

    Raises NotFound where another answer came meanwhile, so that none is counted unseen; NotCountable where
    there is nothing to count. What is counted already stays so, and nobody is told twice.
    """
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = looking.open_for(session, statement, Move.AMEND_ASKING)
        places = looking.roll(session, circulation.id)
        place = next((one for one in places if (one.signatory_id, one.answer_id) == (signatory_id, answer_id)), None)
        if place is None:
            raise NotFound
        if place.counted_id == answer_id:
            return
        check_countable(circulation.rule, place.standing(circulation))
        session.get_one(Signatory, signatory_id).counted_answer_id = answer_id
        facts: dict[str, object] = {
            "circulation": circulation.number,
            "signatory": statement.disclose({"organisation": place.name}),
            "answer": session.get_one(Answer, answer_id).event_hash,
        }
        statement.record("late answer counted", now, facts)
        session.flush()
        told = looking.writable_invitations(session, circulation.id)
        outbox.put_to(session, now, statement, told, outbox.Kind.LATE_COUNTED, {"signatory": signatory_id})
        settle(session, statement, circulation, now)
