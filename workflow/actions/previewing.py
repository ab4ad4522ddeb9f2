"""Previewing: journalists read an embargoed text before its instant. Each public function is one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.drafting import Statement
from workflow.models.previewing import Preview, PreviewOpening
from workflow.queries import previewing as looking
from workflow.queries.completion import statement_of_circulation
from workflow.queries.drafting import take_statement, take_statement_by_id
from workflow.rules.lifecycle import Stage
from workflow.rules.previewing import HOURS, KEPT_DAYS, check_preview
from workflow.rules.refusals import Message, NotFound, NothingChanged
from workflow.text.addresses import Address, LineProblem, LinesRefused


def add(
    session: Session,
    now: datetime,
    user_id: int,
    public_id: str,
    people: Sequence[Address],
    *,
    language: str,
    time_zone: str,
    hours: int | None,
) -> int:
    """Give each of these people a link of their own, by a mail of their own. Gives how many.

    Who had one that no longer opens gets a fresh one. Raises NotEmbargoed, LinesRefused for whom has one that opens.
    """
    if hours not in HOURS:
        raise NotFound
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = looking.embargoed(session, statement)
        known = {one.mail.lower(): one for one in looking.previews_of(session, circulation.id) if one.mail}
        living = [
            LineProblem(one.line, Message("line-known", {"mail": one.mail}))
            for one in people
            if (old := known.get(one.mail.lower())) and old.opens(now)
        ]
        if living:
            raise LinesRefused(living)
        given = []
        for one in people:
            preview = known.get(one.mail.lower())
            if preview is None:
                preview = Preview(circulation_id=circulation.id, mail=one.mail, created_by_id=user_id, generation=0)
                session.add(preview)
            preview.name, preview.language, preview.time_zone, preview.hours = one.name, language, time_zone, hours
            preview.issue(now)
            given.append(preview)
        session.flush()
        statement.record("previews given", now, {"number": len(given)})
        _write_to(session, now, statement, given)
        if circulation.embargo_at is not None:
            _await_forgetting(session, circulation.id, circulation.embargo_at)
    return len(given)


def _write_to(session: Session, now: datetime, statement: Statement, given: Sequence[Preview]) -> None:
    drafts = [
        outbox.Draft(
            outbox.Kind.PREVIEW, preview_id=one.id, statement_id=statement.id, facts={"generation": one.generation}
        )
        for one in given
    ]
    outbox.put(session, now, drafts)


def revoke(session: Session, now: datetime, user_id: int, public_id: str, preview_id: int) -> None:
    """Take a link back: from this commit on it opens nothing, nor do the pages behind it."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        preview = looking.preview_of(session, looking.embargoed(session, statement).id, preview_id)
        if preview.revoked_at is not None:
            raise NothingChanged
        preview.revoked_at = now
        statement.record("preview revoked", now, {})


def renew(session: Session, now: datetime, user_id: int, public_id: str, preview_id: int) -> None:
    """Send a fresh link; the earlier one opens nothing any more."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        preview = looking.preview_of(session, looking.embargoed(session, statement).id, preview_id)
        if preview.mail is None:
            raise NotFound
        preview.issue(now)
        statement.record("previews given", now, {"number": 1})
        _write_to(session, now, statement, [preview])


def open_preview(session: Session, now: datetime, preview_id: int, generation: int, time_zone: str) -> None:
    """A person pressed the button: noted, with the zone in which the instant is to be told. Raises PreviewClosed."""
    with transaction(session):
        statement = take_statement_by_id(session, looking.statement_of_preview(session, preview_id))
        preview = looking.preview_for_page(session, preview_id)
        check_preview(preview.given(generation, statement.stage, statement.slug), now, preview.circulation.embargo_at)
        preview.time_zone = time_zone
        session.add(PreviewOpening(preview_id=preview.id, generation=generation, opened_at=now))


def forget(session: Session, now: datetime, circulation_id: int) -> None:
    """Some time after the instant: names and addresses of those who had a preview are erased."""
    with transaction(session):
        statement_id = statement_of_circulation(session, circulation_id)
        if statement_id is None:
            return
        statement = take_statement_by_id(session, statement_id)
        if statement.stage == Stage.LOCKED:
            circulation = looking.embargoed(session, statement)
            if circulation.id == circulation_id and circulation.embargo_at is not None:
                at = max(circulation.embargo_at, now)
                _await_forgetting(session, circulation_id, at)
                return
        of_it = Preview.circulation_id == circulation_id
        session.execute(update(Preview).where(of_it).values(name="", mail=None))


def _await_forgetting(session: Session, circulation_id: int, embargo_at: datetime) -> None:
    at = embargo_at + timedelta(days=KEPT_DAYS)
    outbox.await_instant(session, outbox.FORGET_PREVIEWS, circulation_id, at)
