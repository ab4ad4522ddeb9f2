"""What becomes public: the slug of an address, and the public record of a publication."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

RECORD_FORMAT = "publication-record/1"
LONGEST_SLUG = 80


def slug(headline: str) -> str:
    """An address for a headline: lower-case words of letters and digits in any script, joined by hyphens.

    Accents on Latin letters are dropped. Returns "statement" where nothing is left.
    """
    folded = "".join(char for char in unicodedata.normalize("NFKD", headline) if not unicodedata.combining(char))
    text = unicodedata.normalize("NFC", folded).lower()
    words = re.findall(r"[^\W_]+", text)
    made = ""
    for word in words:
        longer = f"{made}-{word}" if made else word[:LONGEST_SLUG]
        if len(longer) > LONGEST_SLUG:
            break
        made = longer
    return made or "statement"


def slugs(headline: str, spare: str) -> Iterator[str]:
    """Addresses to try in turn, until one is free; the last carries `spare`, which is unique."""
    base = slug(headline)
    yield base
    for number in range(2, 10):
        yield f"{base}-{number}"
    yield f"{base}-{spare}"


@dataclass(frozen=True)
class SignedBy:
    """One signatory in the record: the commitment to its listed name, what it signed and when (ISO 8601)."""

    commitment: str
    revision: int
    digest: str
    signed_at: str


def record(  # one argument for each part of the record
    *,
    slug: str,
    kind: str,
    revision: int,
    digest: str,
    content: Mapping[str, object],
    rule: Mapping[str, object],
    instants: Mapping[str, str],
    signatories: Sequence[SignedBy],
    chain_head: str,
) -> dict[str, object]:
    """The public record, ready for RFC 8785. Commitments are sorted, so that position tells nothing."""
    return {
        "format": RECORD_FORMAT,
        "slug": slug,
        "statement": {"kind": kind, "revision": revision, "digest": digest, "content": content},
        "rule": rule,
        "instants": instants,
        "signatories": [
            {
                "commitment": one.commitment,
                "revision": one.revision,
                "digest": one.digest,
                "signed_at": one.signed_at,
            }
            for one in sorted(signatories, key=lambda one: one.commitment)
        ],
        "chain_head": chain_head,
    }
