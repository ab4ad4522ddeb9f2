"""Looking at coalitions: their members and the people to write to."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, joinedload

from workflow.models.accounts import User
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Coalition, Contact, Member, Organisation
from workflow.models.drafting import Statement
from workflow.rules.people import Reach, TooFewContacts, asked_first
from workflow.rules.refusals import NotFound


@dataclass(frozen=True)
class Membership:
    """One member of a coalition, flat: its names, its default role and the contacts to write to."""

    organisation_id: int
    name: str
    listed_name: str
    default_role: str
    contact_ids: tuple[int, ...]
    reach: tuple[Reach, ...] = ()
    needed: int = 1

    def asked_first(self, now: datetime) -> list[int]:
        """The contacts who get a link when this member is asked. Raises TooFewContacts."""
        if self.reach and len(self.reach) < self.needed:
            raise TooFewContacts(organisations=[self.listed_name])
        return asked_first(self.reach, now, self.needed)

    def as_signatory(self) -> dict[str, Any]:
        """What a place on a roll takes over from the member, as it is when it is asked."""
        return {"organisation_id": self.organisation_id, "name": self.listed_name, "needed": self.needed}

    @property
    def alternates(self) -> bool:
        """Whether there are any alternates."""
        return any(one.alternate for one in self.reach)


@dataclass(frozen=True)
class CoalitionLine:
    """One coalition in the list of a lead's, with the number of its members."""

    id: int
    name: str
    members: int


@dataclass(frozen=True)
class ContactLine:
    """A living contact as a page shows it."""

    id: int
    name: str
    mail: str
    language: str
    time_zone: str
    alternate: bool = False
    away_until: datetime | None = None


@dataclass(frozen=True)
class MemberLine:
    """An organisation that a lead keeps, with its living contacts; `role` is empty where it is no member."""

    organisation_id: int
    is_lead: bool
    name: str
    listed_name: str
    country: str
    role: str
    needed: int = 1
    logo: str = ""
    contacts: tuple[ContactLine, ...] = ()
    listed_names: dict[str, str] = field(default_factory=dict)


def memberships(session: Session, coalition_id: int) -> list[Membership]:
    """The members of a coalition in the order in which they joined, with the contacts who can be asked."""
    found = members(session, coalition_id)
    unknown = named_only(session, [one.id for line in found for one in line.contacts])
    return [_membership(one, [contact for contact in one.contacts if contact.id not in unknown]) for one in found]


def _membership(one: MemberLine, contacts: Sequence[ContactLine]) -> Membership:
    return Membership(
        one.organisation_id,
        one.name,
        one.listed_name,
        one.role,
        tuple(c.id for c in contacts),
        tuple(Reach(c.id, c.alternate, c.away_until) for c in contacts),
        one.needed,
    )


def named_only(session: Session, contact_ids: Sequence[int]) -> set[int]:
    """Those of these contacts whom only a colleague has named, and no lead has accepted anywhere."""
    named = Invitation.waits_for_lead & (Invitation.generation == 1)
    chosen = select(Invitation.contact_id).where(Invitation.waits_for_lead).distinct()
    known = select(Invitation.contact_id).where(~named)
    return set(session.scalars(chosen.where(Invitation.contact_id.not_in(known)))) & set(contact_ids)


def coalitions_of(session: Session, lead_id: int) -> list[CoalitionLine]:
    """The coalitions of a lead, each with the number of its members."""
    rows = session.execute(
        select(Coalition.id, Coalition.name, func.count(Member.id))
        .outerjoin(Member, Member.coalition_id == Coalition.id)
        .where(Coalition.lead_id == lead_id)
        .group_by(Coalition.id, Coalition.name)
    )
    return [CoalitionLine(*row) for row in rows]


def coalition_by_id(session: Session, coalition_id: int) -> Coalition:
    """A coalition with its lead. Raises NotFound. Whose it is, the gate has looked at."""
    found = session.scalar(select(Coalition).where(Coalition.id == coalition_id).options(joinedload(Coalition.lead)))
    if found is None:
        raise NotFound
    return found


def members(session: Session, coalition_id: int) -> list[MemberLine]:
    """The members of a coalition in the order in which they joined, with their contacts, by one query."""
    return _lines(session, _with_contacts(coalition_id).where(Member.id.is_not(None)))


def member(session: Session, coalition_id: int, organisation_id: int) -> MemberLine:
    """One member of a coalition with its contacts. Raises NotFound."""
    chosen = _with_contacts(coalition_id).where(Member.id.is_not(None), Organisation.id == organisation_id)
    for found in _lines(session, chosen):
        return found
    raise NotFound


def contact_of(found: MemberLine, contact_id: int) -> ContactLine:
    """One living contact of a member. Raises NotFound."""
    for contact in found.contacts:
        if contact.id == contact_id:
            return contact
    raise NotFound


def kept_organisations(session: Session, coalition: Coalition) -> list[MemberLine]:
    """Every organisation that the coalition's lead keeps, and the lead itself, with the role it has in this one."""
    kept = (Organisation.kept_by_id == coalition.lead_id) | (Organisation.id == coalition.lead_id)
    return _lines(session, _with_contacts(coalition.id).where(kept))


def take_lead(session: Session, user_id: int) -> Organisation:
    """Lock and return the organisation of a user: who edits a lead's coalitions takes it first. Raises NotFound."""
    found = session.scalar(
        select(Organisation)
        .join(User, User.organisation_id == Organisation.id)
        .where(User.id == user_id, User.removed_at.is_(None))
        .with_for_update(of=Organisation, key_share=True)
    )
    if found is None:
        raise NotFound
    return found


def take_coalition(session: Session, user_id: int, coalition_id: int) -> Coalition:
    """A coalition of the user's organisation, which is locked. Raises NotFound for any other."""
    lead = take_lead(session, user_id)
    found = session.scalar(
        select(Coalition)
        .where(Coalition.id == coalition_id, Coalition.lead_id == lead.id)
        .options(joinedload(Coalition.lead))
    )
    if found is None:
        raise NotFound
    return found


def on_open_roll(session: Session, coalition_id: int, organisation_id: int) -> bool:
    """Whether an organisation is on the roll of an open circulation of this coalition."""
    found = (
        select(Signatory.id)
        .join(Circulation, Circulation.id == Signatory.circulation_id)
        .join(Statement, Statement.id == Circulation.statement_id)
        .where(
            Statement.coalition_id == coalition_id,
            Signatory.organisation_id == organisation_id,
            Circulation.ended_at.is_(None),
        )
    )
    return bool(session.scalar(select(exists(found))))


def holds_open_link(session: Session, contact_id: int) -> bool:
    """Whether a contact has a link into an open circulation that nobody revoked."""
    found = (
        select(Invitation.id)
        .join(Signatory, Signatory.id == Invitation.signatory_id)
        .join(Circulation, Circulation.id == Signatory.circulation_id)
        .where(
            Invitation.contact_id == contact_id,
            Invitation.revoked_at.is_(None),
            Circulation.ended_at.is_(None),
        )
    )
    return bool(session.scalar(select(exists(found))))


def membership(session: Session, coalition_id: int, organisation_id: int) -> Member | None:
    """The place of an organisation in a coalition, if it has one."""
    return session.scalar(
        select(Member).where(Member.coalition_id == coalition_id, Member.organisation_id == organisation_id)
    )


def organisation_named(session: Session, lead: Organisation, name: str) -> Organisation | None:
    """The organisation of that name which the lead keeps; its own, where that is its own name."""
    if name == lead.name:
        return lead
    return session.scalar(select(Organisation).where(Organisation.kept_by_id == lead.id, Organisation.name == name))


def living_contact(session: Session, organisation_id: int, contact_id: int) -> Contact:
    """A contact of an organisation that was not removed. Raises NotFound."""
    found = session.scalar(
        select(Contact).where(
            Contact.id == contact_id, Contact.organisation_id == organisation_id, Contact.removed.is_(False)
        )
    )
    if found is None:
        raise NotFound
    return found


def is_contact(session: Session, organisation_id: int, mail: str) -> bool:
    """Whether a living contact of an organisation has that address."""
    living = select(Contact.mail).where(Contact.organisation_id == organisation_id, Contact.removed.is_(False))
    return mail.lower() in {one.lower() for one in session.scalars(living)}


Columns = tuple[Any, ...]


def _with_contacts(coalition_id: int) -> Select[*Columns]:
    """Organisations, each with its place in a coalition and a row for each of its living contacts."""
    return (
        select(
            Organisation.id,
            Organisation.kept_by_id,
            Organisation.name,
            Organisation.listed_name,
            Organisation.listed_names,
            Organisation.country,
            Member.default_role,
            Organisation.needed,
            Organisation.logo,
            Contact.id,
            Contact.name,
            Contact.mail,
            Contact.language,
            Contact.time_zone,
            Contact.alternate,
            Contact.away_until,
        )
        .outerjoin(Member, (Member.organisation_id == Organisation.id) & (Member.coalition_id == coalition_id))
        .outerjoin(Contact, (Contact.organisation_id == Organisation.id) & Contact.removed.is_(False))
        .order_by(Member.id, Organisation.id, Contact.id)
    )


def _lines(session: Session, chosen: Select[*Columns]) -> list[MemberLine]:
    rows: list[Columns] = [tuple(row) for row in session.execute(chosen)]
    found: dict[int, MemberLine] = {}
    for (
        organisation_id,
        kept_by_id,
        name,
        listed_name,
        names,
        country,
        role,
        needed,
        logo,
        contact_id,
        *contact,
    ) in rows:
        line = found.get(organisation_id) or MemberLine(
            *(organisation_id, kept_by_id is None, name, listed_name, country, role or "", needed, logo),
            listed_names=names or {},
        )
        if contact_id is not None:
            line = replace(line, contacts=(*line.contacts, ContactLine(contact_id, *contact)))
        found[organisation_id] = line
    return list(found.values())
