"""Amending the roll of a living circulation: all on it are told, nobody else is asked. One transaction each."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.actions.closing import ask_quotes, refuse_addressed, settle
from workflow.actions.seating import leave, unnamed
from workflow.db import transaction
from workflow.mail import outbox
from workflow.mail.reminders import await_reminders
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.drafting import Statement
from workflow.queries import amending_roll as looking
from workflow.queries.circulation import open_for, roll, writable_invitations
from workflow.queries.coalition import Membership, memberships
from workflow.queries.deciding import names_on_roll
from workflow.queries.drafting import take_statement
from workflow.queries.naming import registered_names
from workflow.queries.opening import is_open
from workflow.queries.quoting import QuoteLine
from workflow.rules.amending import Change, check_change
from workflow.rules.circulation import Purpose, Role
from workflow.rules.lifecycle import Move
from workflow.rules.people import check_contacts, half_way
from workflow.rules.refusals import FormRefused, Message, NotFound


def add(
    session: Session,
    now: datetime,
    user_id: int,
    public_id: str,
    organisation_id: int,
    part: Role,
    *,
    vouched: bool = False,
) -> Signatory:
    """Ask one more member of the coalition, in this part. Raises FormRefused, NoContact, NotFound."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = open_for(session, statement, Move.AMEND_ASKING)
        members = {one.organisation_id: one for one in memberships(session, statement.coalition_id)}
        if organisation_id not in members:
            raise NotFound
        member = members[organisation_id]
        if organisation_id != statement.lead_id:
            check_contacts([(member.listed_name, len(member.contact_ids))])
        vouched_before = looking.ownerless(session, circulation)
        _check_free(session, circulation, member)
        if circulation.silence and part is Role.REQUIRED:
            part = Role.OPTIONAL
        hidden = organisation_id in unnamed(session, statement)
        taken_over = member.as_signatory()
        names = registered_names(session, [organisation_id]).get(organisation_id, {})
        signatory = Signatory(
            circulation_id=circulation.id, role=part.value, withheld=hidden, names=names, **taken_over
        )
        session.add(signatory)
        session.flush()
        refuse_addressed(session, circulation)
        others = writable_invitations(session, circulation.id)
        asked = _invite(session, circulation, signatory, member, now)
        facts: dict[str, object] = {"signatory": _named(statement, signatory), "part": part.value}
        facts["vouched"] = _ask_quotes(session, circulation, vouched_before, vouched=vouched)
        _note(session, statement, circulation, "signatory added", facts, now)
        await_reminders(session, now, circulation, [one.id for one in asked])
        outbox.put_to(session, now, statement, asked, outbox.Kind.APPROVAL)
        _tell(session, statement, others, signatory, {"change": Change.ADDED.value, "part": part.value}, now)
        settle(session, statement, circulation, now)
    return signatory


def _check_free(session: Session, circulation: Circulation, member: Membership) -> None:
    """Raises FormRefused for who is on the roll already, and where another one is under its name."""
    if looking.on_roll(session, circulation.id, member.organisation_id):
        raise FormRefused({"organisation": Message("on-the-roll")})
    if member.listed_name in names_on_roll(session, circulation.id):
        raise FormRefused({"organisation": Message("name-on-the-roll")})


def change_part(
    session: Session,
    now: datetime,
    user_id: int,
    public_id: str,
    signatory_id: int,
    part: Role | None,
    reason: str,
    *,
    vouched: bool = False,
) -> None:
    """Give a signatory another part, or take it off the roll (`part` None), for a reason that it is told.

    Raises FormRefused, EmptyRule, RuleOutOfReach, QuoteWithoutOwner, NotFound.
    """
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = open_for(session, statement, Move.AMEND_ASKING)
        places = roll(session, circulation.id)
        index = next((at for at, one in enumerate(places) if one.signatory_id == signatory_id), None)
        if index is None:
            raise NotFound
        if circulation.silence and part is Role.REQUIRED:
            part = Role.OPTIONAL
        joinable = is_open(session, circulation.id)
        check_change(circulation.rule, [Role(one.role) for one in places], index, part, reason, joinable=joinable)
        signatory = session.get_one(Signatory, signatory_id)
        facts: dict[str, object] = {
            "signatory": _named(statement, signatory),
            "part": part.value if part else None,
            "reason": statement.disclose({"text": reason}),
        }
        told = writable_invitations(session, circulation.id)
        vouched_before = looking.ownerless(session, circulation)
        if part is None:
            _drop(session, statement, signatory, [one for one in told if one.signatory_id == signatory_id], reason, now)
            told = [one for one in told if one.signatory_id != signatory_id]
        else:
            signatory.role = part.value
            session.flush()
            refuse_addressed(session, circulation)
        kind = "part changed" if part else "signatory dropped"
        if part is None:
            facts["vouched"] = _ask_quotes(session, circulation, vouched_before, vouched=vouched)
        _note(session, statement, circulation, kind, facts, now)
        change = {"change": Change.PART.value if part else Change.DROPPED.value, "part": facts["part"]}
        _tell(session, statement, told, signatory, {**change, "reason": reason}, now)
        settle(session, statement, circulation, now)


def _named(statement: Statement, signatory: Signatory) -> str:
    return statement.disclose({"organisation": signatory.name})


def _invite(
    session: Session, circulation: Circulation, signatory: Signatory, member: Membership, now: datetime
) -> list[Invitation]:
    """A link for each contact."""
    until = circulation.links_until(now)
    asked = [
        Invitation(signatory_id=signatory.id, contact_id=contact_id, expires_at=until, created_at=now)
        for contact_id in member.asked_first(now)
    ]
    session.add_all(asked)
    session.flush()
    if member.alternates:
        outbox.await_instant(session, outbox.ALTERNATES, circulation.id, half_way(now, circulation.deadline_at))
    return asked


def _drop(
    session: Session,
    statement: Statement,
    signatory: Signatory,
    invitations: list[Invitation],
    reason: str,
    now: datetime,
) -> None:
    """Off the roll: its links open nothing from now on, and it is told why. What it said is history."""
    leave(session, [signatory], looking.invitations_of(session, signatory.id), now)
    outbox.put_to(session, now, statement, invitations, outbox.Kind.DROPPED, {"reason": reason})


def _ask_quotes(
    session: Session, circulation: Circulation, vouched_before: Sequence[QuoteLine], *, vouched: bool
) -> list[str]:
    """Quotes may have another owner now, or none. Gives the digests of those that the lead vouches for.

    Raises QuoteWithoutOwner for what nobody vouched for before and nobody does now.
    """
    session.flush()
    if circulation.purpose != Purpose.SIGN_OFF:
        return []
    known = {one.digest for one in vouched_before}
    fresh = [one for one in looking.ownerless(session, circulation) if one.digest not in known]
    return ask_quotes(session, circulation, vouched=vouched or not fresh)


def _note(
    session: Session, statement: Statement, circulation: Circulation, kind: str, facts: dict[str, object], now: datetime
) -> None:
    statement.record(kind, now, {"circulation": circulation.number, **facts})
    session.flush()


def _tell(
    session: Session,
    statement: Statement,
    invitations: list[Invitation],
    signatory: Signatory,
    facts: dict[str, object],
    now: datetime,
) -> None:
    """One letter to each of these contacts; why is for the organisation itself."""
    own = [one for one in invitations if one.signatory_id == signatory.id]
    others = [one for one in invitations if one.signatory_id != signatory.id]
    short = {name: value for name, value in facts.items() if name != "reason"} | {"signatory": signatory.id}
    outbox.put_to(session, now, statement, others, outbox.Kind.ROLL_CHANGED, short)
    outbox.put_to(session, now, statement, own, outbox.Kind.ROLL_CHANGED, {**facts, "signatory": signatory.id})
