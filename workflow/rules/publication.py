"""What becomes public: the slug of an address, and the public record of a publication."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

RECORD_FORMAT = "publication-record/1"
LONGEST_SLUG = 80
# With its endings it is the name of a file in an export, and no system takes more than 255 bytes of that.
MOST_BYTES_OF_SLUG = 180
LAST_LATIN = "\u024f"
VOWEL_POINTS = range(10, 37)  # combining classes of the points of Hebrew, Arabic and Syriac


class FileKind(StrEnum):
    """The forms of a publication that are made beforehand, by how their names end. The last holds the others."""

    PDF = "pdf"
    CARD = "png"
    KIT = "zip"


def slug(headline: str) -> str:
    """An address for a headline: lower-case words of letters and digits in any script, joined by hyphens.

    Accents on Latin letters are dropped, and the points that Arabic and Hebrew can be read without.
    Returns "statement" where nothing is left.
    """
    made = ""
    for word in unicodedata.normalize("NFC", _letters(headline)).lower().split():
        longer = f"{made}-{word}" if made else _cut(word)
        if longer != _cut(longer):
            break
        made = longer
    return made or "statement"


def _cut(text: str) -> str:
    """As much of a text as an address has room for."""
    return text[:LONGEST_SLUG].encode()[:MOST_BYTES_OF_SLUG].decode(errors="ignore")


def _letters(headline: str) -> str:
    """Letters, digits and the marks that belong to them; everything else is a blank."""
    kept, base = "", ""
    for char in unicodedata.normalize("NFKD", headline):
        group = unicodedata.category(char)[0]
        if group == "M":
            # Without its mark a letter of most scripts is another letter; a Latin one can do without.
            if base.isalnum() and base > LAST_LATIN and unicodedata.combining(char) not in VOWEL_POINTS:
                kept += char
            continue
        base = char
        kept += char if group in "LN" else " "
    return kept


def slugs(headline: str, spare: str) -> Iterator[str]:
    """Addresses to try in turn, until one is free; the last carries `spare`, which is unique."""
    base = slug(headline)
    yield base
    for number in range(2, 10):
        yield f"{base}-{number}"
    yield f"{base}-{spare}"


@dataclass(frozen=True)
class SignedBy:
    """One signatory in the record: the commitment to its listed name, what it signed and when (ISO 8601).

    `person` is the commitment to who signed, where that person is listed beside it.
    `recorded`: the lead wrote it down on somebody's word, and the organisation confirmed it or did not contradict.
    """

    commitment: str
    revision: int
    digest: str
    signed_at: str
    person: str | None = None
    recorded: bool = False


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
    quotes: Sequence[Mapping[str, object]] = (),
    carried_over: Mapping[str, object] | None = None,
    adopted_by: str = "",
    counts: Mapping[str, int] | None = None,
) -> dict[str, object]:
    """The public record, ready for RFC 8785. Commitments are sorted, so that position tells nothing.

    `quotes` says who approved each quote; `carried_over`, where the editorial rule kept sign-offs, by which changes
    and from which texts, which stand there whole; `adopted_by` names the coalition whose silence adopted the text;
    `counts` are filled in where the text as it was signed has a place for them.
    """
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
                **({"person": one.person} if one.person else {}),
                **({"recorded": True} if one.recorded else {}),
            }
            for one in sorted(signatories, key=lambda one: one.commitment)
        ],
        "chain_head": chain_head,
        **({"quotes": list(quotes)} if quotes else {}),
        **({"carried_over": carried_over} if carried_over else {}),
        **({"adopted_by": adopted_by} if adopted_by else {}),
        **({"counts": counts} if counts else {}),
    }
