"""Coalitions: made and renamed, their members and contacts added, changed, removed and imported.

Each public function is one transaction that takes the lead's row first, so that two of its users cannot add
the same thing twice. Nothing here is dated; `now` is taken as by every action.
"""
# ruff: noqa: ARG001

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.coalition import Coalition, Contact, Member, Organisation
from workflow.queries import coalition as looking
from workflow.queries.drafting import take_statement_by_id
from workflow.queries.importing import ImportCounts, MemberPlan, count_import, plan_import
from workflow.queries.living_links import living_invitations, statements_asking
from workflow.rules.refusals import AlreadyThere, InUse, NotFound
from workflow.text.checking import clean_line
from workflow.text.fields import collect
from workflow.text.importing import MemberRow
from workflow.text.membership import ContactValues, MemberValues, clean_names


def create(session: Session, now: datetime, user_id: int, name: str) -> Coalition:
    """Make a coalition of the user's organisation. Raises AlreadyThere, InputRefused."""
    name = clean_line(name, field="name")
    with transaction(session):
        lead = looking.take_lead(session, user_id)
        _refuse_second(session, lead.id, name)
        coalition = Coalition(lead_id=lead.id, name=name)
        session.add(coalition)
        session.flush()
    return coalition


def rename(session: Session, now: datetime, user_id: int, coalition_id: int, name: str) -> None:
    """Give a coalition another name. Raises AlreadyThere, InputRefused, NotFound."""
    name = clean_line(name, field="name")
    with transaction(session):
        coalition = looking.take_coalition(session, user_id, coalition_id)
        if coalition.name != name:
            _refuse_second(session, coalition.lead_id, name)
            coalition.name = name


def add_member(
    session: Session,
    now: datetime,
    user_id: int,
    coalition_id: int,
    member: MemberValues,
    contact: ContactValues | None = None,
) -> int:
    """Add an organisation to a coalition, with its first contact; gives the organisation's id.

    One of that name which the lead keeps already joins as it is now described. Raises AlreadyThere where it
    is a member already, FormRefused (a contact's fields begin with "contact_").
    """
    values = collect({**member.cleaners(), **(contact.cleaners("contact_") if contact else {})})
    with transaction(session):
        coalition = looking.take_coalition(session, user_id, coalition_id)
        organisation = _kept(session, coalition.lead, values["name"])
        if looking.membership(session, coalition_id, organisation.id) is not None:
            raise AlreadyThere(name=values["name"])
        names = clean_names(values["listed_names"])
        organisation.describe(values["listed_name"] or values["name"], names, values["country"])
        session.add(Member(coalition_id=coalition_id, organisation_id=organisation.id, default_role=values["role"]))
        if contact is not None and not looking.is_contact(session, organisation.id, values["contact_mail"]):
            session.add(Contact(organisation_id=organisation.id, **_contact_columns(values, "contact_")))
    return organisation.id


def add_lead(session: Session, now: datetime, user_id: int, coalition_id: int) -> int:
    """Make the lead organisation a member of its own coalition, if it is not; gives its id."""
    with transaction(session):
        coalition = looking.take_coalition(session, user_id, coalition_id)
        if looking.membership(session, coalition_id, coalition.lead_id) is None:
            session.add(Member(coalition_id=coalition_id, organisation_id=coalition.lead_id))
    return coalition.lead_id


def change_member(
    session: Session,
    now: datetime,
    user_id: int,
    coalition_id: int,
    organisation_id: int,
    member: MemberValues,
) -> None:
    """Describe a member anew. The lead's own registered name stays. Raises AlreadyThere, FormRefused, NotFound."""
    values = collect(member.cleaners())
    with transaction(session):
        coalition, place, organisation = _take(session, user_id, coalition_id, organisation_id)
        name = organisation.name if organisation.id == coalition.lead_id else values["name"]
        if name != organisation.name:
            if looking.organisation_named(session, coalition.lead, name) is not None:
                raise AlreadyThere(name=name)
            organisation.name = name
        organisation.describe(values["listed_name"] or name, clean_names(values["listed_names"]), values["country"])
        place.default_role = values["role"]


def remove_member(session: Session, now: datetime, user_id: int, coalition_id: int, organisation_id: int) -> None:
    """Take an organisation out of a coalition; it and its contacts stay for the history.

    Raises InUse where it is on the roll of an open circulation.
    """
    with transaction(session):
        _, place, organisation = _take(session, user_id, coalition_id, organisation_id)
        if looking.on_open_roll(session, coalition_id, organisation_id):
            raise InUse(name=organisation.listed_name)
        session.delete(place)


def add_contact(
    session: Session,
    now: datetime,
    user_id: int,
    coalition_id: int,
    organisation_id: int,
    contact: ContactValues,
) -> int:
    """Add a person to write to at a member; gives the contact's id. Raises AlreadyThere, FormRefused."""
    values = collect(contact.cleaners())
    with transaction(session):
        _take(session, user_id, coalition_id, organisation_id)
        if looking.is_contact(session, organisation_id, values["mail"]):
            raise AlreadyThere(name=values["mail"])
        added = Contact(organisation_id=organisation_id, **_contact_columns(values))
        session.add(added)
        session.flush()
    return added.id


def change_contact(
    session: Session,
    now: datetime,
    user_id: int,
    coalition_id: int,
    organisation_id: int,
    contact_id: int,
    contact: ContactValues,
) -> bool:
    """Describe a contact anew; gives whether a new link goes to another address.

    Raises AlreadyThere, FormRefused, NotFound.
    """
    values = collect(contact.cleaners())
    with transaction(session):
        _take(session, user_id, coalition_id, organisation_id)
        found = looking.living_contact(session, organisation_id, contact_id)
        moved = found.mail.lower() != values["mail"].lower()
        if moved and looking.is_contact(session, organisation_id, values["mail"]):
            raise AlreadyThere(name=values["mail"])
        for column, value in _contact_columns(values).items():
            setattr(found, column, value)
        return moved and _readdress(session, now, found)


def remove_contact(
    session: Session, now: datetime, user_id: int, coalition_id: int, organisation_id: int, contact_id: int
) -> None:
    """Write to this person no more; what was sent and answered stays.

    Raises InUse while the person holds a link into an open circulation: revoke it first. Its other links die.
    """
    with transaction(session):
        _take(session, user_id, coalition_id, organisation_id)
        found = looking.living_contact(session, organisation_id, contact_id)
        if looking.holds_open_link(session, contact_id):
            raise InUse(name=found.name)
        found.removed = True
        for statement_id in statements_asking(session, contact_id):
            take_statement_by_id(session, statement_id)
            for invitation in living_invitations(session, statement_id, contact_id):
                invitation.revoked_at = now


def import_members(
    session: Session, now: datetime, user_id: int, coalition_id: int, rows: Sequence[MemberRow]
) -> ImportCounts:
    """Take over a members file: what it says is added or changed, what it does not name stays.

    The same file a second time changes nothing.
    """
    with transaction(session):
        coalition = looking.take_coalition(session, user_id, coalition_id)
        plans = plan_import(session, coalition, rows)
        organisations = _organisations(session, coalition, plans)
        _join(session, coalition, plans, organisations)
        _describe_contacts(session, plans, organisations)
    return count_import(plans)


def _refuse_second(session: Session, lead_id: int, name: str) -> None:
    if session.scalar(select(Coalition.id).where(Coalition.lead_id == lead_id, Coalition.name == name)) is not None:
        raise AlreadyThere(name=name)


def _take(
    session: Session, user_id: int, coalition_id: int, organisation_id: int
) -> tuple[Coalition, Member, Organisation]:
    """A coalition of the user's organisation, which is locked, and a member of it. Raises NotFound."""
    coalition = looking.take_coalition(session, user_id, coalition_id)
    place = looking.membership(session, coalition_id, organisation_id)
    organisation = session.get(Organisation, organisation_id)
    if place is None or organisation is None:
        raise NotFound
    return coalition, place, organisation


def _kept(session: Session, lead: Organisation, name: str) -> Organisation:
    """The organisation of that name, kept from now on where it was not."""
    found = looking.organisation_named(session, lead, name)
    if found is None:
        found = Organisation(kept_by_id=lead.id, name=name, listed_name=name)
        session.add(found)
        session.flush()
    return found


def _readdress(session: Session, now: datetime, contact: Contact) -> bool:
    """What the old mailbox holds opens nothing more; wherever the person is asked, the new one gets a link."""
    opened = False
    for statement_id in statements_asking(session, contact.id):
        statement = take_statement_by_id(session, statement_id)
        for invitation in living_invitations(session, statement_id, contact.id):
            circulation = invitation.signatory.circulation
            invitation.renew(circulation.links_until(now))
            if circulation.ended_at is not None:  # nothing is asked: the new mailbox gets a link when it wants one
                continue
            opened = True
            told = {"contact": contact.name, "mail": contact.mail}
            statement.record("invited", now, {"contact": statement.disclose(told)})
            letter = outbox.Draft(
                outbox.Kind.APPROVAL,
                contact_id=contact.id,
                statement_id=statement_id,
                invitation_id=invitation.id,
            )
            outbox.put(session, now, [letter])
    return opened


def _contact_columns(values: dict[str, str], prefix: str = "") -> dict[str, str]:
    return {name: values[f"{prefix}{name}"] for name in ("name", "mail", "language", "time_zone")}


def _organisations(session: Session, coalition: Coalition, plans: Sequence[MemberPlan]) -> dict[str, Organisation]:
    """The organisations of an import by name, as the file describes them."""
    ids = [one.here.organisation_id for one in plans if one.here]
    found = {one.id: one for one in session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}
    organisations: dict[str, Organisation] = {}
    for one in plans:
        name = one.row.organisation
        organisation = found[one.here.organisation_id] if one.here else None
        if organisation is None:
            organisation = Organisation(kept_by_id=coalition.lead_id, name=name)
            session.add(organisation)
        organisation.describe(one.row.listed_name, one.listed_names, one.country)
        organisation.needed = one.needed
        organisations[name] = organisation
    session.flush()
    return organisations


def _join(
    session: Session,
    coalition: Coalition,
    plans: Sequence[MemberPlan],
    organisations: dict[str, Organisation],
) -> None:
    chosen = select(Member).where(Member.coalition_id == coalition.id)
    places = {one.organisation_id: one for one in session.scalars(chosen)}
    for one in plans:
        organisation_id = organisations[one.row.organisation].id
        place = places.get(organisation_id)
        if place is None:
            place = Member(coalition_id=coalition.id, organisation_id=organisation_id)
            session.add(place)
        place.default_role = one.row.role


def _describe_contacts(session: Session, plans: Sequence[MemberPlan], organisations: dict[str, Organisation]) -> None:
    ids = [contact.here.id for one in plans for contact in one.contacts if contact.here]
    found = {one.id: one for one in session.scalars(select(Contact).where(Contact.id.in_(ids)))}
    for one in plans:
        for planned in one.contacts:
            contact = found[planned.here.id] if planned.here else None
            if contact is None:
                contact = Contact(organisation_id=organisations[one.row.organisation].id)
                session.add(contact)
            row = planned.row
            contact.name, contact.mail = row.contact_name, row.contact_email
            contact.language, contact.time_zone, contact.alternate = row.language, row.time_zone, planned.alternate
