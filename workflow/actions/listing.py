"""How the signatories are listed: the lead chooses until the lock. One transaction each; nobody is asked again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.models.drafting import Statement
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


def say(session: Session, now: datetime, user_id: int, public_id: str, said: Mapping[int, Said]) -> None:
    """Note what the list says of these organisations, by their ids. Raises WrongStage, NotFound."""
    with transaction(session):
        statement, rows = _rows(session, user_id, public_id, said)
        for organisation_id, one in said.items():
            row = rows[organisation_id]
            row.section, row.number, row.acronym = one.section, one.number, one.acronym
            row.mark, row.individual = one.mark.value if one.mark else None, one.individual
        statement.record("list arranged", now, {"organisations": len(said)})


def move(session: Session, user_id: int, public_id: str, organisation_id: int, by: int) -> None:
    """Move an organisation up or down in an order by hand: everybody gets the number of its place."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        statement.move(Move.ARRANGE)
        circulation = open_for(session, statement, Move.ARRANGE)
        places = [one for one in roll(session, circulation.id) if one.role != Role.OBSERVER]
        ids = [one.organisation_id for one in in_order(session, statement, circulation, places)]
        if organisation_id not in ids:
            raise NotFound
        rows = _said_of(session, statement.id)
        for number, one in enumerate(moved(ids, ids.index(organisation_id), by), start=1):
            _row(session, rows, statement.id, one).number = number


def _rows(
    session: Session, user_id: int, public_id: str, said: Mapping[int, Said]
) -> tuple[Statement, dict[int, ListedAs]]:
    """The statement, taken, and the rows of these organisations. Raises NotFound for one that is not asked."""
    statement = take_statement(session, user_id, public_id)
    statement.move(Move.ARRANGE)
    circulation = open_for(session, statement, Move.ARRANGE)
    asked = {place.organisation_id for place in roll(session, circulation.id)}
    if not asked.issuperset(said):
        raise NotFound
    rows = _said_of(session, statement.id)
    return statement, {one: _row(session, rows, statement.id, one) for one in said}


def _said_of(session: Session, statement_id: int) -> dict[int, ListedAs]:
    rows: Sequence[ListedAs] = session.scalars(select(ListedAs).where(ListedAs.statement_id == statement_id)).all()
    return {row.organisation_id: row for row in rows}


def _row(session: Session, rows: Mapping[int, ListedAs], statement_id: int, organisation_id: int) -> ListedAs:
    row = rows.get(organisation_id)
    if row is None:
        row = ListedAs(statement_id=statement_id, organisation_id=organisation_id)
        session.add(row)
    return row
