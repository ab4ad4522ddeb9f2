"""Looking at statements and their revisions, and taking the statement row before anything is decided."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflow.models.accounts import User
from workflow.models.drafting import Revision, Statement
from workflow.rules.publication import slug
from workflow.rules.refusals import NotFound


def user_of(session: Session, user_id: int) -> User:
    """A user who has not been removed, with the organisation. Raises NotFound."""
    user = session.scalar(
        select(User).where(User.id == user_id, User.removed_at.is_(None)).options(joinedload(User.organisation))
    )
    if user is None:
        raise NotFound
    return user


def take_statement(session: Session, user_id: int, public_id: str) -> Statement:
    """Lock and return a statement that the user's organisation leads. Raises NotFound for any other."""
    statement = session.scalar(
        select(Statement)
        .join(User, User.organisation_id == Statement.lead_id)
        .where(Statement.public_id == public_id, User.id == user_id, User.removed_at.is_(None))
        .with_for_update(of=Statement)
    )
    if statement is None:
        raise NotFound
    return statement


def take_statement_by_id(session: Session, statement_id: int) -> Statement:
    """Lock and return a statement by its row id. Raises NotFound."""
    statement = session.scalar(select(Statement).where(Statement.id == statement_id).with_for_update())
    if statement is None:
        raise NotFound
    return statement


def statement_by_id(session: Session, statement_id: int) -> Statement:
    """A statement by its row id, for reading only."""
    return session.get_one(Statement, statement_id)


def revision(session: Session, statement_id: int, number: int) -> Revision:
    """One revision by its number. Raises NotFound."""
    found = session.scalar(select(Revision).where(Revision.statement_id == statement_id, Revision.number == number))
    if found is None:
        raise NotFound
    return found


def earlier_revision(session: Session, statement_id: int, number: int) -> Revision | None:
    """One revision by its number, if there is such a one."""
    chosen = select(Revision).where(Revision.statement_id == statement_id, Revision.number == number)
    return session.scalar(chosen)


def latest_revision(session: Session, statement_id: int) -> Revision:
    """The newest revision of a statement. Raises NotFound where there is none."""
    found = session.scalar(
        select(Revision).where(Revision.statement_id == statement_id).order_by(Revision.number.desc()).limit(1)
    )
    if found is None:
        raise NotFound
    return found


def statement_by_handle(session: Session, lead_id: int, handle: str) -> Statement:
    """A statement of `lead_id` by public id, by slug, or by the slug its headline would get, if only one has it."""
    statements = session.scalars(select(Statement).where(Statement.lead_id == lead_id)).all()
    exact = [one for one in statements if handle in (one.public_id, one.slug)]
    if exact:
        return exact[0]
    alike = [
        one for one in statements if slug(latest_revision(session, one.id).parsed.authoritative.headline) == handle
    ]
    if len(alike) != 1:
        raise NotFound
    return alike[0]
