"""Deciding about applications: many at once accepted, refused, or as if undecided. One transaction each."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from workflow.actions.closing import settle
from workflow.actions.seating import forget, leave, seat, share_quotes
from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.circulation import Circulation
from workflow.models.drafting import Statement
from workflow.models.opening import Application
from workflow.models.posting import Letter
from workflow.queries import deciding as looking
from workflow.queries.circulation import open_for, roll
from workflow.queries.drafting import take_statement
from workflow.queries.opening import is_open
from workflow.rules.amending import check_left
from workflow.rules.circulation import Role
from workflow.rules.lifecycle import Move
from workflow.rules.opening import MOST_AT_ONCE, Decision, Standing
from workflow.rules.refusals import FormRefused, Message, NotFound
from workflow.text.nearly import same_as

# So long a refusal waits before it is mailed: a slip of the hand is undone before anybody has read it.
REFUSALS_WAIT = timedelta(minutes=10)


@dataclass(frozen=True)
class Decided:
    """What became of a decision about many: `batch` undoes it; `left` did not wait for it, or are on the roll."""

    batch: str
    done: int
    left: int = 0


def accept(session: Session, now: datetime, user_id: int, public_id: str, ids: Sequence[int]) -> Decided:
    """Put those who applied on the roll, each with the sign-off that it confirmed; their receipts go out.

    Left alone is what `_acceptable` says. Nobody else on the roll is written to. Raises WrongStage, NotFound.
    """
    with transaction(session):
        statement, circulation, found = _taken(session, user_id, public_id, ids)
        taken = _acceptable(session, statement, circulation, found)
        batch = secrets.token_hex(8)
        if taken:
            seat(session, statement, circulation, taken, now)
            share_quotes(session, statement, circulation)
            for made in taken:
                made.decide(Decision.ACCEPTED.value, now, user_id, batch)
            _note(statement, circulation, "applications accepted", len(taken), now)
            session.flush()
            settle(session, statement, circulation, now)
    return Decided(batch, len(taken), len(found) - len(taken))


def refuse(
    session: Session, now: datetime, user_id: int, public_id: str, ids: Sequence[int], reason: str
) -> Decided:  # fmt: skip
    """Refuse what waits, or is stale, for a reason that those who applied are told: not before REFUSALS_WAIT is over.

    Raises FormRefused, WrongStage.
    """
    if not reason:
        raise FormRefused({"reason": Message("apply-reason-missing")})
    with transaction(session):
        statement, circulation, found = _taken(session, user_id, public_id, ids)
        batch = secrets.token_hex(8)
        refusable = (Standing.WAITING, Standing.STALE)
        taken = [made for made in found if made.standing(circulation.revision_id) in refusable]
        for made in taken:
            made.decide(Decision.REFUSED.value, now, user_id, batch, reason)
        if taken:
            _note(statement, circulation, "applications refused", len(taken), now)
            session.flush()
            told = outbox.Kind.APPLY_REFUSED
            letters = [outbox.Draft(told, application_id=made.id, statement_id=statement.id) for made in taken]
            outbox.put(session, now, letters, due=now + REFUSALS_WAIT)
    return Decided(batch, len(taken), len(found) - len(taken))


def undo(session: Session, now: datetime, user_id: int, public_id: str, ids: Sequence[int]) -> Decided:
    """As if these had not been decided: who was accepted is off the roll again, and told so. Until the lock.

    A refusal that waits to be mailed never is; who has been told of one is told that it was taken back.

    Raises WrongStage, RuleOutOfReach, and QuoteWithoutOwner where nobody would have a word on a quote of theirs.
    """
    with transaction(session):
        statement, circulation, found = _taken(session, user_id, public_id, ids)
        taken = [made for made in found if made.decision is not None and made.contested_at is None]
        places = [made.signatory_id for made in taken if made.decision == Decision.ACCEPTED and made.signatory_id]
        if places:
            on_it = roll(session, circulation.id)
            staying = [Role(one.role) for one in on_it if one.signatory_id not in set(places)]
            joinable = is_open(session, circulation.id)
            check_left(circulation.rule, [Role(one.role) for one in on_it], staying, joinable=joinable)
            _unseat(session, statement, circulation, places, now)
            share_quotes(session, statement, circulation)
        _take_back_refusals(session, statement, [made.id for made in taken if made.decision == Decision.REFUSED], now)
        for made in taken:
            made.undecide()
        if taken:
            _note(statement, circulation, "decision about applications undone", len(taken), now)
            session.flush()
            settle(session, statement, circulation, now)
    return Decided("", len(taken), len(found) - len(taken))


def _take_back_refusals(session: Session, statement: Statement, ids: Sequence[int], now: datetime) -> None:
    if not ids:
        return
    told = looking.told_of_refusal(session, ids)
    of_them = (Letter.application_id.in_(ids), Letter.kind == outbox.Kind.APPLY_REFUSED)
    waiting = (Letter.sent_at.is_(None), Letter.failed_at.is_(None), Letter.dropped_at.is_(None))
    gone = update(Letter).where(*of_them, *waiting).values(dropped_at=now, last_error="undone")
    session.execute(gone, execution_options={"synchronize_session": False})
    letters = [outbox.Draft(outbox.Kind.APPLY_REOPENED, application_id=one, statement_id=statement.id) for one in told]
    outbox.put(session, now, letters)


def _taken(
    session: Session, user_id: int, public_id: str, ids: Sequence[int]
) -> tuple[Statement, Circulation, list[Application]]:
    statement = take_statement(session, user_id, public_id)
    circulation = open_for(session, statement, Move.AMEND_ASKING)
    found = looking.applications(session, circulation.id, sorted(set(ids))[:MOST_AT_ONCE])
    if not found:
        raise NotFound
    return statement, circulation, found


def _acceptable(
    session: Session, statement: Statement, circulation: Circulation, found: Sequence[Application]
) -> list[Application]:
    """What waits, under whose exact name nobody is on the roll, and for which nothing else was said since.

    Who gives the name of an organisation that the lead knows people of must write from the mailbox of one of them: else
    a stranger would become a contact of it, and get the links of all that it is asked from then on.
    """
    names = [made.name for made in found]
    taken_names = looking.names_on_roll(session, circulation.id) | looking.names_of_lead(session, statement.lead_id)
    addressed = _addressed(circulation, names)
    kept = looking.kept_by_name(session, statement.lead_id, names)
    mails = looking.mails_of(session, [one.id for one in kept.values()])
    seated = looking.organisations_on_roll(session, circulation.id)
    overtaken = set(session.scalars(looking.spoken_since(statement.lead_id, circulation.id)))
    taken = []
    for made in found:
        whose = kept[made.name].id if made.name in kept else None
        waits = made.standing(circulation.revision_id) is Standing.WAITING and made.id not in overtaken
        known = whose not in mails or made.mail.lower() in mails[whose]
        if waits and known and made.name not in taken_names | addressed and whose not in seated:
            taken_names.add(made.name)
            seated |= {whose} - {None}
            taken.append(made)
    return taken


def _addressed(circulation: Circulation, names: Sequence[str]) -> set[str]:
    """Who the text in force is addressed or copied to cannot sign it."""
    return set(same_as(names, circulation.revision.parsed.addressed))


def _note(statement: Statement, circulation: Circulation, kind: str, number: int, now: datetime) -> None:
    statement.record(kind, now, {"circulation": circulation.number, "number": number})


def _unseat(
    session: Session, statement: Statement, circulation: Circulation, places: Sequence[int], now: datetime
) -> None:
    """Off the roll, and told so; whoever left it since by another door, or came back by one, stays as it is."""
    there = looking.on_the_roll(session, places)
    ids = [one.id for one in there]
    invitations = looking.invitations_of(session, ids)
    outbox.put_to(session, now, statement, invitations, outbox.Kind.DROPPED, {"reason": ""})
    leave(session, there, invitations, now)
    forget(session, circulation.id, ids)
