"""What the tests of the actions do and look at again and again."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tests.builders import LINKS, NOW, World, offered
from workflow.actions import drafting, in_force, signing
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.drafting import Statement
from workflow.models.history import Disclosure, Event
from workflow.models.posting import Letter
from workflow.models.signing import Answer
from workflow.queries.circulation import roll, standings
from workflow.rules.circulation import Kind
from workflow.rules.signing import Verdict, weigh
from workflow.text.content import Edition

Row = TypeVar("Row")


def sign(made: World, index: int, kind: Kind = Kind.SIGN_OFF, *, now: datetime = NOW, **changes: object) -> Answer:
    """The signatory at `index` answers by its first invitation, as that stands now."""
    invitation = invitation_of(made, index)
    return signing.answer(
        made.session, LINKS, now, invitation.id, invitation.generation, offered(made, index, kind, **changes)
    )


def invitation_of(made: World, index: int) -> Invitation:
    """The first invitation of the signatory at `index`, read afresh; on its newest place, where it came back."""
    made.session.rollback()
    one = made.signatories[index]
    found = made.session.scalars(
        select(Invitation)
        .join(Signatory, Signatory.id == Invitation.signatory_id)
        .where(Signatory.circulation_id == one.circulation_id, Signatory.organisation_id == one.organisation_id)
        .order_by(Signatory.id.desc(), Invitation.id)
        .execution_options(populate_existing=True)
    ).first()
    assert found is not None
    made.session.rollback()
    return found


def rows(session: Session, row: type[Row]) -> list[Row]:
    """All rows of a kind, oldest first, read afresh."""
    session.expunge_all()
    session.rollback()
    ordered = row.at if row is Event else row.id if hasattr(row, "id") else None  # type: ignore[attr-defined]
    found = list(session.scalars(select(row).order_by(ordered)))
    session.expunge_all()
    session.rollback()
    return found


def count(session: Session, row: type) -> int:
    """How many rows of a kind there are."""
    session.rollback()
    found = session.scalar(select(func.count()).select_from(row))
    session.rollback()
    return found or 0


def letters(session: Session, kind: str) -> list[Letter]:
    """The letters of a kind in the outbox."""
    return [letter for letter in rows(session, Letter) if letter.kind == kind]


def contacts_of(found: list[Letter]) -> list[int | None]:
    """To which contacts letters go, in order."""
    return sorted(letter.contact_id for letter in found if letter.contact_id is not None)


def events(session: Session) -> list[str]:
    """The kinds of the events, in their order."""
    return [event.kind for event in sorted(rows(session, Event), key=lambda one: (one.statement_id, one.number))]


def stage_of(made: World) -> str:
    """The stage of the statement, read afresh."""
    (found,) = (one for one in rows(made.session, Statement) if one.id == made.statement.id)
    return found.stage


def verdict(made: World) -> Verdict:
    """What the roll of the newest circulation amounts to now."""
    reread(made)
    assert made.circulation is not None
    places = roll(made.session, made.circulation.id)
    found = weigh(made.circulation.rule, standings(made.circulation, places))
    made.session.rollback()
    return found


def reread(made: World) -> World:
    """The world with its newest circulation, signatories and invitations as they stand now."""
    session = made.session
    session.expunge_all()
    session.rollback()
    made.circulation = session.scalars(
        select(Circulation)
        .where(Circulation.statement_id == made.statement.id)
        .order_by(Circulation.number.desc())
        .options(joinedload(Circulation.revision))
    ).first()
    assert made.circulation is not None
    of_it = Signatory.circulation_id == made.circulation.id
    made.signatories = list(session.scalars(select(Signatory).where(of_it).order_by(Signatory.id)))
    made.invitations = list(
        session.scalars(select(Invitation).join(Invitation.signatory).where(of_it).order_by(Invitation.id))
    )
    session.expunge_all()
    session.rollback()
    return made


def new_text(made: World, edition: Edition, *, based_on: int, now: datetime = NOW) -> World:
    """Revise the text and put the new revision in force."""
    drafting.revise(made.session, now, made.user.id, made.statement.public_id, edition, based_on)
    in_force.put_in_force(made.session, now, made.user.id, made.statement.public_id, based_on + 1)
    return reread(made)


def disclosed(session: Session) -> dict[str, Disclosure]:
    """What is disclosed, by its commitment."""
    session.rollback()
    found = {one.commitment: one for one in session.scalars(select(Disclosure))}
    session.expunge_all()
    session.rollback()
    return found
