"""Inviting: a link of its own for each contact; sent again, revoked, or asked for anew by the person."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.mail import outbox
from workflow.mail.reminders import await_reminders
from workflow.models.circulation import Invitation
from workflow.models.drafting import Statement
from workflow.queries import circulation as looking
from workflow.queries.drafting import take_statement, take_statement_by_id
from workflow.queries.inviting import letters_since
from workflow.rules.circulation import Outcome
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.refusals import LinkClosed, LinkRevoked, LinkTampered, NotFound, TooManyTries

FRESH_LINKS_PER_HOUR = 3


def invite(session: Session, now: datetime, user_id: int, public_id: str, contact_id: int) -> Invitation:
    """Send a contact of a signatory a new link. One sent before is replaced; a revoked one is good again."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        after(Stage(statement.stage), Move.AMEND_ASKING)
        signatory, contact, invitation = looking.place_of_contact(session, statement.id, contact_id)
        expires_at = signatory.circulation.links_until(now)
        if invitation is None:
            invitation = Invitation(
                signatory_id=signatory.id, contact_id=contact.id, expires_at=expires_at, created_at=now
            )
            session.add(invitation)
        else:
            invitation.renew(expires_at)
            invitation.handed_to_id, invitation.waits_for_lead = None, False  # the lead wants this one to open
        session.flush()
        await_reminders(session, now, signatory.circulation, [invitation.id])
        statement.record(
            "invited", now, {"contact": statement.disclose({"contact": contact.name, "mail": contact.mail})}
        )
        _write(session, statement, invitation, outbox.Kind.APPROVAL, now)
    return invitation


def revoke(session: Session, now: datetime, user_id: int, public_id: str, invitation_id: int) -> None:
    """Make a contact's link open nothing from now on. What it has answered stands."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        after(Stage(statement.stage), Move.AMEND_ASKING)
        invitation = looking.invitation_of(session, statement.id, invitation_id)
        if invitation.signatory.circulation.outcome is not None:
            raise NotFound
        if invitation.revoked_at is None:
            invitation.revoked_at = now
            facts: dict[str, object] = {"contact": statement.disclose({"contact": invitation.contact.name})}
            statement.record("link revoked", now, facts)


def fresh_link(session: Session, now: datetime, invitation_id: int, generation: int) -> None:
    """Mail the registered contact a link that works, asked for from behind one that no longer does.

    Raises LinkClosed or LinkRevoked where none can be had, TooManyTries where too many were asked for.
    """
    with transaction(session):
        statement_id = looking.statement_of_invitation(session, invitation_id)
        statement = take_statement_by_id(session, statement_id)
        invitation = looking.invitation_of(session, statement.id, invitation_id)
        circulation = invitation.signatory.circulation
        if generation > invitation.generation:
            raise LinkTampered
        if circulation.outcome not in (None, Outcome.COMPLETE):  # after the lock there is still something to say
            raise LinkClosed(outcome=Outcome(circulation.outcome).value)
        shut = invitation.handed_to_id is not None or invitation.waits_for_lead
        if shut or invitation.revoked_at is not None or invitation.contact.removed:
            raise LinkRevoked
        hour_ago = now - timedelta(hours=1)
        sent = letters_since(session, invitation.id, outbox.Kind.FRESH_LINK, hour_ago)
        if sent >= FRESH_LINKS_PER_HOUR:
            raise TooManyTries(minutes=60)
        # Sent again within its time, the link stays the same; an expired one is not revived but replaced.
        if now >= invitation.expires_at:
            invitation.renew(circulation.links_until(now))
        session.flush()
        _write(session, statement, invitation, outbox.Kind.FRESH_LINK, now)


def _write(session: Session, statement: Statement, invitation: Invitation, kind: outbox.Kind, now: datetime) -> None:
    draft = outbox.Draft(
        kind,
        contact_id=invitation.contact_id,
        statement_id=statement.id,
        invitation_id=invitation.id,
    )
    outbox.put(session, now, [draft])
