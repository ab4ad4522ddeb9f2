"""Looking at open pages, and at one application: for its page, for its letters, for what is done with it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, joinedload

from workflow.mail.outbox import Kind
from workflow.models.circulation import Circulation
from workflow.models.drafting import Revision, Statement
from workflow.models.opening import Application, OpenPage
from workflow.models.posting import Letter
from workflow.rules.circulation import Purpose
from workflow.rules.refusals import NotFound


def open_page_of(session: Session, circulation_id: int) -> OpenPage | None:
    """The open page of a circulation, open or closed, if there ever was one."""
    return session.scalar(select(OpenPage).where(OpenPage.circulation_id == circulation_id))


def is_open(session: Session, circulation_id: int) -> bool:
    """Whether a circulation has a page that is open to everybody."""
    page = open_page_of(session, circulation_id)
    return page is not None and page.closed_at is None


def waiting_untold(session: Session, circulation: Circulation) -> Sequence[int]:
    """The applications (by id) to the text in force that still wait for the lead, and were not told that time is up."""
    told = exists().where(Letter.application_id == Application.id, Letter.kind == Kind.APPLY_CLOSED)
    return session.scalars(
        select(Application.id)
        .where(
            Application.circulation_id == circulation.id,
            Application.revision_id == circulation.revision_id,
            Application.confirmed_at.is_not(None),
            Application.contested_at.is_(None),
            Application.decision.is_(None),
            ~told,
        )
        .order_by(Application.id)
    ).all()


def open_page(session: Session, key: str, now: datetime) -> OpenPage:
    """The page at an address, with its circulation, the text in force and the lead.

    Raises NotFound for an address that is unknown, for a page that was closed, once the circulation has ended, and
    once its deadline has passed: none can be told from another.
    """
    found = session.scalar(
        select(OpenPage)
        .join(OpenPage.circulation)
        .where(
            OpenPage.key == key,
            OpenPage.closed_at.is_(None),
            Circulation.ended_at.is_(None),
            Circulation.purpose == Purpose.SIGN_OFF,
            Circulation.deadline_at >= now,
        )
        .options(
            joinedload(OpenPage.circulation).options(
                joinedload(Circulation.revision), joinedload(Circulation.statement).joinedload(Statement.lead)
            )
        )
    )
    if found is None:
        raise NotFound
    return found


def application_by_key(session: Session, key: str) -> Application:
    """An application with its circulation, the text in force and the lead. Raises NotFound."""
    return _one(session, Application.key == key)


def application_by_id(session: Session, application_id: int) -> Application:
    """The same by its row. Raises NotFound."""
    return _one(session, Application.id == application_id)


def _one(session: Session, condition: ColumnElement[bool]) -> Application:
    found = session.scalar(
        select(Application)
        .where(condition)
        .options(
            joinedload(Application.revision),
            joinedload(Application.circulation).options(
                joinedload(Circulation.revision), joinedload(Circulation.statement).joinedload(Statement.lead)
            ),
        )
    )
    if found is None:
        raise NotFound
    return found


def statement_of_application(session: Session, key: str) -> int:
    """The id of the statement that an application is about. Raises NotFound."""
    found = session.scalar(
        select(Circulation.statement_id)
        .join(Application, Application.circulation_id == Circulation.id)
        .where(Application.key == key)
    )
    if found is None:
        raise NotFound
    return found


def waiting_for(session: Session, circulation_id: int, number: int) -> Sequence[int]:
    """The applications (by id) to the text of a number that are confirmed and neither decided nor contested."""
    return session.scalars(
        select(Application.id)
        .join(Application.revision)
        .where(
            Application.circulation_id == circulation_id,
            Revision.number == number,
            Application.confirmed_at.is_not(None),
            Application.contested_at.is_(None),
            Application.decision.is_(None),
        )
        .order_by(Application.id)
    ).all()
