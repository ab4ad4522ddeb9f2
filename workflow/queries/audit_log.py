"""The audit, continued: the public log itself, its tree, keys and checkpoints, and that each leaf tells of a row."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.keys import verify
from workflow.models.log import Leaf, LogCheckpoint, LogKey, RecordSignature, TreeNode
from workflow.queries.audit_histories import History, Line
from workflow.rules.log import key_leaf, rotation_text
from workflow.text import merkle, signing_forms
from workflow.text.digest import canonical_json
from workflow.text.instants import iso
from workflow.text.signed_note import DASH, Checkpoint, checkpoints_in, opened, verifier_key


@dataclass
class LogSeen:
    """The log as it was found: how many leaves, the tree over them as it must be, its keys, and what is wrong."""

    size: int = 0
    tree: dict[tuple[int, int], bytes] = field(default_factory=dict)
    keys: list[Line] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def root(self, size: int) -> bytes:
        """The root of the first `size` leaves as they are now."""
        return merkle.root(size, lambda level, place: self.tree[level, place])

    def signed_by_a_key_of_ours(self, one: Checkpoint) -> bool:
        """Whether a key of this log signed a checkpoint."""
        return any(opened(one.text, one.origin, bytes.fromhex(key.public), verify) for key in self.keys)


def audit_log(session: Session, found: Sequence[History]) -> LogSeen:
    """Look at the whole log."""
    seen = LogSeen(keys=list(session.execute(select(*LogKey.__table__.c).order_by(LogKey.number)).all()))
    rows = session.execute(select(Leaf.number, Leaf.body, Leaf.statement_id).order_by(Leaf.number)).all()
    seen.wrong += _leaves(seen, rows)
    seen.wrong += _tree(session, seen)
    seen.wrong += _keys(seen, rows)
    seen.wrong += _checkpoints(session, seen)
    seen.wrong += _told(seen, rows, found)
    seen.wrong += _signatures(session, seen, found)
    return seen


def _leaves(seen: LogSeen, rows: Sequence[Line]) -> Iterator[str]:
    """Leaves stand without a gap from 0 on; the tree over them is worked out on the way."""
    for place, row in enumerate(rows):
        if row.number != place:
            yield f"The log has no leaf {place}."
        leaf = merkle.leaf_hash(row.body.encode())
        for level, at, found in list(merkle.completed(place, leaf, lambda *where: seen.tree[where])):
            seen.tree[level, at] = found
    seen.size = len(rows)


def _tree(session: Session, seen: LogSeen) -> Iterator[str]:
    rows = session.execute(select(TreeNode.level, TreeNode.place, TreeNode.hash))
    if {(level, place): hashed for level, place, hashed in rows} != {at: one.hex() for at, one in seen.tree.items()}:
        yield "The hashes of the log are not those of its leaves."


def _keys(seen: LogSeen, rows: Sequence[Line]) -> Iterator[str]:
    """Each key has its leaf, and is named by the one before it."""
    before: Line | None = None
    told = []
    for number, key in enumerate(seen.keys, 1):
        first = before is None and (key.leaf, key.statement) == (0, "")
        if key.number != number or key.origin != seen.keys[0].origin or not (before or first):
            yield f"Key {number} of the log is not the one that was entered."
        if before is not None and not _follows(before, key):
            yield f"Key {number} of the log was not named by the key before it."
        statement = hashlib.sha256(key.statement.encode()).hexdigest() if before else ""
        previous = before.public if before else ""
        leaf = canonical_json(key_leaf(key.origin, key.public, iso(key.since), previous, statement))
        told.append((key.leaf, leaf, None))
        before = key
    there = [(row.number, row.body, row.statement_id) for row in rows if '"kind":"key"' in row.body]
    if there != told:
        yield "The keys are not those that the log tells of."


def _follows(before: Line, key: Line) -> bool:
    """Whether both keys signed that one follows the other."""
    old, new = bytes.fromhex(before.public), bytes.fromhex(key.public)
    before_name, name = (verifier_key(key.origin, one) for one in (old, new))
    text = rotation_text(key.origin, before_name, name, iso(key.since))
    return all(opened(key.statement, key.origin, one, verify) == text for one in (old, new))


def _checkpoints(session: Session, seen: LogSeen) -> Iterator[str]:
    """There is a checkpoint after each leaf, of the log as it is, signed by the key of its time and nobody else.

    The one after a key that follows another is signed by both.
    """
    rows = session.execute(select(LogCheckpoint.size, LogCheckpoint.text).order_by(LogCheckpoint.size)).all()
    if [row.size for row in rows] != list(range(1, seen.size + 1)):
        yield f"The log has {seen.size} leaves, and not a checkpoint after each."
    for row in rows:
        of_its_time = [one for one in seen.keys if one.leaf < row.size]
        signing = [one for one in of_its_time[-2:] if one.leaf == row.size - 1] and of_its_time[-2:]
        if row.size > seen.size or not _is_checkpoint(seen, row, signing or of_its_time[-1:]):
            yield f"The checkpoint of {row.size} leaves is not that of the log."


def _is_checkpoint(seen: LogSeen, row: Line, signing: Sequence[Line]) -> bool:
    """Whether a row is the checkpoint of the log at its size, signed by these keys and by no other."""
    found = list(checkpoints_in(row.text))
    if len(found) != 1 or not signing:
        return False
    (one,) = found
    told = (one.text, one.size, one.origin, one.root)
    return (
        told == (row.text, row.size, signing[-1].origin, seen.root(row.size))
        and one.text.count(DASH) == len(signing)
        and all(opened(one.text, one.origin, bytes.fromhex(key.public), verify) for key in signing)
    )


def _told(seen: LogSeen, rows: Sequence[Line], found: Sequence[History]) -> Iterator[str]:
    """Every publication and every note has exactly one leaf, and every other leaf is of a key."""
    there = Counter((row.statement_id, row.body) for row in rows if row.number not in {key.leaf for key in seen.keys})
    wanted = Counter((one.statement_id, leaf) for one in found for leaf in one.leaves)
    for (statement_id, _), _ in (wanted - there).items():
        yield f"The log does not tell of something that was published of statement {_name(found, statement_id)}."
    for (statement_id, _), _ in (there - wanted).items():
        yield f"The log tells of something that statement {_name(found, statement_id)} does not have."


def _name(found: Sequence[History], statement_id: int | None) -> str:
    return next((one.public_id for one in found if one.statement_id == statement_id), str(statement_id))


def _signatures(session: Session, seen: LogSeen, found: Sequence[History]) -> Iterator[str]:
    """Every record is signed by a key of the log, in all three forms."""
    known = {key.public for key in seen.keys}
    rows = {row.statement_id: row for row in session.execute(select(*RecordSignature.__table__.c))}
    if set(rows) != {one.statement_id for one in found if one.publication is not None}:
        yield "The signatures are not those of the records that are there."
    for one in found:
        row = rows.get(one.statement_id)
        if row is None or one.publication is None:
            continue
        fits = row.public in known and signing_forms.fits(
            signing_forms.Signatures(row.raw, row.minisign, row.ssh),
            one.publication.record.encode(),
            bytes.fromhex(row.public),
            verify,
        )
        if not fits:
            yield f"The signature of the record of statement {one.public_id} is not of a key of the log."
