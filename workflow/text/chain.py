"""The hash chain of a statement's history: each event's hash covers the one before it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workflow.text.digest import canonical_json

START = "0" * 64


@dataclass(frozen=True)
class Link:
    """One event as the chain sees it: its number (from 1), canonical body, and the two hashes (hex)."""

    number: int
    body: str
    previous: str
    hash: str


def body(statement: str, number: int, kind: str, at: str, facts: Mapping[str, object]) -> str:
    """The canonical JSON (RFC 8785) of an event; `statement` is its public id, `at` an ISO 8601 instant."""
    event = {"statement": statement, "number": number, "kind": kind, "at": at, "facts": dict(facts)}
    return canonical_json(event)


def hash_after(previous: str, event_body: str) -> str:
    """The hash (SHA-256, hex) of an event: over the previous hash and its canonical body."""
    return hashlib.sha256(f"{previous}\n{event_body}".encode()).hexdigest()


def broken_at(links: Iterable[Link]) -> int | None:
    """The number of the first event that does not fit the chain, or None where the chain holds."""
    previous = START
    expected = 1
    for link in links:
        if link.number != expected or link.previous != previous:
            return expected
        if hash_after(previous, link.body) != link.hash:
            return expected
        previous = link.hash
        expected += 1
    return None
