"""Looking at the press list of a lead organisation, and at who of it gets the release of a statement."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.models.drafting import Statement
from workflow.models.posting import Letter
from workflow.models.press import Journalist, PressChoice
from workflow.queries.desk import statement_by_public_id
from workflow.rules.refusals import LinkTampered, NotFound

ON_THE_LIST = (Journalist.removed_at.is_(None), Journalist.left_at.is_(None))


def press_list(session: Session, lead_id: int) -> list[Journalist]:
    """Everybody on the list of a lead organisation, by name; and last who has left it, by the address alone."""
    chosen = select(Journalist).where(Journalist.lead_id == lead_id, Journalist.removed_at.is_(None))
    return list(session.scalars(chosen.order_by(Journalist.left_at.is_not(None), func.lower(Journalist.name))))


def journalist_of(session: Session, lead_id: int, journalist_id: int) -> Journalist:
    """One who is on the list of a lead organisation. Raises NotFound."""
    found = session.scalar(
        select(Journalist).where(Journalist.id == journalist_id, Journalist.lead_id == lead_id, *ON_THE_LIST)
    )
    if found is None:
        raise NotFound
    return found


def journalist_by_id(session: Session, journalist_id: int) -> Journalist:
    """Whoever a link to leave the list names. Raises LinkTampered."""
    found = session.get(Journalist, journalist_id)
    if found is None:
        raise LinkTampered
    return found


def chosen_ids(session: Session, statement_id: int) -> list[int]:
    """Who gets the release of a statement: the chosen ones who are on the list still."""
    return list(
        session.scalars(
            select(PressChoice.journalist_id)
            .join(Journalist, Journalist.id == PressChoice.journalist_id)
            .where(PressChoice.statement_id == statement_id, *ON_THE_LIST)
            .order_by(PressChoice.id)
        )
    )


def chosen_addresses(session: Session, statement_id: int) -> list[tuple[str, str]]:
    """The same, by name, as name and mail address."""
    chosen = select(Journalist.name, Journalist.mail).where(Journalist.id.in_(chosen_ids(session, statement_id)))
    rows = session.execute(chosen.order_by(func.lower(Journalist.name)))
    return [(name, mail) for name, mail in rows if mail]


def chosen_count(session: Session, statement_id: int) -> int:
    """How many get the release of a statement."""
    return len(chosen_ids(session, statement_id))


@dataclass(frozen=True)
class ChoosingPage:
    """The press list beside a statement: who is chosen, and how the letters to them fared once it was published."""

    statement: Statement
    journalists: Sequence[Journalist]
    chosen: frozenset[int]
    sent: int
    waiting: int
    failed: int


def choosing_page(session: Session, public_id: str) -> ChoosingPage:
    """Who of the press list gets the release of a statement."""
    statement = statement_by_public_id(session, public_id)
    of_it = (Letter.statement_id == statement.id, Letter.journalist_id.is_not(None))
    count = func.count()
    sent, failed, whole = session.execute(
        select(
            count.filter(Letter.sent_at.is_not(None)),
            count.filter(Letter.failed_at.is_not(None) | Letter.dropped_at.is_not(None)),
            count,
        ).where(*of_it)
    ).one()
    return ChoosingPage(
        statement=statement,
        journalists=[one for one in press_list(session, statement.lead_id) if one.left_at is None],
        chosen=frozenset(chosen_ids(session, statement.id)),
        sent=sent,
        waiting=whole - sent - failed,
        failed=failed,
    )
