"""Deciding about applications: many at once accepted, refused, or as if undecided. One transaction each."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from workflow.actions.closing import ask_quotes, settle
from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact, Organisation
from workflow.models.drafting import Statement
from workflow.models.opening import Application
from workflow.models.signing import Answer
from workflow.queries import deciding as looking
from workflow.queries.amending_roll import ownerless
from workflow.queries.circulation import open_for, roll
from workflow.queries.drafting import take_statement
from workflow.rules.circulation import Kind, Role, check_rule
from workflow.rules.lifecycle import Move
from workflow.rules.opening import MOST_AT_ONCE, Decision, Standing
from workflow.rules.refusals import FormRefused, Message, NotFound
from workflow.text.instants import iso


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
            _seat(session, statement, circulation, taken, now)
            _ask_quotes(session, statement, circulation)
            for made in taken:
                made.decide(Decision.ACCEPTED.value, now, user_id, batch)
            _note(statement, circulation, "applications accepted", len(taken), now)
            session.flush()
            settle(session, statement, circulation, now)
    return Decided(batch, len(taken), len(found) - len(taken))


def refuse(
    session: Session, now: datetime, user_id: int, public_id: str, ids: Sequence[int], reason: str
) -> Decided:  # fmt: skip
    """Refuse what waits, or is stale, for a reason that those who applied are told. Raises FormRefused, WrongStage."""
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
            outbox.put(session, now, letters)
    return Decided(batch, len(taken), len(found) - len(taken))


def undo(session: Session, now: datetime, user_id: int, public_id: str, ids: Sequence[int]) -> Decided:
    """As if these had not been decided: who was accepted is off the roll again, and told so. Until the lock.

    Raises WrongStage, RuleOutOfReach, and QuoteWithoutOwner where nobody would have a word on a quote of theirs.
    """
    with transaction(session):
        statement, circulation, found = _taken(session, user_id, public_id, ids)
        taken = [made for made in found if made.decision is not None and made.contested_at is None]
        places = [made.signatory_id for made in taken if made.decision == Decision.ACCEPTED and made.signatory_id]
        if places:
            staying = [Role(one.role) for one in roll(session, circulation.id) if one.signatory_id not in set(places)]
            check_rule(circulation.rule, staying)
            _unseat(session, statement, places, now)
            _ask_quotes(session, statement, circulation)
        for made in taken:
            made.undecide()
        if taken:
            _note(statement, circulation, "decision about applications undone", len(taken), now)
            session.flush()
            settle(session, statement, circulation, now)
    return Decided("", len(taken), len(found) - len(taken))


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
    """What waits, and under whose exact name nobody is on the roll.

    Who gives the name of a member must write from the mailbox of one of its contacts: else a stranger would become a
    contact of it, and get the links of all that it is asked from then on.
    """
    taken_names = looking.names_on_roll(session, circulation.id) | looking.names_of_lead(session, statement.lead_id)
    members = looking.mails_of_members(session, statement.lead_id, [made.name for made in found])
    taken = []
    for made in found:
        waits = made.standing(circulation.revision_id) is Standing.WAITING
        known = made.name not in members or made.mail.lower() in members[made.name]
        if waits and known and made.name not in taken_names:
            taken_names.add(made.name)
            taken.append(made)
    return taken


def _note(statement: Statement, circulation: Circulation, kind: str, number: int, now: datetime) -> None:
    statement.record(kind, now, {"circulation": circulation.number, "number": number})


# On the roll and off it ----------------------------------------------------------------------------


def _seat(
    session: Session, statement: Statement, circulation: Circulation, taken: Sequence[Application], now: datetime
) -> None:
    """An organisation, a contact, a place, a link and the sign-off for each, by as many statements as for one."""
    organisations = _organisations(session, statement, taken)
    people = [organisations[made.id].id for made in taken if made.individual]
    session.add_all(looking.listed_as_people(session, statement.id, people))
    contacts = _contacts(session, taken, organisations, circulation.deadline_zone)
    places = _places(session, circulation, taken, organisations)
    invitations = _invitations(session, circulation, taken, places, contacts, now)
    answers = []
    for made in taken:
        answers.append(_answer(statement, circulation, made, places[made.id], invitations[made.id], now))
    session.add_all(answers)
    session.flush()
    for made, given in zip(taken, answers, strict=True):
        places[made.id].answer_id = given.id
        made.signatory_id = places[made.id].id
    session.flush()
    outbox.put(
        session,
        now,
        [
            outbox.Draft(
                outbox.Kind.RECEIPT,
                contact_id=invitations[made.id].contact_id,
                invitation_id=invitations[made.id].id,
                statement_id=statement.id,
                subject_id=given.id,
            )
            for made, given in zip(taken, answers, strict=True)
        ],
    )


def _organisations(
    session: Session, statement: Statement, taken: Sequence[Application]
) -> dict[int, Organisation]:  # fmt: skip
    """By application: the organisation of exactly that name which the lead keeps, or a new one."""
    kept = looking.kept_by_name(session, statement.lead_id, [made.name for made in taken])
    found = {}
    for made in taken:
        found[made.id] = kept.get(made.name) or Organisation(
            kept_by_id=statement.lead_id, name=made.name, listed_name=made.name, country=made.country
        )
    session.add_all(found.values())
    session.flush()
    return found


def _contacts(
    session: Session, taken: Sequence[Application], organisations: dict[int, Organisation], zone: str
) -> dict[int, Contact]:
    there = looking.contacts_by_mail(session, [one.id for one in organisations.values()])
    found = {}
    for made in taken:
        place = (organisations[made.id].id, made.mail.lower())
        found[made.id] = there.get(place) or Contact(
            organisation_id=place[0], name=made.person_name, mail=made.mail, language=made.language, time_zone=zone
        )
    session.add_all(found.values())
    session.flush()
    return found


def _places(
    session: Session, circulation: Circulation, taken: Sequence[Application], organisations: dict[int, Organisation]
) -> dict[int, Signatory]:
    there = looking.places_by_organisation(session, circulation.id, [one.id for one in organisations.values()])
    found = {}
    for made in taken:
        organisation_id = organisations[made.id].id
        place = there.get(organisation_id) or Signatory(
            circulation_id=circulation.id, organisation_id=organisation_id, quotes={}
        )
        place.role, place.name, place.dropped_at = Role.OPTIONAL.value, made.name, None
        found[made.id] = place
    session.add_all(found.values())
    session.flush()
    return found


def _invitations(
    session: Session,
    circulation: Circulation,
    taken: Sequence[Application],
    places: dict[int, Signatory],
    contacts: dict[int, Contact],
    now: datetime,
) -> dict[int, Invitation]:
    there = looking.invitations_by_contact(session, [one.id for one in places.values()])
    until = circulation.links_until(now)
    found = {}
    for made in taken:
        place, contact = places[made.id].id, contacts[made.id].id
        known = there.get((place, contact))
        if known is not None:
            known.renew(until)
        found[made.id] = known or Invitation(signatory_id=place, contact_id=contact, expires_at=until, created_at=now)
    session.add_all(found.values())
    session.flush()
    return found


def _ask_quotes(session: Session, statement: Statement, circulation: Circulation) -> None:
    """Who joins owns the quotes in its name; who leaves gives them back to what the lead vouched for before."""
    if not circulation.revision.parsed.authoritative.quotes:
        return
    session.flush()
    vouched = looking.vouched_for(session, statement.id)
    ask_quotes(session, circulation, vouched={one.digest for one in ownerless(session, circulation)} <= vouched)


def _answer(
    statement: Statement,
    circulation: Circulation,
    made: Application,
    place: Signatory,
    invitation: Invitation,
    now: datetime,
) -> Answer:
    """The sign-off as it was confirmed: its instant is that of the confirmation, its event that of the acceptance."""
    confirmed_at = made.confirmed_at or now
    facts: dict[str, object] = {
        "answer": Kind.SIGN_OFF.value,
        "revision": circulation.revision.number,
        "digest": circulation.revision.digest,
        "signatory": statement.disclose({"organisation": place.name}),
        "person": statement.disclose({"name": made.person_name, "role": made.person_role}),
        "said": statement.disclose({"listed_name": made.name, "text": ""}),
        "by": "open page",
        "confirmed": iso(confirmed_at),
        "code": False,
    }
    return Answer(
        signatory_id=place.id,
        revision_id=circulation.revision_id,
        kind=Kind.SIGN_OFF.value,
        listed_name=made.name,
        person_name=made.person_name,
        person_role=made.person_role,
        answered_at=confirmed_at,
        event_hash=statement.record("answered", now, facts).hash,
        invitation_id=invitation.id,
    )


def _unseat(session: Session, statement: Statement, places: Sequence[int], now: datetime) -> None:
    """Off the roll: their links open nothing, and they are told."""
    invitations = looking.invitations_of(session, places)
    outbox.put_to(session, now, statement, invitations, outbox.Kind.DROPPED, {"reason": ""})
    for invitation in invitations:
        invitation.revoked_at = now
    session.flush()
    session.execute(update(Signatory).where(Signatory.id.in_(places)).values(dropped_at=now))
