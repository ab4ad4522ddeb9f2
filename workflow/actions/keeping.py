"""Keeping what is being typed until it is saved, and forgetting it when it is of no use any more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Delete, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.models.drafting import Statement
from workflow.models.keeping import KeptDraft, let_go
from workflow.models.posting import Job
from workflow.queries.drafting import latest_revision, user_of
from workflow.queries.keeping import is_saved, kept_draft
from workflow.rules.lifecycle import Move, Stage, after, may_come
from workflow.rules.refusals import FormRefused, InputRefused, Message, NotFound
from workflow.text import digest
from workflow.text.checking import check
from workflow.text.content import Content, Edition
from workflow.text.instants import iso

KEPT_FOR = timedelta(days=30)
MOST_KEPT = 100
# More than any text may have, so that what is too long to be saved is not lost either.
LONGEST = 600_000
FORGET_KEPT = "forget-kept"
FORGOTTEN_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Words:
    """A form as typed. `public_id` is empty where no statement is begun; `taken_up`: what this editor goes on with.

    `of`: the language of the edition that is changed, empty for the authoritative one.
    """

    key: str
    public_id: str
    based_on: int
    number: int
    fields: Mapping[str, str]
    edition: Edition
    taken_up: tuple[tuple[str, int], ...] = field(default=())
    of: str = ""


def keep(session: Session, now: datetime, user_id: int, words: Words) -> bool:
    """Keep the words of one editor in place of what it kept before; gives whether there was anything to keep.

    Words that are a revision already are let go. Raises NotFound for a statement that is not the user's
    organisation's, WrongStage where its text is not changed any more, InputRefused where it is too much to keep.
    """
    length = sum(map(len, words.fields.values()))
    if length > LONGEST:
        raise InputRefused("body", Message("too-long", {"limit": LONGEST, "length": length}))
    with transaction(session):
        user = user_of(session, user_id)
        statement_id = _statement_id(session, user.organisation_id, words.public_id)
        hash_of_text = _digest(session, statement_id, words)
        let_go(session, user_id, words.taken_up)
        saved = hash_of_text and is_saved(session, user.organisation_id, statement_id, hash_of_text)
        if saved or (statement_id is None and _says_nothing(words.edition)):
            let_go(session, user_id, [(words.key, words.number)])
            return False
        _write(session, now, user_id, statement_id, words)
        session.execute(_surplus(user_id))
        _await_forgetting(session, now)
    return True


def throw_away(session: Session, user_id: int, key: str) -> None:
    """Delete what one editor of this user kept. Raises NotFound where there is nothing."""
    with transaction(session):
        session.delete(kept_draft(session, user_id, key))


def forget(session: Session, now: datetime) -> int:
    """Delete what was kept too long ago, and what was typed into texts that are closed; gives how much there was."""
    closed = [stage.value for stage in Stage if not may_come(stage, Move.REVISE)]
    of_closed = select(Statement.id).where(Statement.stage.in_(closed))
    old = KeptDraft.kept_at <= now - KEPT_FOR
    with transaction(session):
        gone = session.execute(
            delete(KeptDraft)
            .where(or_(old, KeptDraft.statement_id.in_(of_closed)))
            .returning(KeptDraft.id)
            .execution_options(synchronize_session=False)
        ).all()
        if session.scalar(select(KeptDraft.id).limit(1)) is not None:
            _await_forgetting(session, now)
    return len(gone)


def _digest(session: Session, statement_id: int | None, words: Words) -> str:
    """The digest that a revision with this text has; nothing where it could not be saved as it is."""
    before = latest_revision(session, statement_id).parsed if statement_id is not None else Content(())
    try:
        return digest.digest(before.with_edition(words.of, check(words.edition)))
    except FormRefused:
        return ""


def _says_nothing(edition: Edition) -> bool:
    texts = (edition.headline, edition.lead_paragraph, edition.body, edition.notes, edition.label, edition.ends)
    return not any(map(str.strip, texts)) and not (edition.quotes or edition.contacts or edition.addressees)


def _statement_id(session: Session, lead_id: int, public_id: str) -> int | None:
    """The row of the statement, whose row is not taken: what is kept decides nothing, and must not hold up a signer."""
    if not public_id:
        return None
    chosen = select(Statement.id, Statement.stage).where(Statement.public_id == public_id, Statement.lead_id == lead_id)
    found = session.execute(chosen).one_or_none()
    if found is None:
        raise NotFound
    after(Stage(found.stage), Move.REVISE)
    statement_id: int = found.id
    return statement_id


def _write(session: Session, now: datetime, user_id: int, statement_id: int | None, words: Words) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    written = {
        "statement_id": statement_id,
        "number": words.number,
        "based_on": words.based_on,
        "fields": dict(words.fields),
        "kept_at": now,
    }
    session.execute(
        insert(KeptDraft)
        .values(user_id=user_id, key=words.key, **written)
        .on_conflict_do_update(
            index_elements=[KeptDraft.user_id, KeptDraft.key],
            set_=written,
            # Two of one editor can overtake each other on the way.
            where=KeptDraft.number <= words.number,
        )
    )


def _surplus(user_id: int) -> Delete:
    """Whoever opens many editors keeps the newest ones."""
    kept = (
        select(KeptDraft.id)
        .where(KeptDraft.user_id == user_id)
        .order_by(KeptDraft.kept_at.desc(), KeptDraft.id.desc())
        .offset(MOST_KEPT)
    )
    return delete(KeptDraft).where(KeptDraft.id.in_(kept)).execution_options(synchronize_session=False)


def _await_forgetting(session: Session, now: datetime) -> None:
    """A job for the end of this hour, once: it goes on from hour to hour as long as something is kept."""
    due = now.replace(minute=0, second=0, microsecond=0) + FORGOTTEN_EVERY
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    job = {"kind": FORGET_KEPT, "subject_id": 0, "run_at": due, "urgency": 9, "attempts": 0}
    session.execute(insert(Job).values(dedupe_key=f"{FORGET_KEPT}/{iso(due)}", **job).on_conflict_do_nothing())
