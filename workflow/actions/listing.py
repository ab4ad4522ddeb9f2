"""How the signatories are listed: the lead chooses until the lock. One transaction each; nobody is asked again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.models.listing import ListedAs, Listing
from workflow.queries.circulation import open_for, roll
from workflow.queries.drafting import take_statement
from workflow.queries.listing import in_order
from workflow.rules.circulation import Role
from workflow.rules.lifecycle import Move
from workflow.rules.listing import Manner, Mark, moved
from workflow.rules.refusals import NotFound


@dataclass(frozen=True)
class Said:
    """What the list says of one organisation beside its name, and where it stands in an order by hand."""

    section: str = ""
    number: int | None = None
    acronym: str = ""
    mark: Mark | None = None
    individual: bool = False


def choose(session: Session, now: datetime, user_id: int, public_id: str, manner: Manner) -> None:
    """List the signatories in this manner. Raises WrongStage once the text is locked."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        statement.move(Move.ARRANGE)
        row = session.get(Listing, statement.id)
        if row is None:
            row = Listing(statement_id=statement.id)
            session.add(row)
        row.take(manner)
        statement.record("list arranged", now, {"order": manner.order.value, "style": manner.style.value})


def say(
    session: Session,
    now: datetime,
    user_id: int,
    public_id: str,
    said: Mapping[int, Said],
    step: tuple[int, int] | None = None,
) -> None:
    """Note what the list says of these organisations, by their ids. Raises WrongStage, NotFound.

    `step` is an organisation and by how many places it goes up (below 0) or down in an order by hand: with it
    everybody gets the number of its place.
    """
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = open_for(session, statement, Move.ARRANGE)
        places = [one for one in roll(session, circulation.id) if one.role != Role.OBSERVER]
        if not {place.organisation_id for place in places}.issuperset([*said, *([step[0]] if step else [])]):
            raise NotFound
        rows = _said_of(session, statement.id)
        for organisation_id, one in said.items():
            row = _row(session, rows, statement.id, organisation_id)
            row.section, row.number, row.acronym = one.section, one.number, one.acronym
            row.mark, row.individual = one.mark.value if one.mark else None, one.individual
        if step:
            session.flush()
            found, _manner = in_order(session, statement, circulation, places)
            ids = [one.organisation_id for one in found]
            for number, one_id in enumerate(moved(ids, ids.index(step[0]), step[1]), start=1):
                _row(session, rows, statement.id, one_id).number = number
        statement.record("list arranged", now, {"organisations": len(said)})


def _said_of(session: Session, statement_id: int) -> dict[int, ListedAs]:
    rows: Sequence[ListedAs] = session.scalars(select(ListedAs).where(ListedAs.statement_id == statement_id)).all()
    return {row.organisation_id: row for row in rows}


def _row(session: Session, rows: dict[int, ListedAs], statement_id: int, organisation_id: int) -> ListedAs:
    if organisation_id not in rows:
        rows[organisation_id] = ListedAs(statement_id=statement_id, organisation_id=organisation_id)
        session.add(rows[organisation_id])
    return rows[organisation_id]
