"""Drafting: a statement is begun, and every change of its text is a new revision."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.models.coalition import Coalition
from workflow.models.drafting import Revision, Statement
from workflow.models.keeping import let_go
from workflow.queries.drafting import earlier_revision, latest_revision, take_statement, user_of
from workflow.rules.lifecycle import Move
from workflow.rules.refusals import NotFound, NothingChanged, TextMoved
from workflow.text import digest
from workflow.text.checking import check
from workflow.text.content import Content, Edition
from workflow.text.editions import check_content, check_together


def begin(
    session: Session,
    now: datetime,
    user_id: int,
    coalition_id: int,
    edition: Edition,
    kept: Sequence[tuple[str, int]] = (),
    translations: Sequence[Edition] = (),
) -> Statement:
    """Begin a statement of the user's organisation for one of its coalitions, with its first revision.

    `edition` is the authoritative one. What was kept of these words while they were typed goes: `kept` has the keys of
    the editors, and up to which number.
    """
    content = check_content(Content((edition, *(replace(one, kind=edition.kind) for one in translations))))
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
        _add_revision(session, now, user_id, statement, content)
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
    of: str = "",
) -> Revision:
    """Save a new text of one edition as the next revision: of the one in the language `of`, or of the authoritative
    one. Where there is no edition in that language, it is added.

    `based_on` is the number of the revision that the editor showed; raises TextMoved where somebody saved
    another one meanwhile, NothingChanged where the text is the same. `kept` as for `begin`.
    """
    edition = check(edition)
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        statement.move(Move.REVISE)
        newest = latest_revision(session, statement.id)
        content = check_together(newest.parsed.with_edition(of, edition))
        changed = digest.digest(content) != newest.digest
        if changed and newest.number != based_on and not _only_others(session, newest, based_on, of):
            raise TextMoved(shown=str(based_on), current=str(newest.number))
        revision = _add_revision(session, now, user_id, statement, content) if changed else None
        let_go(session, user_id, kept)
    if revision is None:  # raised only now: what was kept of it has gone
        raise NothingChanged
    return revision


def remove_edition(session: Session, now: datetime, user_id: int, public_id: str, language: str) -> Revision:
    """Save the text without its translation into `language` as the next revision. Raises NotFound where there is none.

    The authoritative edition stays.
    """
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        statement.move(Move.REVISE)
        content = latest_revision(session, statement.id).parsed
        if language not in content.languages[1:]:
            raise NotFound
        return _add_revision(session, now, user_id, statement, content.without(language))


def _only_others(session: Session, newest: Revision, based_on: int, of: str) -> bool:
    """Whether what was saved since `based_on` are other editions: one who changes another language is in nobody's way.

    A text that has one edition now, and had then, was changed itself.
    """
    before = earlier_revision(session, newest.statement_id, based_on)
    if before is None:
        return False
    now, then = newest.parsed, before.parsed
    return len({*now.languages, *then.languages}) > 1 and now.find(of) == then.find(of)


def _add_revision(session: Session, now: datetime, user_id: int, statement: Statement, content: Content) -> Revision:
    revision = statement.add_revision(content, now, user_id)
    session.flush()
    return revision
