"""Translating after the publication: an edition with its own approval and its own date, beside a record that stays."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.coalition import Organisation
from workflow.models.drafting import Statement
from workflow.models.translations import Translation
from workflow.queries.circulation import writable_invitations
from workflow.queries.completion import complete_circulation
from workflow.queries.drafting import take_statement
from workflow.rules.lifecycle import Move, Stage
from workflow.rules.noting import NoteKind
from workflow.rules.refusals import FormRefused, Message, WrongStage
from workflow.text import digest
from workflow.text.checking import check
from workflow.text.content import Content, Edition
from workflow.text.editions import MOST_EDITIONS

ADDED = "translation added"


def add_translation(session: Session, now: datetime, user_id: int, public_id: str, edition: Edition) -> Translation:
    """Publish a translation of what was signed, approved by the lead organisation; everybody who was asked is told.

    Neither the record nor another edition is touched. Raises FormRefused where the edition lacks something or there is
    one in its language, WrongStage before the publication and after a retraction.
    """
    edition = check(edition, complete=True)
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        if statement.stage != Stage.PUBLISHED:
            raise WrongStage(stage=statement.stage, move=Move.NOTE.value)
        circulation = complete_circulation(session, statement.id)
        signed = circulation.revision.parsed
        _refuse_taken(session, statement, signed, edition)
        text = Content((replace(edition, kind=signed.authoritative.kind),))
        facts: dict[str, object] = {"language": edition.language, "digest": digest.digest(text), "by": "desk"}
        event = statement.record(ADDED, now, facts)
        added = Translation(
            statement_id=statement.id,
            language=edition.language,
            content=digest.canonical(text).decode(),
            digest=digest.digest(text),
            approved_by=session.get_one(Organisation, statement.lead_id).listed_name,
            user_id=user_id,
            added_at=now,
            event_hash=event.hash,
        )
        session.add(added)
        session.flush()
        told: dict[str, object] = {"note": NoteKind.TRANSLATION.value}
        outbox.put_to(session, now, statement, writable_invitations(session, circulation.id), outbox.Kind.NOTED, told)
    return added


def _refuse_taken(session: Session, statement: Statement, signed: Content, edition: Edition) -> None:
    chosen = select(Translation.language).where(Translation.statement_id == statement.id)
    there = [*signed.languages, *session.scalars(chosen)]
    if edition.language in there:
        raise FormRefused({"language": Message("edition.language-twice", {"in_language": edition.language})})
    if len(there) >= MOST_EDITIONS:
        raise FormRefused({"language": Message("too-many", {"limit": MOST_EDITIONS, "count": len(there) + 1})})
