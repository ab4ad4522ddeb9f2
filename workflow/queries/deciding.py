"""Looking at what a decision about many applications rests on: each kind of row by one query."""

import json
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.models.circulation import Invitation, Signatory
from workflow.models.coalition import Contact, Member, Organisation
from workflow.models.history import Event
from workflow.models.listing import ListedAs
from workflow.models.opening import Application
from workflow.queries.history import IN_FORCE


def applications(session: Session, circulation_id: int, ids: Sequence[int]) -> list[Application]:
    """These applications of a circulation, oldest first; others are not there."""
    chosen = select(Application).where(Application.circulation_id == circulation_id, Application.id.in_(ids))
    return list(session.scalars(chosen.order_by(Application.id)))


def batch_ids(session: Session, circulation_id: int, batch: str) -> list[int]:
    """The applications (by id) that were decided at once."""
    chosen = select(Application.id).where(Application.circulation_id == circulation_id, Application.batch == batch)
    return list(session.scalars(chosen.order_by(Application.id)))


def names_on_roll(session: Session, circulation_id: int) -> set[str]:
    """The names of all on the roll."""
    chosen = select(Signatory.name).where(Signatory.circulation_id == circulation_id, Signatory.dropped_at.is_(None))
    return set(session.scalars(chosen))


def names_of_lead(session: Session, lead_id: int) -> set[str]:
    """What the lead itself is called, and listed as."""
    lead = session.get_one(Organisation, lead_id)
    return {lead.name, lead.listed_name}


def mails_of_members(session: Session, lead_id: int, names: Sequence[str]) -> dict[str, set[str]]:
    """The addresses, in small letters, of the living contacts of those of these names that are members."""
    chosen = (
        select(Organisation.name, Contact.mail)
        .join(Member, Member.organisation_id == Organisation.id)
        .outerjoin(Contact, (Contact.organisation_id == Organisation.id) & Contact.removed.is_(False))
        .where(Organisation.kept_by_id == lead_id, Organisation.name.in_(names))
    )
    found: dict[str, set[str]] = {}
    for name, mail in session.execute(chosen):
        found.setdefault(name, set()).update([mail.lower()] if mail else [])
    return found


def kept_by_name(session: Session, lead_id: int, names: Sequence[str]) -> dict[str, Organisation]:
    """The organisations of these names that a lead keeps."""
    chosen = select(Organisation).where(Organisation.kept_by_id == lead_id, Organisation.name.in_(names))
    return {one.name: one for one in session.scalars(chosen)}


def contacts_by_mail(session: Session, organisation_ids: Sequence[int]) -> dict[tuple[int, str], Contact]:
    """The living contacts of organisations, by organisation and address."""
    chosen = select(Contact).where(Contact.organisation_id.in_(organisation_ids), Contact.removed.is_(False))
    return {(one.organisation_id, one.mail.lower()): one for one in session.scalars(chosen)}


def places_by_organisation(
    session: Session, circulation_id: int, organisation_ids: Sequence[int]
) -> dict[int, Signatory]:
    """The places that organisations have on a roll, or had."""
    chosen = select(Signatory).where(
        Signatory.circulation_id == circulation_id, Signatory.organisation_id.in_(organisation_ids)
    )
    return {one.organisation_id: one for one in session.scalars(chosen)}


def invitations_by_contact(session: Session, signatory_ids: Sequence[int]) -> dict[tuple[int, int], Invitation]:
    """All invitations of these signatories, by signatory and contact."""
    return {(one.signatory_id, one.contact_id): one for one in invitations_of(session, signatory_ids)}


def invitations_of(session: Session, signatory_ids: Sequence[int]) -> list[Invitation]:
    """All invitations of these signatories."""
    chosen = select(Invitation).where(Invitation.signatory_id.in_(signatory_ids))
    return list(session.scalars(chosen.order_by(Invitation.id)))


def vouched_for(session: Session, statement_id: int) -> set[str]:
    """The digests of all quotes for which the lead ever vouched, because nobody on the roll could."""
    kinds = ("circulated", IN_FORCE, "signatory added", "signatory dropped")
    bodies = session.scalars(select(Event.body).where(Event.statement_id == statement_id, Event.kind.in_(kinds)))
    return {digest for body in bodies for digest in json.loads(body)["facts"].get("vouched", [])}


def listed_as_people(session: Session, statement_id: int, organisation_ids: Sequence[int]) -> list[ListedAs]:
    """What the list has to say of those who sign as a person, where it says nothing of them yet."""
    if not organisation_ids:
        return []
    said = select(ListedAs.organisation_id).where(ListedAs.statement_id == statement_id)
    there = set(session.scalars(said.where(ListedAs.organisation_id.in_(organisation_ids))))
    fresh = [one for one in organisation_ids if one not in there]
    return [ListedAs(statement_id=statement_id, organisation_id=one, individual=True) for one in fresh]
