"""Looking at what a decision about many applications rests on: each kind of row by one query."""

import json
from collections.abc import Sequence

from sqlalchemy import CompoundSelect, func, or_, select, union, union_all
from sqlalchemy.orm import Session

from workflow.mail.outbox import SEND_LETTER, Kind
from workflow.models.circulation import Invitation, Signatory
from workflow.models.coalition import Contact, Member, Organisation
from workflow.models.contesting import Contest
from workflow.models.history import Event
from workflow.models.listing import ListedAs
from workflow.models.opening import Application
from workflow.models.posting import Job, Letter
from workflow.models.signing import Answer
from workflow.queries.circulation import writable_invitations
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


def organisations_on_roll(session: Session, circulation_id: int) -> set[int | None]:
    """The organisations (by id) that are on the roll, under whatever name."""
    there = Signatory.dropped_at.is_(None)
    return set(
        session.scalars(select(Signatory.organisation_id).where(Signatory.circulation_id == circulation_id, there))
    )


def kept_by_name(session: Session, lead_id: int, names: Sequence[str]) -> dict[str, Organisation]:
    """The organisations that a lead keeps, by those of these names that they have or are listed under."""
    called = or_(Organisation.name.in_(names), Organisation.listed_name.in_(names))
    chosen = select(Organisation).where(Organisation.kept_by_id == lead_id, called).order_by(Organisation.id)
    found = list(session.scalars(chosen))
    return {one.listed_name: one for one in found} | {one.name: one for one in found}


def mails_of(session: Session, organisation_ids: Sequence[int]) -> dict[int | None, set[str]]:
    """The addresses, in small letters, of the living contacts of those of these that have any, or are members."""
    member = select(Member.id).where(Member.organisation_id == Organisation.id).exists()
    chosen = (
        select(Organisation.id, Contact.mail)
        .outerjoin(Contact, (Contact.organisation_id == Organisation.id) & Contact.removed.is_(False))
        .where(Organisation.id.in_(organisation_ids), or_(Contact.id.is_not(None), member))
    )
    found: dict[int | None, set[str]] = {}
    for id_, mail in session.execute(chosen):
        found.setdefault(id_, set()).update([mail.lower()] if mail else [])
    return found


def spoken_since(lead_id: int, circulation_id: int) -> CompoundSelect[int]:
    """The applications (by id) after whose confirmation something else was said for their organisation, or contested.

    The newest word counts, and an application is as old as its confirmation.
    """
    said = union_all(
        select(Answer.signatory_id, Answer.answered_at.label("at")),
        select(Contest.signatory_id, Contest.contested_at.label("at")),
    ).subquery()
    newest = (
        select(Signatory.id, Signatory.organisation_id, func.max(said.c.at).label("at"))
        .join(said, said.c.signatory_id == Signatory.id)
        .where(Signatory.circulation_id == circulation_id)
        .group_by(Signatory.id, Signatory.organisation_id)
        .subquery()
    )
    made = select(Application.id).where(
        Application.circulation_id == circulation_id, Application.confirmed_at < newest.c.at
    )
    kept = Organisation.kept_by_id == lead_id
    its = newest.c.organisation_id == Organisation.id
    return union(
        made.join(newest, newest.c.id == Application.signatory_id),
        made.join(Organisation, (Organisation.name == Application.name) & kept).join(newest, its),
        made.join(Organisation, (Organisation.listed_name == Application.name) & kept).join(newest, its),
    )


def contacts_by_mail(session: Session, organisation_ids: Sequence[int]) -> dict[tuple[int, str], Contact]:
    """The living contacts of organisations, by organisation and address."""
    chosen = select(Contact).where(Contact.organisation_id.in_(organisation_ids), Contact.removed.is_(False))
    return {(one.organisation_id, one.mail.lower()): one for one in session.scalars(chosen)}


def on_the_roll(session: Session, signatory_ids: Sequence[int]) -> list[Signatory]:
    """Those of these that are still on their roll."""
    chosen = select(Signatory).where(Signatory.id.in_(signatory_ids), Signatory.dropped_at.is_(None))
    return list(session.scalars(chosen.order_by(Signatory.id)))


def brought(session: Session, circulation_id: int, signatory_ids: Sequence[int]) -> list[Contact]:
    """The contacts of these signatories that belong to no member, and were asked in no other circulation."""
    elsewhere = (
        select(Invitation.id)
        .join(Signatory, Signatory.id == Invitation.signatory_id)
        .where(Invitation.contact_id == Contact.id, Signatory.circulation_id != circulation_id)
    )
    member = select(Member.id).where(Member.organisation_id == Contact.organisation_id)
    asked = select(Invitation.contact_id).where(Invitation.signatory_id.in_(signatory_ids))
    chosen = select(Contact).where(Contact.id.in_(asked), ~elsewhere.exists(), ~member.exists())
    return list(session.scalars(chosen.order_by(Contact.id)))


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


def asked_by_lead(session: Session, circulation_id: int) -> list[Invitation]:
    """The contacts on a roll who can be written to and whom the lead has asked: not those who came by the open page."""
    came = select(Application.signatory_id).where(
        Application.circulation_id == circulation_id, Application.signatory_id.is_not(None)
    )
    newcomers = set(session.scalars(came))
    return [one for one in writable_invitations(session, circulation_id) if one.signatory_id not in newcomers]


def told_of_refusal(session: Session, ids: Sequence[int]) -> list[int]:
    """Of these applications, those whose newest letter that has gone out, or is going out just now, is a refusal."""
    going = select(Job.id).where(Job.kind == SEND_LETTER, Job.subject_id == Letter.id, Job.owner.is_not(None)).exists()
    about = Letter.kind.in_((Kind.APPLY_REFUSED, Kind.APPLY_REOPENED))
    chosen = select(Letter.application_id, Letter.kind).where(
        Letter.application_id.in_(ids), about, Letter.sent_at.is_not(None) | going
    )
    told: dict[int | None, str] = {row.application_id: row.kind for row in session.execute(chosen.order_by(Letter.id))}
    return [of for of, kind in told.items() if of is not None and kind == Kind.APPLY_REFUSED]
