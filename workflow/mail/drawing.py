"""Having the files of a publication made: those that are there go at once, and a job makes them anew."""

import secrets
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from workflow.mail.outbox import ANSWER_URGENCY
from workflow.models.drafting import Statement
from workflow.models.posting import Job
from workflow.models.public_files import PublicFile

DRAW = "draw-files"
# After codes and receipts, before the letters to everybody that say where the statement is.
URGENCY = ANSWER_URGENCY + 1


def have_drawn(session: Session, statement: Statement, now: datetime) -> None:
    """Delete what was made of a publication, in the running transaction, and put the job that makes it anew.

    The caller holds the statement row and has recorded what happened: each head of the history has a job of its own,
    so that none is taken for one that is being done already.
    """
    _delete(session, statement.id)
    key = f"{DRAW}/{statement.id}/{statement.chain_head}"
    if session.scalar(select(Job.id).where(Job.dedupe_key == key)) is None:
        _put(session, statement.id, now, key)


def have_drawn_anew(session: Session, statement_id: int, now: datetime) -> None:
    """The same where nothing happened to the statement itself, but to what stands around it."""
    _delete(session, statement_id)
    _put(session, statement_id, now, f"{DRAW}/{statement_id}/{secrets.token_hex(16)}")


def _delete(session: Session, statement_id: int) -> None:
    session.execute(
        delete(PublicFile).where(PublicFile.statement_id == statement_id).execution_options(synchronize_session=False)
    )


def _put(session: Session, statement_id: int, now: datetime, key: str) -> None:
    session.add(Job(kind=DRAW, subject_id=statement_id, run_at=now, urgency=URGENCY, dedupe_key=key))
