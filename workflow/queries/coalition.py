"""Looking at coalitions: their members and the people to write to."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.models.coalition import Contact, Member, Organisation


@dataclass(frozen=True)
class Membership:
    """One member of a coalition, flat: its names, its default role and the contacts to write to."""

    organisation_id: int
    name: str
    listed_name: str
    default_role: str
    contact_ids: tuple[int, ...]


def memberships(session: Session, coalition_id: int) -> list[Membership]:
    """The members of a coalition in the order in which they joined, with their living contacts' ids."""
    rows = session.execute(
        select(Organisation.id, Organisation.name, Organisation.listed_name, Member.default_role, Contact.id)
        .join(Member, Member.organisation_id == Organisation.id)
        .outerjoin(Contact, (Contact.organisation_id == Organisation.id) & Contact.removed.is_(False))
        .where(Member.coalition_id == coalition_id)
        .order_by(Member.id, Contact.id)
    )
    found: dict[int, Membership] = {}
    for organisation_id, name, listed_name, role, contact_id in rows:
        had = found.get(organisation_id)
        contacts = (*(had.contact_ids if had else ()), *((contact_id,) if contact_id else ()))
        found[organisation_id] = Membership(organisation_id, name, listed_name, role, contacts)
    return list(found.values())
