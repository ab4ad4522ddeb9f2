"""Entering into the public log: the one step that publications, notes and keys share, in the transaction of each.

Whoever enters has the statement row already and takes the log after it, so that entries stand one after the other and
nobody waits in a circle. The private key is used here and nowhere else: what is served was signed when it was entered.
"""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from workflow.db import SIGNING_KEY, Base
from workflow.keys import KeyRefused, SigningKey
from workflow.models.log import Leaf, LogCheckpoint, LogKey, RecordSignature, TreeNode
from workflow.models.notes import Note
from workflow.models.publication import Publication
from workflow.queries import log as looking
from workflow.rules.log import LoggedNote, key_leaf, note_leaf, publication_leaf, rotation_text
from workflow.text import merkle, signing_forms
from workflow.text.digest import canonical_json
from workflow.text.instants import iso
from workflow.text.signed_note import checkpoint_text, signed, verifier_key

# PostgreSQL: who enters waits for who is entering. (SQLite has one writer at a time anyway.)
ADVISORY_LOCK = 8_261_406_114


class OpenLog:
    """The log in the hands of the one transaction that may write it; what was entered is written by `close`."""

    def __init__(self, session: Session, key: SigningKey, now: datetime) -> None:
        self._session, self._key, self._now = session, key, now
        newest = looking.newest_key(session)
        self.key_number = newest.number if newest else 0
        self.origin = newest.origin if newest else key.origin
        self.size = (session.scalar(select(func.max(Leaf.number))) or 0) + 1 if newest else 0
        self._nodes = looking.nodes(session, merkle.wanted(lambda nodes: merkle.root(self.size, nodes)))
        self._rows: dict[type[Base], list[dict[str, Any]]] = {Leaf: [], TreeNode: [], LogCheckpoint: []}

    def enter(self, leaf: dict[str, object], statement_id: int | None = None, also: SigningKey | None = None) -> int:
        """Put a leaf at the end, and the checkpoint after it, which `also` signs too; the number of the leaf."""
        number, body = self.size, canonical_json(leaf)
        for level, place, found in list(merkle.completed(number, merkle.leaf_hash(body.encode()), self._node)):
            self._nodes[level, place] = found
            self._rows[TreeNode].append({"level": level, "place": place, "hash": found.hex()})
        self._rows[Leaf].append({"number": number, "body": body, "statement_id": statement_id})
        self.size += 1
        told = checkpoint_text(self.origin, self.size, merkle.root(self.size, self._node))
        keys = {one.public: one.sign for one in (self._key, also) if one is not None}
        self._rows[LogCheckpoint].append({"size": self.size, "text": signed(told, self.origin, keys)})
        return number

    def enter_key(self, before: SigningKey | None = None) -> None:
        """Tell of the key that signs from now on; `before` is the one that signed until now."""
        public, at = self._key.public, iso(self._now)
        note = ""
        if before is not None:
            old, new = (verifier_key(self.origin, one) for one in (before.public, public))
            told = rotation_text(self.origin, old, new, at)
            note = signed(told, self.origin, {before.public: before.sign, public: self._key.sign})
        previous = before.public.hex() if before else ""
        digest = hashlib.sha256(note.encode()).hexdigest() if before else ""
        leaf = self.enter(key_leaf(self.origin, public.hex(), at, previous, digest), also=before)
        self.key_number += 1
        row = {"number": self.key_number, "public": public.hex(), "origin": self.origin, "statement": note}
        self._session.execute(insert(LogKey).values(**row, leaf=leaf, since=self._now))

    def enter_publication(self, publication: Publication, text_digest: str, chain_head: str) -> None:
        """Sign a record in all forms, and tell of it."""
        at = iso(publication.published_at)
        comment = f"record {publication.record_digest} published {at}"
        made = signing_forms.signatures(publication.record.encode(), self._key.public, self._key.sign, comment)
        row = {"statement_id": publication.statement_id, "public": self._key.public.hex()}
        self._session.execute(insert(RecordSignature).values(**row, raw=made.raw, minisign=made.minisign, ssh=made.ssh))
        leaf = publication_leaf(publication.record_digest, text_digest, chain_head, at)
        self.enter(leaf, publication.statement_id)

    def enter_note(self, note: Note, record_digest: str, said: str) -> None:
        """Tell of a note; `said` is the commitment to its words."""
        told = LoggedNote(
            kind=note.kind,
            record=record_digest,
            at=iso(note.noted_at),
            event=note.event_hash,
            said=said,
            signatory=note.commitment,
            replaced_by=note.replaced_by,
        )
        self.enter(note_leaf(told), note.statement_id)

    def close(self) -> None:
        """Write what was entered."""
        for table, rows in self._rows.items():
            self._session.execute(insert(table), rows)

    def _node(self, level: int, place: int) -> bytes:
        return self._nodes[level, place]


def open_log(session: Session, now: datetime) -> OpenLog:
    """Take the log; a new one begins with its key and with what was published before. Raises KeyRefused.

    The caller holds the row of its statement, and has not yet written what it is going to enter.
    """
    key = key_of(session)
    take_log(session)
    newest = looking.newest_key(session)
    # It may have been rotated since this process read it.
    if newest is not None and newest.public != key.public.hex() and not key.become(bytes.fromhex(newest.public)):
        raise KeyRefused("The signing key is not the one that the log was last signed with.")
    log = OpenLog(session, key, now)
    if newest is None:
        if log.size or session.scalar(select(func.count()).select_from(Leaf)):
            raise KeyRefused("The log has entries, and no key: its database is not whole.")
        log.enter_key()
        _enter_what_was_before(session, log)
    return log


def key_of(session: Session) -> SigningKey:
    """The signing key that this session was given. Raises KeyRefused where it was given none."""
    key = session.info.get(SIGNING_KEY)
    if not isinstance(key, SigningKey):
        raise KeyRefused("This session was given no signing key, so nothing can be published by it.")
    return key


def take_log(session: Session) -> None:
    """Wait until nobody else writes the log, and keep others from it until the transaction ends."""
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})


def _enter_what_was_before(session: Session, log: OpenLog) -> None:
    """Publications and notes of an installation that had no log, in the order of their instants."""
    for row in looking.unlogged(session):
        if isinstance(row.what, Publication):
            log.enter_publication(row.what, row.text_digest, row.chain_head)
        else:
            log.enter_note(row.what, row.record_digest, row.said)
