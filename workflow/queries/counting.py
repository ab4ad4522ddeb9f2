"""Looking at how many stood in the lists of locked texts."""

from collections.abc import Collection

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from workflow.models.circulation import Circulation, Signatory
from workflow.models.listing import ListedAs
from workflow.text.placeholders import counts_of


def counts_at_lock(session: Session, statement_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """The counts of the lock of several statements, by statement; without those that are not locked. One query."""
    individual = func.sum(case((ListedAs.individual, 1), else_=0))
    rows = session.execute(
        select(Circulation.statement_id, func.count(), individual)
        .join(Signatory, Signatory.circulation_id == Circulation.id)
        .outerjoin(
            ListedAs,
            and_(
                ListedAs.organisation_id == Signatory.organisation_id, ListedAs.statement_id == Circulation.statement_id
            ),
        )
        .where(Circulation.statement_id.in_(statement_ids), Signatory.listed_at.is_not(None))
        .group_by(Circulation.statement_id)
    )
    return {statement_id: counts_of(listed - persons, persons) for statement_id, listed, persons in rows}
