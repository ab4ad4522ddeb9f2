"""Looking things up by the handles that people type in a shell."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.models.accounts import User
from workflow.models.circulation import Circulation, Signatory
from workflow.models.coalition import Coalition, Contact
from workflow.models.drafting import Statement
from workflow.queries.circulation import latest_circulation, roll, standings
from workflow.queries.drafting import latest_revision, statement_by_handle
from workflow.rules.circulation import sentence
from workflow.rules.lifecycle import Stage
from workflow.rules.publication import slug
from workflow.rules.refusals import NotFound

__all__ = [
    "acting_user",
    "coalition_by_name",
    "contact_on_roll",
    "handle_of",
    "standing_of",
    "statement_by_handle",
]


def acting_user(session: Session, mail: str | None) -> User | None:
    """The user with that mail address, or the only user there is."""
    living = select(User).where(User.removed_at.is_(None))
    if mail is not None:
        return session.scalar(living.where(func.lower(User.mail) == mail.strip().lower()))
    users = session.scalars(living.limit(2)).all()
    return users[0] if len(users) == 1 else None


def coalition_by_name(session: Session, lead_id: int, name: str) -> Coalition | None:
    """The lead's coalition of that name."""
    return session.scalar(select(Coalition).where(Coalition.lead_id == lead_id, Coalition.name == name))


def handle_of(session: Session, lead_id: int, public_id: str) -> str:
    """What to type for a statement: the slug of its headline where no other one would get the same, else its id."""
    statement = session.scalars(select(Statement).where(Statement.public_id == public_id)).one()
    handle = slug(latest_revision(session, statement.id).parsed.authoritative.headline)
    try:
        statement_by_handle(session, lead_id, handle)
    except NotFound:
        return public_id
    return handle


def contact_on_roll(session: Session, statement_id: int, mail: str) -> int | None:
    """The id of the living contact with that address at an organisation on the open roll."""
    return session.scalar(
        select(Contact.id)
        .join(Signatory, Signatory.organisation_id == Contact.organisation_id)
        .join(Circulation, Circulation.id == Signatory.circulation_id)
        .where(
            Circulation.statement_id == statement_id,
            Circulation.ended_at.is_(None),
            Contact.removed.is_(False),
            func.lower(Contact.mail) == mail.strip().lower(),
        )
        .limit(1)
    )


def standing_of(
    session: Session, statement: Statement, base_url: str, iso: Callable[[datetime], str]
) -> dict[str, Any]:
    """Where a statement stands, as plain values; "missing" is a Message, or None where nothing circulates."""
    newest = latest_revision(session, statement.id)
    circulation = latest_circulation(session, statement.id)
    places = roll(session, circulation.id) if circulation else []
    standing = standings(circulation, places) if circulation else []
    published = statement.stage in (Stage.PUBLISHED, Stage.RETRACTED)
    return {
        "id": statement.public_id,
        "headline": newest.parsed.authoritative.headline,
        "stage": statement.stage,
        "revision": newest.number,
        "digest": newest.digest,
        "address": f"{base_url}/statements/{statement.slug}" if published else None,
        "purpose": circulation.purpose if circulation else None,
        "publishes": iso(circulation.due_at) if circulation and circulation.due_at and not published else None,
        "deadline": iso(circulation.deadline_at) if circulation else None,
        "roll": [
            {
                "organisation": place.name,
                "role": place.role,
                "answer": place.kind,
                "revision": place.answered_revision,
                "at": iso(place.answered_at) if place.answered_at else None,
                "counts": one.signed,
                "contested": one.contested,
                "quotes": [word.value for word in one.quotes],
            }
            for place, one in zip(places, standing, strict=True)
        ],
        "missing": sentence(circulation.rule, standing)
        if circulation and statement.stage == Stage.CIRCULATING
        else None,
    }
