"""In force: another text for a living circulation, asked for again or carried over by the editorial rule."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.actions.closing import ask_quotes, overtake, refuse_addressed, settle
from workflow.actions.moving import move
from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.circulation import Circulation
from workflow.models.drafting import Statement
from workflow.queries import circulation as looking
from workflow.queries.drafting import revision, take_statement, take_statement_by_id
from workflow.queries.history import IN_FORCE
from workflow.queries.opening import waiting_for
from workflow.queries.people import concerned, of_several, standing_answer
from workflow.queries.recording import sign_offs_waiting
from workflow.rules.circulation import Purpose
from workflow.rules.lifecycle import Move
from workflow.rules.refusals import EditorialNotDeclared, FormRefused, Message, NothingChanged
from workflow.text.editions import check_content
from workflow.text.instants import iso

EDITORIAL_HOURS_PASSED = "editorial hours passed"


def put_in_force(
    session: Session,
    now: datetime,
    user_id: int,
    public_id: str,
    number: int,
    *,
    editorial: bool = False,
    vouched: bool = False,
) -> Circulation:
    """Put revision `number` in force: sign-offs to others become stale, and everybody is asked again.

    `editorial`, where the lead declared the editorial rule: sign-offs are kept, everybody is shown the change, and the
    lock waits until the hours for objecting are over. `vouched` as in an Asking. A revision that was in force before
    may come back with all its sign-offs standing: then it locks.
    """
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = looking.open_for(session, statement, Move.PUT_IN_FORCE)
        text = revision(session, statement.id, number)
        if text.digest == circulation.revision.digest:
            raise NothingChanged
        if circulation.silence_lasts:
            raise FormRefused({"text": Message("silence-runs")})
        if editorial and not circulation.editorial_hours:
            raise EditorialNotDeclared
        check_content(text.parsed, complete=True)
        before = circulation.revision.number
        facts: dict[str, object] = {
            "circulation": circulation.number,
            "from": before,
            "revision": text.number,
            "digest": text.digest,
            "editorial": editorial,
        }
        if editorial:
            until = circulation.carry_over(text, now)
            facts["objections_until"] = iso(until)
            if until > circulation.deadline_at:  # what is promised until then must not come too late
                move(
                    session, statement, circulation, until, circulation.deadline_zone, circulation.soft_deadline_at, now
                )
            outbox.await_instant(session, outbox.OBJECTIONS_OVER, circulation.id, until)
        else:
            circulation.put_in_force(text)
        session.flush()
        refuse_addressed(session, circulation)
        signs = circulation.purpose == Purpose.SIGN_OFF
        facts["vouched"] = ask_quotes(session, circulation, vouched=vouched) if signs else []
        overtaken = _overtake_recorded(session, statement, circulation, now)
        facts |= {"overtaken": overtaken} if overtaken else {}
        statement.record(IN_FORCE, now, facts)
        session.flush()
        _tell(session, statement, circulation, before, now)
        settle(session, statement, circulation, now)
    return circulation


def _overtake_recorded(session: Session, statement: Statement, circulation: Circulation, now: datetime) -> list[str]:
    """Sign-offs that the lead recorded of the text before, and nobody has confirmed, are recorded anew or not at all.

    Their members were told of that text alone. Gives the recordings' events.
    """
    waiting = sign_offs_waiting(session, circulation.id)
    for made in waiting:
        overtake(session, made.signatory, now)
        about = outbox.Draft(
            outbox.Kind.RECORDED, statement_id=statement.id, subject_id=made.id, facts={"act": "overtaken"}
        )
        told = [
            replace(about, contact_id=one.contact_id, invitation_id=one.id)
            for one in concerned(session, made.signatory_id)
        ]
        outbox.put(session, now, [*told, replace(about, user_id=made.user_id)])
    return [made.event_hash for made in waiting]


def _tell(session: Session, statement: Statement, circulation: Circulation, before: int, now: datetime) -> None:
    """Those whose sign-offs are kept hear until when they can object; everybody else is asked about the new text.

    Who waits after asking to sign the text in force `before` is told that it has changed.
    """
    invitations = looking.writable_invitations(session, circulation.id)
    places = looking.roll(session, circulation.id)
    kept = {
        place.signatory_id
        for place, one in zip(places, looking.standings(circulation, places), strict=True)
        if one.may_object
    }
    asked = [one for one in invitations if one.signatory_id not in kept]
    outbox.put_to(session, now, statement, asked, outbox.Kind.NEW_TEXT)
    if circulation.objections_until is not None:
        facts: dict[str, object] = {"until": iso(circulation.objections_until)}
        told = [one for one in invitations if one.signatory_id in kept]
        outbox.put_to(session, now, statement, told, outbox.Kind.EDITORIAL, facts)
    waiting = waiting_for(session, circulation.id, before)
    stale = outbox.Draft(outbox.Kind.APPLY_STALE, statement_id=statement.id)
    outbox.put(session, now, [replace(stale, application_id=one) for one in waiting])


def objections_over(session: Session, now: datetime, circulation_id: int) -> bool:
    """The hours for objecting to an editorial change are over: what it carried over counts. Gives whether it was noted.

    Nothing happens where the circulation has ended, or another text came into force meanwhile.
    """
    with transaction(session):
        statement_id = session.scalar(select(Circulation.statement_id).where(Circulation.id == circulation_id))
        if statement_id is None:
            return False
        statement = take_statement_by_id(session, statement_id)
        circulation = looking.open_circulation(session, statement_id)
        if circulation is None or circulation.id != circulation_id:
            return False
        if circulation.objections_until is None or circulation.objections_until > now:
            return False
        circulation.objections_until = None
        for one in of_several(session, circulation.id):
            one.stand_by(*standing_answer(session, one))
        facts: dict[str, object] = {"circulation": circulation.number, "revision": circulation.revision.number}
        statement.record(EDITORIAL_HOURS_PASSED, now, facts)
        session.flush()
        settle(session, statement, circulation, now)
    return True
