"""The press list: journalists are added, chosen for a statement, taken off, and leave. Each function is one
transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.models.coalition import Organisation
from workflow.models.press import Journalist, PressChoice
from workflow.queries import press as looking
from workflow.queries.drafting import take_statement, user_of
from workflow.rules.lifecycle import Move, Stage, may_come
from workflow.rules.refusals import Message, WrongStage
from workflow.text.addresses import Address, LineProblem, LinesRefused

MOST_ON_A_LIST = 5000


def add(session: Session, now: datetime, user_id: int, people: Sequence[Address], language: str) -> int:
    """Put people on the list of the user's organisation; gives how many. Raises LinesRefused for who is, or left."""
    with transaction(session):
        lead_id = _take_list(session, user_id)
        known = {one.mail.lower(): one for one in looking.press_list(session, lead_id) if one.mail}
        problems = [
            LineProblem(one.line, Message("line-left" if old.left_at else "line-known", {"mail": one.mail}))
            for one in people
            if (old := known.get(one.mail.lower())) is not None
        ]
        if len(known) + len(people) > MOST_ON_A_LIST:
            problems.append(LineProblem(people[-1].line, Message("lines-too-many", {"most": MOST_ON_A_LIST})))
        if problems:
            raise LinesRefused(problems)
        session.add_all(
            Journalist(lead_id=lead_id, name=one.name, mail=one.mail, language=language, added_at=now) for one in people
        )
    return len(people)


def _take_list(session: Session, user_id: int) -> int:
    """The organisation whose list it is; its row is taken, so that nobody else puts the same person on it."""
    lead_id = user_of(session, user_id).organisation_id
    session.execute(select(Organisation.id).where(Organisation.id == lead_id).with_for_update())
    return lead_id


def set_language(session: Session, user_id: int, journalist_id: int, language: str) -> None:
    """In which language one who is on the list is written to."""
    with transaction(session):
        looking.journalist_of(session, _take_list(session, user_id), journalist_id).language = language


def remove(session: Session, now: datetime, user_id: int, journalist_id: int) -> None:
    """Take one off the list: name and address are erased."""
    with transaction(session):
        one = looking.journalist_of(session, _take_list(session, user_id), journalist_id)
        one.name, one.mail, one.removed_at = "", None, now
        _choose_nowhere(session, one.id)


def leave(session: Session, now: datetime, journalist_id: int) -> None:
    """One leaves the list by the link in a letter. Again changes nothing; who was taken off stays so."""
    with transaction(session):
        one = looking.journalist_by_id(session, journalist_id)
        if one.left_at is None and one.removed_at is None:
            one.name, one.left_at = "", now
            _choose_nowhere(session, one.id)


def _choose_nowhere(session: Session, journalist_id: int) -> None:
    session.execute(delete(PressChoice).where(PressChoice.journalist_id == journalist_id))


def choose(session: Session, now: datetime, user_id: int, public_id: str, journalist_ids: Collection[int]) -> int:
    """Say who of the list gets the release of a statement, and nobody else; gives how many.

    Raises WrongStage once it is published, or never will be.
    """
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        if not may_come(Stage(statement.stage), Move.PUBLISH):
            raise WrongStage(stage=statement.stage, move=Move.PUBLISH.value)
        on_the_list = {one.id for one in looking.press_list(session, statement.lead_id) if one.left_at is None}
        chosen = sorted(on_the_list & set(journalist_ids))
        session.execute(delete(PressChoice).where(PressChoice.statement_id == statement.id))
        session.add_all(PressChoice(statement_id=statement.id, journalist_id=one) for one in chosen)
        statement.record("press chosen", now, {"number": len(chosen)})
    return len(chosen)
