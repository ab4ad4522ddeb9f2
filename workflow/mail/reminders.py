"""Reminders in the outbox: for each contact a job waits for the instant at which it is to be reminded next."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from workflow.mail.outbox import USUAL_URGENCY
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.models.posting import Job
from workflow.rules.reminding import instants
from workflow.text.instants import iso, zone_of

REMIND = "remind"


def planned(
    circulation: Circulation,
    asked_at: datetime,
    reminded_at: datetime | None,
    zone: str,
    deadlines: Sequence[datetime] = (),
    since: datetime | None = None,
) -> list[datetime]:
    """The instants at which somebody who was asked then and lives by `zone` is to be reminded and was not yet.

    By other `deadlines` than those that there are, and not before `since`, where given.
    """
    found = instants(
        circulation.reminders,
        asked_at,
        deadlines or circulation.deadlines,
        zone_of(zone),
        since or circulation.reminders_since,
    )
    return [at for at in found if reminded_at is None or at > reminded_at]


def await_reminders(
    session: Session, now: datetime, circulation: Circulation, invitation_ids: Collection[int] | None = None
) -> None:
    """Have the contacts reminded: those of these invitations, or of all in the circulation. By three statements.

    Whether there is still something to remind of is looked at then, by whoever does the job.
    """
    if not circulation.remind_half_way and not circulation.remind_hours:
        return
    asked = (
        select(Invitation, Contact.time_zone)
        .join(Signatory, Signatory.id == Invitation.signatory_id)
        .join(Contact, Contact.id == Invitation.contact_id)
        .where(Signatory.circulation_id == circulation.id, Invitation.opens(), Contact.removed.is_(False))
        .order_by(Invitation.id)
    )
    if invitation_ids is not None:
        asked = asked.where(Invitation.id.in_(invitation_ids))
    due: dict[str, tuple[int, datetime]] = {}
    for invitation, zone in session.execute(asked):
        found = planned(circulation, invitation.created_at, invitation.reminded_at, zone)
        at = next((one for one in found if one > now), None)
        if at is not None:
            due[f"{REMIND}/{invitation.contact_id}/{iso(at)}"] = (invitation.contact_id, at)
    waiting = set(session.scalars(select(Job.dedupe_key).where(Job.dedupe_key.in_(due))))
    jobs = [
        {
            "kind": REMIND,
            "subject_id": contact_id,
            "run_at": at,
            "urgency": USUAL_URGENCY,
            "dedupe_key": key,
            "attempts": 0,
        }
        for key, (contact_id, at) in due.items()
        if key not in waiting
    ]
    if jobs:
        session.execute(insert(Job), jobs)
