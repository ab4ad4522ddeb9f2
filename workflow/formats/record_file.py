"""The record of a publication as files: its very bytes, and JSON with what is disclosed and noted beside it."""

import json
from typing import Any

import rfc8785

from workflow.formats.public_parts import Disclosed, Translated
from workflow.formats.record import PublicStatement
from workflow.text.instants import iso


def record_file(found: PublicStatement) -> bytes:
    """Exactly the bytes whose SHA-256 is the record digest."""
    return found.record.encode()


def json_file(found: PublicStatement) -> bytes:
    """Canonical JSON (RFC 8785) of record, record digest, what is disclosed beside it, and the notes since.

    Of another edition than the authoritative one: its language too, and what is disclosed in the order of its list.
    """
    return rfc8785.dumps(
        {
            **({"language": found.language} if found.language else {}),
            "record": found.values,
            "record_digest": found.record_digest,
            "disclosures": [_disclosed(one) for one in sorted(found.disclosures, key=found.rank)],
            **({"persons": [_disclosed(one) for one in found.persons]} if found.persons else {}),
            **({"notes": _noted(found)} if found.notes else {}),
        }
    )


def _disclosed(one: Disclosed) -> dict[str, Any]:
    return {"commitment": one.commitment, "salt": one.salt, "value": one.value}


def _translated(found: PublicStatement, one: Translated) -> dict[str, Any]:
    lead = found.who_approved(one)
    approved = {"approved_by": lead} if lead else {}
    return {"language": one.language, "digest": one.digest, **approved, "content": json.loads(one.content)}


def _noted(found: PublicStatement) -> list[dict[str, Any]]:
    """The notes; one that brings a name of its own (a late signatory, a mended name) discloses it."""
    beside = {one.commitment: _disclosed(one) for one in found.beside}
    return [
        {
            name: value
            for name, value in {
                "kind": note.kind.value,
                "at": iso(note.at),
                "text": note.text,
                "signatory": note.commitment,
                "replaced_by": note.replaced_by,
                "disclosure": beside.get(note.replaced_by or note.commitment or ""),
                "event": note.event,
                "said": note.said,
                "salt": note.salt,
                "translation": _translated(found, note.translation) if note.translation else None,
            }.items()
            if value
        }
        for note in found.notes
    ]
