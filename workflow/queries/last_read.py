"""Looking at which text an organisation has read before the one in force, by what it did with its links."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.commenting import Comment
from workflow.models.drafting import Revision
from workflow.models.history import Event
from workflow.queries.history import IN_FORCE

CIRCULATED = "circulated"


def last_read(session: Session, statement_id: int, organisation_id: int, text: Revision) -> Revision | None:
    """The newest earlier text that it opened a link to or remarked on; none where it has read `text` or nothing.

    Reading itself leaves no trace: what counts is the button behind a link, and a remark.
    """
    if text.number == 1:
        return None
    remarked = session.scalars(
        select(Revision.number)
        .join(Comment, Comment.revision_id == Revision.id)
        .join(Signatory, Signatory.id == Comment.signatory_id)
        .where(Revision.statement_id == statement_id, Signatory.organisation_id == organisation_id)
        .distinct()
    )
    opened = session.scalars(
        select(Invitation.opened_at)
        .join(Invitation.signatory)
        .join(Signatory.circulation)
        .where(
            Circulation.statement_id == statement_id,
            Signatory.organisation_id == organisation_id,
            Invitation.opened_at.is_not(None),
        )
    )
    read = set(remarked) | _shown_at(session, statement_id, [at for at in opened if at is not None])
    earlier = [number for number in read if number < text.number]
    if not earlier:
        return None
    chosen = select(Revision).where(Revision.statement_id == statement_id, Revision.number == max(earlier))
    return session.scalars(chosen).one()


def _shown_at(session: Session, statement_id: int, instants: Sequence[datetime]) -> set[int]:
    """The numbers of the texts that were in force at these instants."""
    if not instants:
        return set()
    came = session.execute(
        select(Event.at, Event.body)
        .where(Event.statement_id == statement_id, Event.kind.in_((CIRCULATED, IN_FORCE)))
        .order_by(Event.number)
    ).all()
    found = set()
    for instant in instants:
        bodies = [body for at, body in came if at <= instant]
        if bodies:
            found.add(json.loads(bodies[-1])["facts"]["revision"])
    return found
