"""The bytes a sign-off binds: canonical form of a text, its digest, and salted commitments to names.

Canonical means RFC 8785 over `{"format": …, "editions": […]}` with empty parts left out and strings in NFC
with LF line ends, so that the same words give the same bytes wherever they were typed.
"""

import hashlib
import json
import unicodedata
from dataclasses import asdict, fields
from typing import Any, cast

import rfc8785

from workflow.rules.handing import Colleague
from workflow.rules.noting import Later
from workflow.rules.recording import Word
from workflow.rules.signing import Offered
from workflow.text.content import FORMAT, Content, Edition, MediaContact, Quote


def canonical(content: Content) -> bytes:
    """The canonical bytes of a text: what a digest is taken of and what a record serves."""
    value = {"format": FORMAT, "editions": [_part(edition) for edition in content.editions]}
    return rfc8785.dumps(cast(Any, value))


def digest(content: Content) -> str:
    """SHA-256 of the canonical bytes, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def parse(data: str | bytes) -> Content:
    """The inverse of `canonical`. Raises ValueError for anything that is not a text of this format."""
    value = json.loads(data)
    if not isinstance(value, dict) or value.get("format") != FORMAT or not value.get("editions"):
        raise ValueError(f"not a text of the format {FORMAT}")
    return Content(tuple(_edition(edition) for edition in value["editions"]))


def answer_hash(offered: Offered) -> str:
    """SHA-256 (hex) over the canonical form of an offered answer: what a code is bound to."""
    values = {**asdict(offered), "kind": offered.kind.value if offered.kind else ""}
    values["quotes"] = [{**asdict(one), "decision": one.decision.value} for one in offered.quotes]
    return hashlib.sha256(rfc8785.dumps(values)).hexdigest()


def later_hash(later: Later) -> str:
    """SHA-256 (hex) over the canonical form of what is said after the lock: what a code for it is bound to."""
    values = {**asdict(later), "kind": f"later/{later.kind.value}"}
    return hashlib.sha256(rfc8785.dumps(values)).hexdigest()


def handing_hash(colleague: Colleague) -> str:
    """SHA-256 (hex) over the canonical form of who is to answer instead: what a code for handing over is bound to."""
    return hashlib.sha256(rfc8785.dumps({**asdict(colleague), "kind": "hand-over"})).hexdigest()


def word_hash(recording: str, word: Word) -> str:
    """SHA-256 (hex) over a contact's word to a recording, named by its event: what a code for confirming binds."""
    return hashlib.sha256(rfc8785.dumps({**asdict(word), "kind": f"recorded/{recording}"})).hexdigest()


def quote_digest(quote: Quote) -> str:
    """SHA-256 (hex) of one quote with its speaker: what an organisation's word on it binds."""
    return hashlib.sha256(rfc8785.dumps(cast(Any, _part(quote)))).hexdigest()


def commitment(salt: str, value: object) -> str:
    """SHA-256 over RFC 8785 of [salt, value]: binds a value that is served beside the record, or withheld."""
    return hashlib.sha256(rfc8785.dumps(cast(Any, [salt, value]))).hexdigest()


def _part(part: Edition | Quote | MediaContact) -> dict[str, object]:
    """One part as a JSON object without its empty members."""
    plain = {field.name: _plain(getattr(part, field.name)) for field in fields(part)}
    return {name: value for name, value in plain.items() if value not in ("", [])}


def _plain(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, tuple):
        return [plain for plain in map(_plain, value) if plain not in ("", {})]
    return _part(cast(Quote | MediaContact, value))


def _edition(value: dict[str, Any]) -> Edition:
    given = dict(value)
    for name in ("language", "kind", "headline", "body"):
        given.setdefault(name, "")
    given["quotes"] = tuple(Quote(**{"speaker": "", **quote}) for quote in given.get("quotes", ()))
    given["contacts"] = tuple(MediaContact(**{"name": "", **one}) for one in given.get("contacts", ()))
    for name in ("addressees", "cc"):
        given[name] = tuple(given.get(name, ()))
    try:
        return Edition(**given)
    except TypeError as error:
        raise ValueError(f"not a text of the format {FORMAT}") from error


def canonical_json(value: object) -> str:
    """The RFC 8785 form of plain JSON values, as text."""
    return rfc8785.dumps(value).decode()  # type: ignore[arg-type] # what cannot be dumped raises
