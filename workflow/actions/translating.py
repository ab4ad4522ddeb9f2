"""Translating after the publication: an edition with its own approval and its own date, beside a record that stays."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.actions.beside import Door, Words, add, tell_all
from workflow.db import transaction
from workflow.models.circulation import Circulation
from workflow.models.coalition import Organisation
from workflow.models.drafting import Statement
from workflow.models.translations import Translation
from workflow.queries.completion import complete_circulation
from workflow.queries.drafting import take_statement
from workflow.queries.mentions import translation_naming
from workflow.queries.noting import digest_added, languages_added
from workflow.queries.taken_down import is_down
from workflow.rules.lifecycle import Move, Stage
from workflow.rules.noting import NoteKind
from workflow.rules.refusals import FormRefused, Message, NothingChanged, TextMoved, WrongStage
from workflow.text import digest
from workflow.text.checking import check
from workflow.text.content import Content, Edition
from workflow.text.editions import MOST_EDITIONS


def add_translation(
    session: Session, now: datetime, user_id: int, public_id: str, edition: Edition, *, shown: str | None = None
) -> Translation:
    """Publish a translation of what was signed, approved by the lead organisation; everybody who was asked is told.

    Neither the record nor another edition is touched. Raises FormRefused where the edition lacks something or there is
    one in its language or where the statement was taken down, WrongStage before the publication and after a retraction.

    Refused is too what names who is counted and not named: nothing that was added can be changed. Where the signed text
    names that organisation itself, in any of its editions, everybody has signed that and reads it already: then the
    translation says the same, and the form points it out before it is published (`mentions.translation_naming`).

    Raises NothingChanged where this very translation is there already. `shown` is the digest of what was looked over:
    raises TextMoved where this is something else.
    """
    edition = check(edition, complete=True)
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = _published(session, statement)
        text = _content(circulation.revision.parsed, edition)
        made = digest.digest(text)
        if digest_added(session, statement.id, edition.language) == made:
            raise NothingChanged
        _weigh(session, statement, circulation, edition)
        if shown is not None and shown != made:
            raise TextMoved(shown=shown, current=made)
        # Its digest is what the note says: so the event and the public log bind the translation.
        approved_by = session.get_one(Organisation, statement.lead_id).listed_name
        door, told = Door(user_id=user_id), {"language": edition.language, "approved_by": approved_by}
        noted = add(session, now, statement, NoteKind.TRANSLATION, door, Words(made), told=told)
        added = Translation(
            statement_id=statement.id,
            language=edition.language,
            content=digest.canonical(text).decode(),
            digest=made,
            approved_by=approved_by,
            user_id=user_id,
            added_at=now,
            event_hash=noted.event_hash,
        )
        session.add(added)
        session.flush()
        tell_all(session, now, statement, circulation, NoteKind.TRANSLATION, note=noted)
    return added


def look_over(session: Session, user_id: int, public_id: str, edition: Edition) -> Edition:
    """The edition as it would stand, before it is published for ever: refused is what `add_translation` refuses."""
    edition = check(edition, complete=True)
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        _weigh(session, statement, _published(session, statement), edition)
    return edition


def digest_of(signed: Content, edition: Edition) -> str:
    """What a translation of the signed text is told by once it is published."""
    return digest.digest(_content(signed, edition))


def _content(signed: Content, edition: Edition) -> Content:
    return Content((replace(edition, kind=signed.authoritative.kind),))


def _published(session: Session, statement: Statement) -> Circulation:
    """The circulation of the text that is translated, where a translation can be added."""
    if statement.stage != Stage.PUBLISHED:
        raise WrongStage(stage=statement.stage, move=Move.NOTE.value)
    if is_down(session, statement.id):
        raise FormRefused({"sure": Message("edition.taken-down")})
    return complete_circulation(session, statement.id)


def _weigh(session: Session, statement: Statement, circulation: Circulation, edition: Edition) -> None:
    """Refuse an edition that cannot stand beside those of a circulation. Raises FormRefused."""
    signed = circulation.revision.parsed
    _refuse_taken(session, statement, signed, edition)
    fields, _as_signed = translation_naming(session, circulation.id, signed, edition)
    if fields:
        raise FormRefused({field: Message("edition.names-withheld") for field in fields})


def _refuse_taken(session: Session, statement: Statement, signed: Content, edition: Edition) -> None:
    there = [*signed.languages, *languages_added(session, statement.id)]
    if edition.language in there:
        raise FormRefused({"language": Message("edition.language-twice", {"in_language": edition.language})})
    if len(there) >= MOST_EDITIONS:
        raise FormRefused({"language": Message("too-many", {"limit": MOST_EDITIONS, "count": len(there) + 1})})
