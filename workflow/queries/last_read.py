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

    Reading itself leaves no trace: what counts is the button behind a link, and a remark. `text` is taken to be read
    only where that was in an earlier circulation: the button pressed just now leads to what changed.
    """
    if text.number == 1:
        return None
    remarked = session.execute(
        select(Revision.number, Circulation.ended_at.is_not(None))
        .join(Comment, Comment.revision_id == Revision.id)
        .join(Signatory, Signatory.id == Comment.signatory_id)
        .join(Signatory.circulation)
        .where(Revision.statement_id == statement_id, Signatory.organisation_id == organisation_id)
        .distinct()
    ).all()
    opened = session.execute(
        select(Invitation.opened_at, Circulation.ended_at.is_not(None))
        .join(Invitation.signatory)
        .join(Signatory.circulation)
        .where(
            Circulation.statement_id == statement_id,
            Signatory.organisation_id == organisation_id,
            Invitation.opened_at.is_not(None),
        )
    ).all()
    shown = _shown_at(session, statement_id, [at for at, _ in opened if at is not None])
    read = [(number, ended) for number, ended in remarked] + [(shown[at], ended) for at, ended in opened if at in shown]
    earlier = [number for number, _ in read if number < text.number]
    if not earlier or (text.number, True) in [(number, bool(ended)) for number, ended in read]:
        return None
    chosen = select(Revision).where(Revision.statement_id == statement_id, Revision.number == max(earlier))
    return session.scalars(chosen).one()


def _shown_at(session: Session, statement_id: int, instants: Sequence[datetime]) -> dict[datetime, int]:
    """The number of the text that was in force at each of these instants."""
    if not instants:
        return {}
    came = session.execute(
        select(Event.at, Event.body)
        .where(Event.statement_id == statement_id, Event.kind.in_((CIRCULATED, IN_FORCE)))
        .order_by(Event.number)
    ).all()
    found = {}
    for instant in instants:
        bodies = [body for at, body in came if at <= instant]
        if bodies:
            found[instant] = json.loads(bodies[-1])["facts"]["revision"]
    return found
