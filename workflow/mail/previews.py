"""Letters to journalists who were shown a text under its embargo: the instant was moved, the text is held when that
comes, or was taken back."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select, and_, or_, select
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
_WAITS = _OF_PREVIEW.where(Job.id.is_not(None), Job.owner.is_(None))
_FRESH_LINK_WAITS = _WAITS.where(
    Letter.kind == outbox.Kind.PREVIEW, Letter.facts["generation"].as_integer() == Preview.generation
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
    """Tell them that the instant is another one than it `was`; one letter stands for all moves until it goes, and for
    whom a fresh link waits, that mail does."""
    kind = outbox.Kind.PREVIEW_MOVED
    fresh = set(session.scalars(_of(circulation).where(_FRESH_LINK_WAITS)))
    to = [one for one in _untold(session, circulation, kind) if one not in fresh]
    _put(session, now, statement, to, kind, {"was": iso(was)} if was else {})


def tell_held(session: Session, now: datetime, statement: Statement, circulation: Circulation) -> None:
    """Tell them at the instant that the text is not public by it: who was told only the instant would not wait."""
    kind = outbox.Kind.PREVIEW_HELD
    _put(session, now, statement, _untold(session, circulation, kind), kind, {})


def tell_taken_back(session: Session, now: datetime, statement: Statement, circulation: Circulation) -> None:
    """Tell them that the text is not final any more; one letter that waits is enough, and says the instant that they
    were told. The caller closes the links afterwards."""
    kind, until = outbox.Kind.PREVIEW_ENDED, circulation.embargo_at
    _put(session, now, statement, _untold(session, circulation, kind), kind, {"until": iso(until)} if until else {})


def _of(circulation: Circulation) -> Select[int]:
    return select(Preview.id).where(Preview.circulation_id == circulation.id)


def _untold(session: Session, circulation: Circulation, kind: outbox.Kind) -> list[int]:
    """Those for whom none of this kind waits: one that does says how it stands when it is sent."""
    soon = set(session.scalars(_of(circulation).where(_WAITS.where(Letter.kind == kind).exists())))
    return [one for one in shown_to(session, circulation.id) if one not in soon]


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
