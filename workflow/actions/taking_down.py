"""Taking down: the operator has to take a published statement off the page by law. Each function is one transaction.

The record stays in the database, its digest is said still; a note says that, when, and on what ground. The ground names
nobody who is counted and not named: it stands at the address of the statement, and beside it once that is shown again.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from workflow.actions.beside import Door, Words, add, refuse_withheld
from workflow.actions.publishing import tell_all
from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.notes import Note
from workflow.queries.completion import complete_circulation
from workflow.queries.drafting import take_statement_by_id
from workflow.queries.taken_down import published_id, taken_down
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.noting import NoteKind, check_takedown
from workflow.rules.refusals import NothingChanged


def take_down(session: Session, now: datetime, slug: str, reason: str) -> Note:
    """Take a published statement off every public page and file. Raises NotFound, NothingChanged, FormRefused."""
    return _do(session, now, slug, NoteKind.TAKEDOWN, reason)


def restore(session: Session, now: datetime, slug: str, reason: str) -> Note:
    """Show a statement again that was taken down. Raises NotFound, NothingChanged, FormRefused."""
    return _do(session, now, slug, NoteKind.RESTORED, reason)


def _do(session: Session, now: datetime, slug: str, kind: NoteKind, reason: str) -> Note:
    check_takedown(reason)
    with transaction(session):
        statement = take_statement_by_id(session, published_id(session, slug))
        after(Stage(statement.stage), Move.NOTE)
        if (taken_down(session, slug) is not None) == (kind is NoteKind.TAKEDOWN):
            raise NothingChanged
        circulation = complete_circulation(session, statement.id)
        refuse_withheld(session, circulation, {"reason": reason})
        note = add(session, now, statement, kind, Door(), Words(reason))
        facts: dict[str, object] = {"note": kind.value}
        tell_all(session, statement, circulation, outbox.Kind.TAKEN_DOWN, now, subject_id=note.id, facts=facts)
    return note
