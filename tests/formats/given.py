"""Publications as values, without a database: what the forms are functions of."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tests.formats.publishing import SEVEN, TWIN
from workflow.formats.public_parts import Disclosed, PublicNote
from workflow.formats.record import PublicStatement
from workflow.rules.publication import SignedBy, record
from workflow.text.content import Content, Edition
from workflow.text.digest import canonical, canonical_json, digest

AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
ADDRESS = "https://sign.example.org/statements/valley"
INSTANTS = {
    "circulated": "2027-02-27T09:00:00Z",
    "deadline": "2027-03-02T09:00:00Z",
    "locked": "2027-03-01T09:00:00Z",
    "published": "2027-03-01T09:00:00Z",
}


def commitment(name: str) -> str:
    """Stands in the record for a name."""
    return hashlib.sha256(name.encode()).hexdigest()


def published(
    edition: Edition = TWIN,
    names: Sequence[str] = tuple(sorted(SEVEN)),
    notes: Sequence[PublicNote] = (),
    withheld: Sequence[str] = (),
    style: str = "line",
    **more: Any,
) -> PublicStatement:
    """A publication signed by these names, of which some are withheld."""
    content = Content((edition,))
    signed = digest(content)
    listing = tuple(map(commitment, names))
    written = canonical_json(
        record(
            slug="valley",
            kind=edition.kind,
            revision=3,
            digest=signed,
            content=json.loads(canonical(content)),
            rule={"required": "all"},
            instants=INSTANTS,
            signatories=[SignedBy(one, 3, signed, "2027-03-01T08:00:00Z") for one in listing],
            chain_head="ab" * 32,
        )
    )
    return PublicStatement(
        statement_id=1,
        slug="valley",
        record=written,
        record_digest=hashlib.sha256(written.encode()).hexdigest(),
        published_at=AT,
        listing=listing,
        disclosures=tuple(
            Disclosed(commitment(one), "salt", {"listed_name": one}) for one in names if one not in withheld
        ),
        notes=tuple(notes),
        manner=json.dumps({"style": style}),
        **more,
    )
