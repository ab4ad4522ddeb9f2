"""Looking at a hand-over: who is registered at the organisation, who was named."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.rules.handing import ColleagueAccepted, ColleagueRefused
from workflow.rules.refusals import NotFound


def registered_mails(session: Session, organisation_id: int) -> list[str]:
    """The addresses of an organisation's living contacts, without those that wait for the lead's word."""
    waiting = select(Invitation.contact_id).where(Invitation.waits_for_lead.is_(True))
    chosen = select(Contact.mail).where(
        Contact.organisation_id == organisation_id, Contact.removed.is_(False), Contact.id.not_in(waiting)
    )
    return list(session.scalars(chosen))


def contact_at(session: Session, organisation_id: int, mail: str) -> Contact | None:
    """The living contact of an organisation with this address."""
    return session.scalar(
        select(Contact)
        .where(
            Contact.organisation_id == organisation_id,
            func.lower(Contact.mail) == mail.lower(),
            Contact.removed.is_(False),
        )
        .order_by(Contact.id)
        .limit(1)
    )


def invitation_for(session: Session, signatory_id: int, contact_id: int) -> Invitation | None:
    """A contact's invitation for a signatory, whatever became of it."""
    return session.scalar(
        select(Invitation).where(Invitation.signatory_id == signatory_id, Invitation.contact_id == contact_id)
    )


def waiting_for(session: Session, signatory_id: int) -> Invitation | None:
    """The colleague of a signatory who waits for the lead's word, if there is one."""
    return session.scalar(
        select(Invitation)
        .where(Invitation.signatory_id == signatory_id, Invitation.waits_for_lead.is_(True))
        .options(joinedload(Invitation.contact))
        .limit(1)
    )


def waiting_invitation(session: Session, statement_id: int, invitation_id: int) -> Invitation:
    """An invitation of an open asking that waits for the lead's word.

    Raises ColleagueAccepted or ColleagueRefused where the lead has decided already, and NotFound.
    """
    found = session.scalar(
        select(Invitation)
        .join(Signatory, Signatory.id == Invitation.signatory_id)
        .join(Circulation, Circulation.id == Signatory.circulation_id)
        .where(
            Invitation.id == invitation_id,
            Invitation.named_by_id.is_not(None),
            Circulation.statement_id == statement_id,
            Circulation.ended_at.is_(None),
            Signatory.dropped_at.is_(None),
        )
        .options(joinedload(Invitation.contact), joinedload(Invitation.signatory).joinedload(Signatory.circulation))
    )
    if found is None:
        raise NotFound
    if not found.waits_for_lead:
        raise ColleagueAccepted if found.revoked_at is None else ColleagueRefused
    return found


def named_by(session: Session, there: Invitation) -> Invitation:
    """The invitation of the contact who named this one."""
    return session.scalars(
        select(Invitation).where(Invitation.id == there.named_by_id).options(joinedload(Invitation.contact))
    ).one()


def known_before(session: Session, there: Invitation) -> bool:
    """Whether a colleague was asked anything else before, here or elsewhere, and not only named."""
    others = select(Invitation.id).where(
        Invitation.contact_id == there.contact_id,
        Invitation.id != there.id,
        Invitation.waits_for_lead.is_(False) | (Invitation.generation > 1),
    )
    return there.generation > 1 or session.scalar(others.limit(1)) is not None
