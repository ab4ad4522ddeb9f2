"""Looking at the public log: its keys, leaves, checkpoints, and the proofs that follow from stored hashes."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from workflow.formats.log import Entry, KeyTold, LogProof, ProofOfLeaf
from workflow.models.history import Event
from workflow.models.log import Leaf, LogCheckpoint, LogKey, TreeNode
from workflow.models.notes import Note
from workflow.models.publication import Publication
from workflow.rules.refusals import NotFound
from workflow.text import merkle

# Both databases take this many pairs in one query; a proof needs some dozens.
PAIRS_AT_ONCE = 400


@dataclass(frozen=True)
class Unlogged:
    """A publication or a note, with what its leaf tells of it that stands elsewhere."""

    what: Publication | Note
    at: datetime
    text_digest: str = ""
    chain_head: str = ""
    record_digest: str = ""
    said: str = ""


def newest_key(session: Session) -> LogKey | None:
    """The key that signs, or none where no log has begun."""
    return session.scalars(select(LogKey).order_by(LogKey.number.desc()).limit(1)).one_or_none()


def host(session: Session) -> str:
    """The host in the name of the log, by which ssh-keygen knows the keys; nothing where no log has begun."""
    newest = newest_key(session)
    return newest.origin.partition("/")[0] if newest else ""


def keys(session: Session) -> list[KeyTold]:
    """All keys there were, oldest first."""
    rows = session.scalars(select(LogKey).order_by(LogKey.number))
    return [KeyTold(bytes.fromhex(one.public), one.origin, one.since, one.leaf, one.statement) for one in rows]


def size(session: Session) -> int:
    """How many leaves there are."""
    newest = session.scalar(select(func.max(Leaf.number)))
    return 0 if newest is None else newest + 1


def nodes(session: Session, wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The hashes of these whole subtrees, by level and place; one query for some hundreds."""
    chosen, found = sorted(wanted), {}
    for start in range(0, len(chosen), PAIRS_AT_ONCE):
        pairs = chosen[start : start + PAIRS_AT_ONCE]
        rows = session.execute(
            select(TreeNode.level, TreeNode.place, TreeNode.hash).where(
                tuple_(TreeNode.level, TreeNode.place).in_(pairs)
            )
        )
        found.update({(level, place): bytes.fromhex(hashed) for level, place, hashed in rows})
    return found


def newest_checkpoint(session: Session) -> str:
    """The newest checkpoint, or nothing where no log has begun."""
    return session.scalar(select(LogCheckpoint.text).order_by(LogCheckpoint.size.desc()).limit(1)) or ""


def checkpoint_from(session: Session, least: int) -> LogCheckpoint | None:
    """The first checkpoint of at least that size, or none."""
    chosen = select(LogCheckpoint).where(LogCheckpoint.size >= least).order_by(LogCheckpoint.size).limit(1)
    return session.scalars(chosen).one_or_none()


def leaves(session: Session, start: int, count: int) -> list[Entry]:
    """The leaves from number `start` on, at most `count`."""
    chosen = select(Leaf.number, Leaf.body).where(Leaf.number >= start).order_by(Leaf.number).limit(count)
    return [Entry(*row) for row in session.execute(chosen)]


def inclusion(session: Session, index: int, of_size: int | None) -> LogProof:
    """That the leaf at `index` stands in the log at a size that has a checkpoint: the newest, if none is said.

    Raises NotFound where there is none of that size, or no such leaf in it.
    """
    checkpoint = _checkpoint(session, of_size)
    body = session.scalar(select(Leaf.body).where(Leaf.number == index))
    if body is None or index >= checkpoint.size:
        raise NotFound
    return _proof(session, [Entry(index, body)], checkpoint)


def consistency(session: Session, first: int, second: int | None) -> tuple[LogCheckpoint, list[bytes]]:
    """That the log of `first` leaves is the beginning of that of `second` (the newest, if none is said).

    The checkpoint at the second size, where there is one for it. Raises NotFound.
    """
    checkpoint = _checkpoint(session, second)
    if not 0 < first <= checkpoint.size:
        raise NotFound
    wanted = merkle.wanted(lambda given: merkle.consistency(first, checkpoint.size, given))
    found = nodes(session, wanted)
    return checkpoint, merkle.consistency(first, checkpoint.size, lambda level, place: found[level, place])


def of_statement(session: Session, statement_id: int) -> LogProof:
    """All leaves of a published statement, in the log as it was when the last of them was entered. Raises NotFound."""
    rows = session.execute(
        select(Leaf.number, Leaf.body).where(Leaf.statement_id == statement_id).order_by(Leaf.number)
    ).all()
    if not rows:
        raise NotFound
    checkpoint = checkpoint_from(session, rows[-1].number + 1)
    if checkpoint is None:
        raise NotFound
    return _proof(session, [Entry(*row) for row in rows], checkpoint)


def _checkpoint(session: Session, of_size: int | None) -> LogCheckpoint:
    chosen = select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1)
    found = session.scalars(chosen if of_size is None else chosen.where(LogCheckpoint.size == of_size)).one_or_none()
    if found is None:
        raise NotFound
    return found


def _proof(session: Session, entries: Sequence[Entry], checkpoint: LogCheckpoint) -> LogProof:
    def of_all(given: merkle.Nodes) -> list[list[bytes]]:
        return [merkle.inclusion(one.index, checkpoint.size, given) for one in entries]

    found = nodes(session, merkle.wanted(of_all))
    paths = of_all(lambda level, place: found[level, place])
    proofs = [ProofOfLeaf(one.index, one.body, tuple(path)) for one, path in zip(entries, paths, strict=True)]
    told = [one for one in keys(session) if one.leaf < checkpoint.size]
    return LogProof(checkpoint.size, checkpoint.text, tuple(proofs), tuple(told))


def unlogged(session: Session) -> Iterator[Unlogged]:
    """Every publication and note there is, in the order of their instants: what a log that begins enters first."""
    found: list[Unlogged] = []
    digests: dict[int, str] = {}
    for publication in session.scalars(select(Publication).order_by(Publication.id)):
        values = json.loads(publication.record)
        digests[publication.statement_id] = publication.record_digest
        told = Unlogged(publication, publication.published_at, values["statement"]["digest"], values["chain_head"])
        found.append(told)
    rows = session.execute(select(Note, Event.body).join(Event, Event.hash == Note.event_hash).order_by(Note.id))
    for note, body in rows:
        said = json.loads(body)["facts"]["said"]
        found.append(Unlogged(note, note.noted_at, record_digest=digests[note.statement_id], said=said))
    # Python's sort keeps the order of equals: a publication stands before its own notes.
    yield from sorted(found, key=lambda one: one.at)
