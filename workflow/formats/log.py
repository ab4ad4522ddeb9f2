"""The public log and its keys for machines: leaves, proofs and public keys as canonical JSON (RFC 8785)."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785

from workflow.rules.log import KEYS_FORMAT, PROOF_FORMAT
from workflow.text.instants import iso
from workflow.text.signed_note import verifier_key
from workflow.text.signing_forms import fingerprint, minisign_key, pem, short_name, ssh_key


@dataclass(frozen=True)
class Entry:
    """One leaf: its number, from 0, and its bytes as text."""

    index: int
    body: str


@dataclass(frozen=True)
class KeyTold:
    """A signing key, public half: since when it signs, which leaf tells of it, and what the key before said of it."""

    public: bytes
    origin: str
    since: datetime
    leaf: int
    statement: str = ""


@dataclass(frozen=True)
class ProofOfLeaf:
    """One leaf, and the hashes that lead from it up to the root."""

    index: int
    body: str
    path: tuple[bytes, ...]


@dataclass(frozen=True)
class LogProof:
    """Leaves, with the proof that each stands in the log as `checkpoint` has it; and the keys there were by then."""

    size: int
    checkpoint: str
    leaves: tuple[ProofOfLeaf, ...]
    keys: tuple[KeyTold, ...]


def proof_file(found: LogProof) -> bytes:
    """What lets anybody check, alone and offline, that a log holds these leaves."""
    return _dumped(
        {
            "format": PROOF_FORMAT,
            "size": found.size,
            "checkpoint": found.checkpoint,
            "leaves": [
                {"index": one.index, "leaf": one.body, "proof": [_base64(part) for part in one.path]}
                for one in found.leaves
            ],
            "keys": [key_told(one) for one in found.keys],
        }
    )


def leaves_file(size: int, start: int, found: Sequence[Entry]) -> bytes:
    """A page of leaves. `size` is how many there are in all."""
    told = [{"index": one.index, "leaf": one.body} for one in found]
    return _dumped({"size": size, "start": start, "leaves": told})


def consistency_file(first: int, second: int, proof: Sequence[bytes], checkpoint: str) -> bytes:
    """That one log is the beginning of another."""
    told = {"from": first, "to": second, "proof": [_base64(one) for one in proof], "checkpoint": checkpoint}
    return _dumped(told)


def keys_file(found: Sequence[KeyTold]) -> bytes:
    """All keys, oldest first; the last one signs."""
    return _dumped({"format": KEYS_FORMAT, "keys": [key_told(one) for one in found]})


def key_told(one: KeyTold) -> dict[str, Any]:
    """One key in every form that a tool takes."""
    return {
        "key": one.public.hex(),
        "fingerprint": fingerprint(one.public),
        "name": short_name(one.public),
        "since": iso(one.since),
        "leaf": one.leaf,
        "origin": one.origin,
        "pem": pem(one.public),
        "minisign": minisign_key(one.public),
        "ssh": ssh_key(one.public),
        "note": verifier_key(one.origin, one.public),
        **({"statement": one.statement} if one.statement else {}),
    }


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _dumped(value: Any) -> bytes:
    return rfc8785.dumps(value)
