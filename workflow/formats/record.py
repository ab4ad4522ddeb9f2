"""A publication as one value, and its forms for machines: what every other public form is drawn from."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import rfc8785

from workflow.text import digest
from workflow.text.content import Edition

# Nobody can confirm a name with these in it; one that came by another way must not turn the line around it.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Disclosed:
    """A value that is served beside the record, with the salt that binds it to its commitment."""

    commitment: str
    salt: str
    value: Any


@dataclass(frozen=True)
class Carried:
    """An earlier text to which `signatories` signed, and from which editorial changes led to the published one."""

    revision: int
    digest: str
    edition: Edition
    signatories: int


@dataclass(frozen=True)
class PublicStatement:
    """A published statement with all that is public about it.

    `record` is canonical JSON and never changes. `listing` names the commitments of the signatories in the order
    in which they are listed; `disclosures`, in the same order, lacks those whose name was taken back.
    """

    statement_id: int
    slug: str
    record: str
    record_digest: str
    published_at: datetime
    listing: tuple[str, ...]
    disclosures: tuple[Disclosed, ...]

    @cached_property
    def values(self) -> dict[str, Any]:
        """The record as values."""
        parsed: dict[str, Any] = json.loads(self.record)
        return parsed

    @cached_property
    def edition(self) -> Edition:
        """The authoritative edition of the text."""
        return digest.parse(json.dumps(self.values["statement"]["content"])).authoritative

    @property
    def digest(self) -> str:
        """The digest of the text: what every signatory signed, but for those whose sign-offs were carried over."""
        return str(self.values["statement"]["digest"])

    @cached_property
    def carried(self) -> tuple[Carried, ...]:
        """The earlier texts whose sign-offs the editorial rule kept, oldest first; mostly none."""
        signed = [one["revision"] for one in self.values["signatories"]]
        return tuple(
            Carried(
                one["revision"],
                one["digest"],
                digest.parse(json.dumps(one["content"])).authoritative,
                signed.count(one["revision"]),
            )
            for one in self.values.get("carried_over", {}).get("revisions", ())
        )

    @property
    def chain_head(self) -> str:
        """The head of the statement's history when it was published."""
        return str(self.values["chain_head"])

    @cached_property
    def disclosed(self) -> frozenset[str]:
        """Commitments whose names are public."""
        return frozenset(one.commitment for one in self.disclosures)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The signatories that are named, as each confirmed its name, in the order of the listing."""
        return tuple(TURNING.sub("", str(one.value["listed_name"])) for one in self.disclosures)

    @property
    def unnamed(self) -> int:
        """How many signatories are counted, but not named."""
        return len(self.listing) - len(self.names)


def record_file(found: PublicStatement) -> bytes:
    """Exactly the bytes whose SHA-256 is the record digest."""
    return found.record.encode()


def json_file(found: PublicStatement) -> bytes:
    """Canonical JSON (RFC 8785) of record, record digest and what is disclosed beside it."""
    return rfc8785.dumps(
        {
            "record": found.values,
            "record_digest": found.record_digest,
            "disclosures": [
                {"commitment": one.commitment, "salt": one.salt, "value": one.value} for one in found.disclosures
            ],
        }
    )
