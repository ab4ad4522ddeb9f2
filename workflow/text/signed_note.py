"""Signed notes and checkpoints in the form of C2SP (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).

A note is text that ends in a line feed, an empty line, and a line for each signature. A checkpoint is a note of three
lines: the name of the log (its origin), how many leaves there are, and the root of their tree.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

DASH = "\u2014"
ED25519 = b"\x01"
SIGNATURE_LINE = re.compile(rf"{DASH} (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+={{0,2}})")
CHECKPOINT = re.compile(
    r"(?m)^(?P<origin>[^\s+]+)\n(?P<size>0|[1-9][0-9]{0,17})\n(?P<root>[A-Za-z0-9+/]{43}=)\n\n"
    rf"(?P<signatures>(?:{DASH} [^\s+]+ [A-Za-z0-9+/]+={{0,2}}(?:\n|$))+)"
)
MOST_SIGNATURES = 16

# Says whether a signature over these bytes is of the key (32 bytes).
Verify = Callable[[bytes, bytes, bytes], bool]


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: its origin, how many leaves, their root; and the note as it was signed."""

    origin: str
    size: int
    root: bytes
    text: str


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes by which a note names an Ed25519 key."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """The key as verifiers of notes take it: name, id and key, between plus signs."""
    return f"{name}+{key_id(name, public).hex()}+{_base64(ED25519 + public)}"


def signed(text: str, name: str, keys: Mapping[bytes, Callable[[bytes], bytes]]) -> str:
    """The note over `text`, signed under `name` by each of `keys` (public key: what signs with it), in that order."""
    if not text.endswith("\n") or "\n\n" in text or any(char < " " and char != "\n" for char in text):
        raise ValueError("this cannot be the text of a note")
    lines = [f"{DASH} {name} {_base64(key_id(name, public) + sign(text.encode()))}\n" for public, sign in keys.items()]
    return f"{text}\n{''.join(lines)}"


def opened(note: str, name: str, public: bytes, verify: Verify) -> str | None:
    """The text of a note, if the key signed it under `name`; else None."""
    text, middle, tail = note.rpartition("\n\n")
    lines = tail.split("\n")
    if not middle or lines[-1] or len(lines) - 1 > MOST_SIGNATURES:
        return None
    for line in lines[:-1]:
        found = SIGNATURE_LINE.fullmatch(line)
        if found is None:
            return None
        given = _bytes(found["signature"])
        if found["name"] == name and given[:4] == key_id(name, public):
            return text + "\n" if verify(public, given[4:], (text + "\n").encode()) else None
    return None


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """The text of a checkpoint, yet to be signed."""
    return f"{origin}\n{size}\n{_base64(root)}\n"


def checkpoints_in(text: str) -> Iterator[Checkpoint]:
    """Every checkpoint that stands in `text`, be it alone, in a mail or in a page; unverified."""
    # A mail may have lines that end otherwise, begin with a quotation mark, or have blanks around them.
    lines = [line.strip(" \t>") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    for found in CHECKPOINT.finditer("\n".join(lines)):
        head = f"{found['origin']}\n{found['size']}\n{found['root']}\n"
        note = f"{head}\n{found['signatures'].rstrip()}\n"
        yield Checkpoint(found["origin"], int(found["size"]), _bytes(found["root"]), note)


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        return b""
