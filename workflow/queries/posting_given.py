"""Posting, continued: the answer that a receipt, or a line to the lead, is about."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflow.mail.letters import Given
from workflow.mail.outbox import Kind
from workflow.models.circulation import Signatory
from workflow.models.posting import Letter
from workflow.models.signing import Answer
from workflow.queries.posting_people import given_as, how_recorded
from workflow.queries.posting_quotes import said_of_quote
from workflow.queries.voices import voices_for


def given_of(session: Session, letter: Letter) -> Given:
    """The answer, or the word on a quote, that a letter is about."""
    if letter.kind in (Kind.QUOTE_RECEIPT, Kind.QUOTE_DECIDED):
        return said_of_quote(session, letter)
    answer = session.scalars(
        select(Answer)
        .where(Answer.id == letter.subject_id)
        .options(joinedload(Answer.revision), joinedload(Answer.signatory).joinedload(Signatory.circulation))
    ).one()
    given = given_as(answer.signatory.name, answer, answer.answered_at, how_recorded(session, answer.id))
    open_ = answer.signatory.contest_id is not None
    return replace(given, voices=voices_for(session, answer.signatory), contested=open_)
