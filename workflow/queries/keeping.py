"""Looking at what is kept of the words being typed: one's own, and who else is at the same text."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from workflow.models.accounts import User
from workflow.models.drafting import Revision, Statement
from workflow.models.keeping import KeptDraft
from workflow.rules.refusals import NotFound


@dataclass(frozen=True)
class KeptLine:
    """Words of one's own that are not saved: the key of the editor they were typed in, and when they were kept."""

    key: str
    kept_at: datetime


@dataclass(frozen=True)
class OtherEditor:
    """A colleague who has unsaved words on the same statement."""

    name: str
    seen_at: datetime


def kept_draft(session: Session, user_id: int, key: str) -> KeptDraft:
    """What an editor of this user kept. Raises NotFound, for the keys of others too."""
    found = session.scalar(select(KeptDraft).where(KeptDraft.user_id == user_id, KeptDraft.key == key))
    if found is None:
        raise NotFound
    return found


def kept_lines(session: Session, user_id: int, statement_id: int | None, without: Collection[str]) -> list[KeptLine]:
    """This user's unsaved words on a statement (None: on statements not begun yet), newest first.

    `without` are the keys of the editors that are looked at just now.
    """
    of_statement = KeptDraft.statement_id.is_(None) if statement_id is None else KeptDraft.statement_id == statement_id
    rows = session.execute(
        select(KeptDraft.key, KeptDraft.kept_at)
        .where(KeptDraft.user_id == user_id, of_statement, KeptDraft.key.not_in(without))
        .order_by(KeptDraft.kept_at.desc(), KeptDraft.id.desc())
    )
    return [KeptLine(key, kept_at) for key, kept_at in rows]


def other_editors(session: Session, user_id: int, statement_id: int, since: datetime) -> list[OtherEditor]:
    """Colleagues of the same organisation who have kept words on this statement since then, by name."""
    organisation = select(User.organisation_id).where(User.id == user_id).scalar_subquery()
    rows = session.execute(
        select(User.name, func.max(KeptDraft.kept_at).label("seen_at"))
        .join(KeptDraft, KeptDraft.user_id == User.id)
        .where(
            KeptDraft.statement_id == statement_id,
            KeptDraft.kept_at > since,
            User.id != user_id,
            User.organisation_id == organisation,
            User.removed_at.is_(None),
        )
        .group_by(User.id, User.name)
        .order_by(User.name)
    )
    return [OtherEditor(row.name, row.seen_at) for row in rows]


def is_saved(session: Session, lead_id: int, statement_id: int | None, digest: str) -> bool:
    """Whether these words are a revision already: of this statement, or for a new one of any that the lead has."""
    chosen = Statement.lead_id == lead_id if statement_id is None else Statement.id == statement_id
    saved = (
        select(Revision.id)
        .join(Statement, Statement.id == Revision.statement_id)
        .where(chosen, Revision.digest == digest)
    )
    return bool(session.scalar(select(exists(saved))))
