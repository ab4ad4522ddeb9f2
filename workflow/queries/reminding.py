"""Looking at reminders: what a contact has not answered yet, and what is planned for a whole roll."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflow.mail.reminders import planned
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.queries.circulation import PLACES, Place
from workflow.queries.people import have_said
from workflow.rules.reminding import awaited


@dataclass(frozen=True)
class Held:
    """A link of a contact into an open circulation; `awaited`: something that is asked there has not been said."""

    invitation: Invitation
    circulation: Circulation
    awaited: bool
    planned: Sequence[datetime]


@dataclass(frozen=True)
class Planned:
    """An instant at which so many contacts will be reminded, as it stands now."""

    at: datetime
    contacts: int


@dataclass(frozen=True)
class Asked:
    """A link that opens, as far as reminders are concerned: whose, opened when, asked when, on which clock."""

    signatory_id: int
    opened_at: datetime | None
    asked_at: datetime
    reminded_at: datetime | None
    zone: str


def held_links(session: Session, contact_id: int) -> list[Held]:
    """The links of a contact that still ask for something, with the instants at which it is to be reminded of each."""
    invitations = session.scalars(
        select(Invitation)
        .join(Signatory, Signatory.id == Invitation.signatory_id)
        .join(Circulation, Circulation.id == Signatory.circulation_id)
        .join(Contact, Contact.id == Invitation.contact_id)
        .where(
            Invitation.contact_id == contact_id,
            Invitation.opens(),
            Contact.removed.is_(False),
            Signatory.dropped_at.is_(None),
            Circulation.ended_at.is_(None),
        )
        .order_by(Circulation.deadline_at, Invitation.id)
        .options(
            joinedload(Invitation.contact),
            joinedload(Invitation.signatory).joinedload(Signatory.circulation).joinedload(Circulation.revision),
        )
        .execution_options(populate_existing=True)
    ).all()
    waits = waiting(session, invitations)
    # Where several have to say the same, those who have said it are left in peace.
    several = [one.signatory for one in invitations if one.signatory.needed > 1]
    done = {link for signatory in several for link in have_said(session, signatory)}
    return [
        Held(
            one,
            one.signatory.circulation,
            one.signatory_id in waits and one.id not in done,
            planned(one.signatory.circulation, one.created_at, one.reminded_at, one.contact.time_zone),
        )
        for one in invitations
    ]


def waiting(session: Session, invitations: Sequence[Invitation]) -> set[int]:
    """The signatories among those of these invitations that are to be reminded; their circulations are loaded."""
    circulations = {one.signatory_id: one.signatory.circulation for one in invitations}
    rows = session.execute(PLACES.where(Signatory.id.in_(circulations)))
    places = [Place(*row) for row in rows]
    opened = opened_by(session, circulations)
    return {
        place.signatory_id
        for place in places
        if awaited(
            circulations[place.signatory_id].rule,
            place.standing(circulations[place.signatory_id]),
            opened=place.signatory_id in opened,
        )
    }


def opened_by(session: Session, signatory_ids: Collection[int]) -> set[int]:
    """Those of these signatories from which somebody has opened a link."""
    found = select(Invitation.signatory_id).where(
        Invitation.signatory_id.in_(signatory_ids), Invitation.opened_at.is_not(None)
    )
    return set(session.scalars(found))


def plan(session: Session, circulation: Circulation, places: Sequence[Place], now: datetime) -> list[Planned]:
    """When how many contacts of an open circulation will be reminded, if nobody answers meanwhile. By one query."""
    return tally(circulation, places, asked_on(session, circulation.id), now)


def asked_on(session: Session, circulation_id: int) -> list[Asked]:
    """The links of a circulation that open, of contacts who are still there."""
    rows = session.execute(
        select(
            Invitation.signatory_id,
            Invitation.opened_at,
            Invitation.created_at,
            Invitation.reminded_at,
            Contact.time_zone,
        )
        .join(Signatory, Signatory.id == Invitation.signatory_id)
        .join(Contact, Contact.id == Invitation.contact_id)
        .where(Signatory.circulation_id == circulation_id, Invitation.opens(), Contact.removed.is_(False))
    )
    return [Asked(*row) for row in rows]


def passed(circulation: Circulation, asked: Sequence[Asked], now: datetime) -> list[datetime]:
    """The instants of an open circulation at which somebody was to be reminded, and that have passed."""
    if circulation.outcome is not None:
        return []
    clocks = {(one.asked_at, one.zone) for one in asked}
    found = {at for asked_at, zone in clocks for at in planned(circulation, asked_at, None, zone)}
    return sorted(at for at in found if at <= now)


def tally(
    circulation: Circulation,
    places: Sequence[Place],
    asked: Sequence[Asked],
    now: datetime,
    deadlines: Sequence[datetime] = (),
) -> list[Planned]:
    """The same, of links that were looked up already; by other `deadlines` than those that there are, where given."""
    if circulation.outcome is not None:
        return []
    opened = {one.signatory_id for one in asked if one.opened_at is not None}
    waits = {
        one.signatory_id
        for one in places
        if awaited(circulation.rule, one.standing(circulation), opened=one.signatory_id in opened)
    }
    at: Counter[datetime] = Counter()
    for one in asked:
        if one.signatory_id in waits:
            found = planned(circulation, one.asked_at, one.reminded_at, one.zone, deadlines, now if deadlines else None)
            at.update(instant for instant in found if instant > now)
    return [Planned(one, at[one]) for one in sorted(at)]
