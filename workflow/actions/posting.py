"""Posting: jobs are taken, kept, and done; letters are marked. Each function is one transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.models.posting import Job, Letter

LEASE = timedelta(seconds=60)
# No worker leases for longer: a lease beyond it was written by a clock that has been set back since.
LONGEST_LEASE = timedelta(minutes=10)
PAUSES = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=4),
)
# With four hours between the later ones these are about two days.
LAST_ATTEMPT = 16
LONGEST_REASON = 500


@dataclass(frozen=True)
class Claimed:
    """A job that is ours until the lease runs out."""

    job_id: int
    kind: str
    subject_id: int
    attempts: int
    run_at: datetime


def claim(
    session: Session,
    now: datetime,
    owner: str,
    limit: int,
    kinds: Collection[str],
    *,
    lease: timedelta = LEASE,
) -> list[Claimed]:
    """Take up to `limit` due jobs, the most urgent first; also those whose worker let the lease run out."""
    free = or_(Job.lease_until.is_(None), Job.lease_until <= now, Job.lease_until > now + LONGEST_LEASE)
    is_due = and_(Job.kind.in_(kinds), Job.run_at <= now, free)
    # An idle worker only reads: it must not take the one writing turn that SQLite has.
    if session.scalar(select(Job.id).where(is_due).limit(1)) is None:
        return []
    due = (
        select(Job.id)
        .where(is_due)
        .order_by(Job.urgency, Job.run_at, Job.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = (
        update(Job)
        .where(Job.id.in_(select(due.c.id)))
        .values(owner=owner, lease_until=now + lease)
        .returning(Job.id, Job.kind, Job.subject_id, Job.attempts, Job.urgency, Job.run_at)
        .execution_options(synchronize_session=False)
    )
    with transaction(session):
        rows = session.execute(taken).all()
    ordered = sorted(rows, key=lambda row: (row.urgency, row.run_at, row.id))
    return [Claimed(row.id, row.kind, row.subject_id, row.attempts, row.run_at) for row in ordered]


def renew(session: Session, now: datetime, owner: str, job_ids: Collection[int], *, lease: timedelta = LEASE) -> None:
    """Keep jobs that are still in hand."""
    with transaction(session):
        session.execute(
            update(Job)
            .where(Job.id.in_(job_ids), Job.owner == owner)
            .values(lease_until=now + lease)
            .execution_options(synchronize_session=False)
        )


def finish(session: Session, job_id: int) -> None:
    """The work is done, whoever did it: the job goes."""
    with transaction(session):
        _remove(session, job_id)


def postpone(session: Session, job_id: int, until: datetime) -> None:
    """Not now: the job waits until then, as if it had never been taken."""
    with transaction(session):
        free = {"run_at": until, "owner": None, "lease_until": None}
        session.execute(update(Job).where(Job.id == job_id).values(**free).execution_options(synchronize_session=False))


def mark_sent(session: Session, now: datetime, job_id: int, letter_id: int) -> None:
    """The letter was taken by the mail server. That holds even if the lease was lost meanwhile."""
    with transaction(session):
        _remove(session, job_id)
        attempted = {"attempts": Letter.attempts + 1, "last_error": ""}
        _write_end(session, letter_id, sent_at=now, failed_at=None, dropped_at=None, **attempted)


def mark_dropped(session: Session, now: datetime, job_id: int, letter_id: int, reason: str) -> None:
    """The letter is of no use any more, and is not sent."""
    with transaction(session):
        _remove(session, job_id)
        _write_end(session, letter_id, dropped_at=now, last_error=reason)


def mark_failed(
    session: Session,
    now: datetime,
    job_id: int,
    owner: str,
    letter_id: int | None,
    reason: str,
    *,
    permanent: bool = False,
) -> bool:
    """An attempt failed: try again later, or give up where it is no use. Gives whether it was given up.

    Nothing happens where the job has gone to another worker meanwhile. A job that is no letter is never given up.
    """
    with transaction(session):
        job = session.scalar(select(Job).where(Job.id == job_id, Job.owner == owner).with_for_update())
        if job is None:
            return False
        attempts = job.attempts + 1
        give_up = letter_id is not None and (permanent or attempts >= LAST_ATTEMPT)
        if give_up:
            session.delete(job)
        else:
            pause = PAUSES[min(attempts, len(PAUSES)) - 1]
            job.attempts, job.run_at, job.owner, job.lease_until = attempts, now + pause, None, None
        if letter_id is not None:
            attempted = {"attempts": Letter.attempts + 1, "last_error": reason[:LONGEST_REASON]}
            dropped = session.scalar(select(Letter.dropped_at).where(Letter.id == letter_id).with_for_update())
            # What was taken back while it was on its way has met its end already.
            _write_end(session, letter_id, failed_at=now if give_up and dropped is None else None, **attempted)
    return give_up


def _remove(session: Session, job_id: int) -> None:
    session.execute(delete(Job).where(Job.id == job_id).execution_options(synchronize_session=False))


def _write_end(session: Session, letter_id: int, **values: object) -> None:
    """Write into a letter how it fared; one that has been sent stays so."""
    session.execute(
        update(Letter)
        .where(Letter.id == letter_id, Letter.sent_at.is_(None))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
