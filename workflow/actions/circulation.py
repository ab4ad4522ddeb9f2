"""Circulating: asking a roll, asking again, and ending the asking. Each public function is one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.actions.closing import settle
from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.drafting import Statement
from workflow.models.posting import Job
from workflow.queries import circulation as looking
from workflow.queries.coalition import Membership, memberships
from workflow.queries.drafting import latest_revision, revision, take_statement
from workflow.rules.circulation import Outcome, Role, Rule, check_contacts, check_rule, link_expiry
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.refusals import DeadlinePassed, NotFound, NothingChanged, TextMoved
from workflow.text.checking import check
from workflow.text.instants import iso

DEADLINE = "deadline"


@dataclass(frozen=True)
class Asking:
    """What the lead asks: whom, in which part, under which rule, by when, with which words.

    `revision` is the number of the text that was shown to the lead, or 0 for whatever is the newest.
    """

    roll: Sequence[tuple[int, Role]]
    deadline_at: datetime
    deadline_zone: str
    cover_note: str = ""
    code_required: bool = True
    at_least: int = 0
    revision: int = 0


def circulate(session: Session, now: datetime, user_id: int, public_id: str, asking: Asking) -> Circulation:
    """Ask the roll to sign the newest revision; every contact gets a letter with a link of its own."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        after(Stage(statement.stage), Move.CIRCULATE)
        asked = _asked_members(session, statement, asking)
        if asking.deadline_at <= now:
            raise DeadlinePassed
        text = latest_revision(session, statement.id)
        if asking.revision not in (0, text.number):
            raise TextMoved(shown=str(asking.revision), current=str(text.number))
        check(text.parsed.authoritative, complete=True)
        previous = looking.latest_circulation(session, statement.id)
        circulation = Circulation(
            statement_id=statement.id,
            number=previous.number + 1 if previous else 1,
            revision=text,
            at_least=asking.at_least,
            code_required=asking.code_required,
            deadline_at=asking.deadline_at,
            deadline_zone=asking.deadline_zone,
            cover_note=asking.cover_note,
            opened_at=now,
            opened_by_id=user_id,
        )
        statement.move(Move.CIRCULATE)
        invitations = _set_roll(session, circulation, asked, now)
        _note_circulated(statement, circulation, asked, now)
        _await_deadline(session, circulation)
        _write(session, statement, invitations, outbox.Kind.APPROVAL, now)
    return circulation


def _asked_members(session: Session, statement: Statement, asking: Asking) -> list[tuple[Membership, Role]]:
    members = {one.organisation_id: one for one in memberships(session, statement.coalition_id)}
    check_rule(Rule(asking.at_least), [role for _, role in asking.roll])
    try:
        asked = [(members[organisation_id], role) for organisation_id, role in asking.roll]
    except KeyError:
        raise NotFound from None
    # The lead itself signs at the desk and needs nobody to be written to.
    check_contacts(
        (one.listed_name, len(one.contact_ids)) for one, _ in asked if one.organisation_id != statement.lead_id
    )
    return asked


def _set_roll(
    session: Session, circulation: Circulation, asked: Sequence[tuple[Membership, Role]], now: datetime
) -> list[Invitation]:
    session.add(circulation)
    signatories = [
        Signatory(
            circulation=circulation,
            organisation_id=member.organisation_id,
            role=role.value,
            name=member.listed_name,
        )
        for member, role in asked
    ]
    session.add_all(signatories)
    session.flush()
    invitations = [
        Invitation(
            signatory_id=signatory.id,
            contact_id=contact_id,
            expires_at=link_expiry(circulation.deadline_at, now),
            created_at=now,
        )
        for signatory, (member, _) in zip(signatories, asked, strict=True)
        for contact_id in member.contact_ids
    ]
    session.add_all(invitations)
    session.flush()
    return invitations


def _note_circulated(
    statement: Statement, circulation: Circulation, asked: Sequence[tuple[Membership, Role]], now: datetime
) -> None:
    roll = [statement.disclose({"organisation": member.listed_name, "role": role.value}) for member, role in asked]
    facts: dict[str, object] = {
        "circulation": circulation.number,
        "revision": circulation.revision.number,
        "digest": circulation.revision.digest,
        "at_least": circulation.at_least,
        "code": circulation.code_required,
        "deadline": iso(circulation.deadline_at),
        "roll": sorted(roll),
    }
    statement.record("circulated", now, facts)


def _await_deadline(session: Session, circulation: Circulation) -> None:
    key = f"{DEADLINE}/{circulation.id}/{iso(circulation.deadline_at)}"
    # A deadline that is moved and moved back finds its first job still waiting.
    if session.scalar(select(Job.id).where(Job.dedupe_key == key)) is None:
        session.add(Job(kind=DEADLINE, subject_id=circulation.id, run_at=circulation.deadline_at, dedupe_key=key))


def _write(
    session: Session,
    statement: Statement,
    invitations: Sequence[Invitation],
    kind: outbox.Kind,
    now: datetime,
    facts: dict[str, object] | None = None,
) -> None:
    outbox.put(
        session,
        now,
        [
            outbox.Draft(
                kind,
                contact_id=invitation.contact_id,
                statement_id=statement.id,
                invitation_id=invitation.id,
                facts=facts or {},
            )
            for invitation in invitations
        ],
    )


def _open(session: Session, statement: Statement, move: Move) -> Circulation:
    """The open circulation, where `move` can be made; raises WrongStage otherwise."""
    after(Stage(statement.stage), move)
    circulation = looking.open_circulation(session, statement.id)
    if circulation is None:
        raise NotFound
    return circulation


def put_in_force(session: Session, now: datetime, user_id: int, public_id: str, number: int) -> Circulation:
    """Put revision `number` in force: sign-offs to others become stale, and everybody is asked again.

    A revision that was in force before may come back with all its sign-offs standing: then it locks.
    """
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = _open(session, statement, Move.PUT_IN_FORCE)
        text = revision(session, statement.id, number)
        if text.digest == circulation.revision.digest:
            raise NothingChanged
        check(text.parsed.authoritative, complete=True)
        circulation.revision = text
        statement.record("text put in force", now, {"revision": text.number, "digest": text.digest})
        session.flush()
        invitations = looking.writable_invitations(session, circulation.id)
        _write(session, statement, invitations, outbox.Kind.NEW_TEXT, now)
        settle(session, statement, circulation, now)
    return circulation


def recall(session: Session, now: datetime, user_id: int, public_id: str) -> None:
    """End the asking; the statement is a draft again, the answers are history, the links explain themselves."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = _open(session, statement, Move.RECALL)
        _end(session, statement, circulation, Outcome.RECALLED, Move.RECALL, now)


def abandon(session: Session, now: datetime, user_id: int, public_id: str) -> None:
    """Give the statement up. Where it was circulating, everybody who was asked is told."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        after(Stage(statement.stage), Move.ABANDON)
        circulation = looking.open_circulation(session, statement.id)
        if circulation is None:
            statement.move(Move.ABANDON)
            statement.record("abandoned", now, {})
        else:
            _end(session, statement, circulation, Outcome.ABANDONED, Move.ABANDON, now)


def _end(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    outcome: Outcome,
    move: Move,
    now: datetime,
) -> None:
    statement.move(move)
    circulation.end(outcome.value, now)
    statement.record(outcome.value, now, {"circulation": circulation.number})
    kind = outbox.Kind.RECALLED if outcome is Outcome.RECALLED else outbox.Kind.ABANDONED
    _write(session, statement, looking.writable_invitations(session, circulation.id), kind, now)


def extend(session: Session, now: datetime, user_id: int, public_id: str, until: datetime, zone: str) -> None:
    """Move the deadline. Answers that had come late count where they came before the new one."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = _open(session, statement, Move.AMEND_ASKING)
        if until <= now:
            raise DeadlinePassed
        if until == circulation.deadline_at:
            raise NothingChanged
        circulation.deadline_at, circulation.deadline_zone = until, zone
        statement.record("deadline moved", now, {"deadline": iso(until)})
        invitations = looking.writable_invitations(session, circulation.id)
        for invitation in invitations:
            invitation.expires_at = link_expiry(circulation.deadline_at, now)
        _await_deadline(session, circulation)
        session.flush()
        _write(session, statement, invitations, outbox.Kind.EXTENDED, now)
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
        circulation = _open(session, statement, Move.AMEND_ASKING)
        signatory, invitation_ids = looking.signatory_to_decide(session, circulation.id, signatory_id, proposed)
        signatory.decided_name, signatory.name_accepted = proposed, accept
        statement.record(
            "name decided", now, {"name": statement.disclose({"listed_name": proposed}), "accepted": accept}
        )
        session.flush()
        invitations = [one for one in looking.writable_invitations(session, circulation.id) if one.id in invitation_ids]
        _write(session, statement, invitations, outbox.Kind.NAME_DECIDED, now, {"accepted": accept})
        settle(session, statement, circulation, now)
