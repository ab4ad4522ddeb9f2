"""The audit: whether histories, publications, notes and log are as they were written, and as those outside remember."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.models.drafting import Statement
from workflow.models.history import Event
from workflow.queries.audit_histories import History, histories
from workflow.queries.audit_log import LogSeen, audit_log
from workflow.text.signed_note import Checkpoint


@dataclass(frozen=True)
class Held:
    """What is held outside this database: checkpoints of the log, and chain heads (hex) out of receipts."""

    checkpoints: Sequence[Checkpoint] = ()
    heads: Sequence[str] = ()


@dataclass(frozen=True)
class Audited:
    """What was looked at, how much of it, and what is wrong, one sentence each; nothing where all is well."""

    statements: int
    events: int
    notes: int
    leaves: int
    wrong: tuple[str, ...]


def audit(session: Session, held: Held | None = None) -> Audited:
    """Look at everything, and compare it with what is held outside. Changes nothing."""
    held = held or Held()
    found = list(histories(session))
    seen = audit_log(session, found)
    wrong = [one for history in found for one in history.wrong]
    wrong += [*_strays(session), *seen.wrong, *_against(seen, held.checkpoints), *_missing(found, held.heads)]
    return Audited(
        statements=len(found),
        events=sum(len(one.hashes) for one in found),
        notes=sum(len(one.notes) for one in found),
        leaves=seen.size,
        wrong=tuple(wrong),
    )


def _strays(session: Session) -> Iterator[str]:
    """Events that belong to no statement."""
    for hashed in session.scalars(select(Event.hash).where(Event.statement_id.not_in(select(Statement.id)))):
        yield f"The event {hashed} belongs to no statement."


def _against(seen: LogSeen, checkpoints: Sequence[Checkpoint]) -> Iterator[str]:
    """Checkpoints that were kept outside, against the log as it is."""
    for one in checkpoints:
        told = f"The checkpoint of {one.size} leaves that is held outside"
        if not seen.signed_by_a_key_of_ours(one):
            yield f"{told} is signed by no key that this log knows."
        if one.size > seen.size:
            yield f"{told} is of a longer log: the end of this one was cut off."
        elif seen.root(one.size) != one.root:
            yield f"{told} has another root: what was entered before it was changed."


def _missing(found: Sequence[History], heads: Sequence[str]) -> Iterator[str]:
    """Chain heads in receipts that no history has."""
    known = {hashed for history in found for hashed in history.hashes}
    for head in heads:
        if head not in known:
            yield f"No history has the chain head {head}, which stands in a receipt."
