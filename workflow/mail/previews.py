"""Letters to journalists who were shown a text under its embargo: the instant was moved, the text is held when that
comes, or was taken back."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from workflow.mail import outbox
from workflow.models.circulation import Circulation
from workflow.models.drafting import Statement
from workflow.models.posting import Job, Letter
from workflow.models.previewing import Preview
from workflow.text.instants import iso

_OF_PREVIEW = (
    select(Letter.preview_id)
    .outerjoin(Job, and_(Job.kind == outbox.SEND_LETTER, Job.subject_id == Letter.id))
    .where(Letter.preview_id == Preview.id)
)
# The mail with a link has gone out, or is about to: who knows of nothing needs no word of its end.
_WRITTEN_TO = _OF_PREVIEW.where(
    Letter.kind == outbox.Kind.PREVIEW, or_(Letter.sent_at.is_not(None), Job.owner.is_not(None))
).exists()
# One that waits says how it stands when it is sent.
_TOLD_SOON = _OF_PREVIEW.where(
    Letter.kind == outbox.Kind.PREVIEW_MOVED, Job.id.is_not(None), Job.owner.is_(None)
).exists()


def shown_to(session: Session, circulation_id: int) -> list[int]:
    """The previews of those who were written to and whose link was not taken back; also where its hours are over, for
    who has read the text has it still."""
    chosen = select(Preview.id).where(
        Preview.circulation_id == circulation_id,
        Preview.revoked_at.is_(None),
        Preview.ended_at.is_(None),
        Preview.mail.is_not(None),
        _WRITTEN_TO,
    )
    return list(session.scalars(chosen.order_by(Preview.id)))


def tell_moved(
    session: Session, now: datetime, statement: Statement, circulation: Circulation, was: datetime | None
) -> None:
    """Tell them that the instant is another one than it `was`; one letter stands for all moves until it goes."""
    told = select(Preview.id).where(Preview.circulation_id == circulation.id, _TOLD_SOON)
    soon = set(session.scalars(told))
    to = [one for one in shown_to(session, circulation.id) if one not in soon]
    _put(session, now, statement, to, outbox.Kind.PREVIEW_MOVED, {"was": iso(was)} if was else {})


def tell_held(session: Session, now: datetime, statement: Statement, circulation: Circulation) -> None:
    """Tell them at the instant that the text is not public by it: who was told only the instant would not wait."""
    _put(session, now, statement, shown_to(session, circulation.id), outbox.Kind.PREVIEW_HELD, {})


def tell_taken_back(session: Session, now: datetime, statement: Statement, circulation: Circulation) -> None:
    """Tell them that the text is not final any more. The caller closes the links afterwards."""
    until = circulation.embargo_at
    to = shown_to(session, circulation.id)
    _put(session, now, statement, to, outbox.Kind.PREVIEW_ENDED, {"until": iso(until)} if until else {})


def _put(
    session: Session,
    now: datetime,
    statement: Statement,
    to: Collection[int],
    kind: outbox.Kind,
    facts: dict[str, object],
) -> None:
    draft = outbox.Draft(kind, statement_id=statement.id, facts=facts)
    outbox.put(session, now, [replace(draft, preview_id=one) for one in to])
