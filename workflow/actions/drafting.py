"""Drafting: a statement is begun, and every change of its text is a new revision."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.models.coalition import Coalition
from workflow.models.drafting import Revision, Statement
from workflow.models.keeping import let_go
from workflow.queries.drafting import latest_revision, take_statement, user_of
from workflow.rules.lifecycle import Move
from workflow.rules.refusals import NotFound, NothingChanged, TextMoved
from workflow.text import digest
from workflow.text.checking import check
from workflow.text.content import Content, Edition


def begin(
    session: Session,
    now: datetime,
    user_id: int,
    coalition_id: int,
    edition: Edition,
    kept: Sequence[tuple[str, int]] = (),
) -> Statement:
    """Begin a statement of the user's organisation for one of its coalitions, with its first revision.

    What was kept of these words while they were typed goes: `kept` has the keys of the editors, and up to which number.
    """
    edition = check(edition)
    with transaction(session):
        user = user_of(session, user_id)
        coalition = session.scalar(
            select(Coalition).where(Coalition.id == coalition_id, Coalition.lead_id == user.organisation_id)
        )
        if coalition is None:
            raise NotFound
        statement = Statement(lead_id=user.organisation_id, coalition_id=coalition.id, created_at=now)
        session.add(statement)
        session.flush()
        _add_revision(session, now, user_id, statement, edition)
        let_go(session, user_id, kept)
    return statement


def revise(
    session: Session,
    now: datetime,
    user_id: int,
    public_id: str,
    edition: Edition,
    based_on: int,
    kept: Sequence[tuple[str, int]] = (),
) -> Revision:
    """Save a new text as the next revision.

    `based_on` is the number of the revision that the editor showed; raises TextMoved where somebody saved
    another one meanwhile, NothingChanged where the text is the same. `kept` as for `begin`.
    """
    edition = check(edition)
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        statement.move(Move.REVISE)
        newest = latest_revision(session, statement.id)
        changed = digest.digest(Content((edition,))) != newest.digest
        if changed and newest.number != based_on:
            raise TextMoved(shown=str(based_on), current=str(newest.number))
        revision = _add_revision(session, now, user_id, statement, edition) if changed else None
        let_go(session, user_id, kept)
    if revision is None:  # raised only now: what was kept of it has gone
        raise NothingChanged
    return revision


def _add_revision(session: Session, now: datetime, user_id: int, statement: Statement, edition: Edition) -> Revision:
    revision = statement.add_revision(Content((edition,)), now, user_id)
    session.flush()
    return revision
