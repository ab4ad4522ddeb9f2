"""The public log: what its leaves say. A leaf holds digests and commitments, and nobody's name."""

from dataclasses import dataclass

LEAF_FORMAT = "log-leaf/1"
PROOF_FORMAT = "log-proof/1"
KEYS_FORMAT = "signing-keys/1"
ROTATION_FORMAT = "undersigned key rotation/1"
KEY, PUBLICATION = "key", "publication"


@dataclass(frozen=True)
class LoggedNote:
    """One note as its leaf tells of it: the hash of its event, and commitments to its words and to whose it is."""

    kind: str
    record: str
    at: str
    event: str
    said: str
    signatory: str | None = None
    replaced_by: str | None = None


def publication_leaf(record: str, text: str, chain_head: str, at: str) -> dict[str, object]:
    """The leaf of a publication: the digests of its record and of its text, and the head of its history then."""
    return _leaf(PUBLICATION, at, record=record, text=text, chain_head=chain_head)


def note_leaf(note: LoggedNote) -> dict[str, object]:
    """The leaf of a note, which stands beside the record with the digest `record`."""
    beside = {"signatory": note.signatory, "replaced_by": note.replaced_by}
    given = {name: value for name, value in beside.items() if value is not None}
    return _leaf(note.kind, note.at, record=note.record, event=note.event, said=note.said, **given)


def key_leaf(origin: str, key: str, at: str, previous: str = "", statement: str = "") -> dict[str, object]:
    """The leaf of a key (hex): the first one, or one that follows `previous` as a statement with this digest says."""
    after = {"previous": previous, "statement": statement} if previous else {}
    return _leaf(KEY, at, origin=origin, key=key, **after)


def rotation_text(origin: str, before: str, after: str, at: str) -> str:
    """What the key before says of the key after it, yet to be signed; both as verifier keys of notes."""
    return f"{ROTATION_FORMAT}\n{origin}\n{before}\n{after}\n{at}\n"


def _leaf(kind: str, at: str, **more: object) -> dict[str, object]:
    return {"format": LEAF_FORMAT, "kind": kind, "at": at, **more}
