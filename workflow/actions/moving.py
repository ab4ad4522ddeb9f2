"""Moving a deadline: the lead moves it, or the hours for objecting to an editorial change do. Shared by both."""

from datetime import datetime

from sqlalchemy.orm import Session

from workflow.mail import outbox
from workflow.mail.reminders import await_reminders
from workflow.models.circulation import Circulation, Invitation
from workflow.models.drafting import Statement
from workflow.queries.circulation import writable_invitations
from workflow.text.instants import iso


def move(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    until: datetime,
    zone: str,
    soft: datetime | None,
    now: datetime,
) -> list[Invitation]:
    """Another deadline, and all that hangs on it: links, what is done at its instant, reminders. Gives whom to tell.

    The caller holds the statement row, has asked the rules, and weighs the roll afterwards.
    """
    circulation.move_deadline(until, zone, soft, now)
    facts: dict[str, object] = {"deadline": iso(until), **({"soft_deadline": iso(soft)} if soft else {})}
    statement.record("deadline moved", now, facts)
    invitations = writable_invitations(session, circulation.id)
    for invitation in invitations:
        invitation.expires_at = circulation.links_until(now)
    outbox.await_instant(session, outbox.DEADLINE, circulation.id, until)
    session.flush()
    await_reminders(session, now, circulation)
    return invitations
