"""An answer that is ready: the bytes of one public address in every encoding, and what of them goes to whom.

Nothing in here knows Flask or a database: what comes in are headers as typed, what goes out is what is sent.
"""

import gzip
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import brotli

Headers = list[tuple[str, str]]
Answer = tuple[str, Headers, bytes]

SMALLEST_TO_COMPRESS = 512
# Above this the last percents of size cost more time than they save.
SMALL = 100_000
TEXTUAL = re.compile(r"text/|application/(json|xml|javascript|x-ndjson)\b|[\w./-]+\+(xml|json)\b")
# Written anew for each encoding.
OWN = ("etag", "content-length", "vary", "accept-ranges")
ABOUT_THE_BODY = ("Content-Type", "Content-Length", "Content-Encoding", "Accept-Ranges")
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
OK, PARTIAL, UNCHANGED = "200 OK", "206 PARTIAL CONTENT", "304 NOT MODIFIED"
OUTSIDE = "416 REQUESTED RANGE NOT SATISFIABLE"


@dataclass(frozen=True, slots=True)
class Encoded:
    """One representation: its bytes, its own ETag, the headers of 200 and of 304."""

    body: bytes
    etag: str
    headers: Headers
    unchanged: Headers


class Ready:
    """The whole answer of one address; compressed when somebody first asks for it that way, and once."""

    def __init__(self, headers: Sequence[tuple[str, str]], body: bytes) -> None:
        named = {name.lower(): value for name, value in headers}
        self._kept = [(name, value) for name, value in headers if name.lower() not in OWN]
        self._vary = named.get("vary", "")
        etag = named.get("etag", "")
        strong = etag.startswith('"') and len(etag) > 2
        self._etag = etag.strip('"') if strong else hashlib.sha256(body).hexdigest()[:32]
        textual = TEXTUAL.match(named.get("content-type", "")) is not None
        self.compressible = textual and len(body) >= SMALLEST_TO_COMPRESS and "content-encoding" not in named
        self._encoded = {"": self._represented(body, "")}
        self.plain = self._encoded[""]
        # Compressed text is smaller than half of itself; three lists of headers are no more than this.
        self.size = len(body) * (2 if self.compressible else 1) + 8_000

    def answer(self, environ: Mapping[str, str]) -> Answer:
        """Status, headers and body for a GET or HEAD with these variables of WSGI."""
        if "HTTP_RANGE" in environ and environ["REQUEST_METHOD"] == "GET":
            return self._part(environ)
        shown = self._chosen(environ.get("HTTP_ACCEPT_ENCODING", "")) if self.compressible else self.plain
        held = environ.get("HTTP_IF_NONE_MATCH")
        if held is not None and _holds(held, shown.etag):
            return UNCHANGED, shown.unchanged, b""
        return OK, shown.headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else shown.body

    def _chosen(self, accepted: str) -> Encoded:
        encoding = encoding_for(accepted)
        found = self._encoded.get(encoding)
        if found is None:
            # Two threads may both do it: the bytes are the same.
            found = self._encoded[encoding] = self._represented(_compressed(self.plain.body, encoding), encoding)
        return found

    def _represented(self, body: bytes, encoding: str) -> Encoded:
        etag = f'"{self._etag}-{encoding}"' if encoding else f'"{self._etag}"'
        vary = ", ".join([*([self._vary] if self._vary else []), *(["Accept-Encoding"] if self.compressible else [])])
        headers = [
            *self._kept,
            ("ETag", etag),
            *([("Vary", vary)] if vary else []),
            ("Content-Encoding", encoding) if encoding else ("Accept-Ranges", "bytes"),
            ("Content-Length", str(len(body))),
        ]
        return Encoded(body, etag, headers, [pair for pair in headers if pair[0] not in ABOUT_THE_BODY])

    def _part(self, environ: Mapping[str, str]) -> Answer:
        """A range of the plain bytes; the whole where it is not one range, or of other bytes than these."""
        shown = self.plain
        held = environ.get("HTTP_IF_NONE_MATCH")
        if held is not None and _holds(held, shown.etag):
            return UNCHANGED, shown.unchanged, b""
        bounds = _bounds(environ["HTTP_RANGE"].strip(), len(shown.body))
        # By date nobody is served a part: an answer may be younger than the day it bears.
        if bounds is None or environ.get("HTTP_IF_RANGE", shown.etag) != shown.etag:
            return OK, shown.headers, shown.body
        (first, last), length = bounds, len(shown.body)
        rest = [pair for pair in shown.headers if pair[0] != "Content-Length"]
        if first > last:
            told = [("Content-Range", f"bytes */{length}"), ("Content-Length", "0")]
            return OUTSIDE, [*rest, *told], b""
        part = shown.body[first : last + 1]
        told = [("Content-Range", f"bytes {first}-{last}/{length}"), ("Content-Length", str(len(part)))]
        return PARTIAL, [*rest, *told], part


def _bounds(asked: str, length: int) -> tuple[int, int] | None:
    """The first and last byte asked for; the first after the last where there is none such, None if not one range."""
    found = RANGE.fullmatch(asked)
    first, last = found.groups() if found else ("", "")
    if not (first or last) or (first and last and int(last) < int(first)):
        return None
    if not first:
        return (max(length - int(last), 0), length - 1) if int(last) else (1, 0)
    begun = int(first)
    return (begun, min(int(last), length - 1) if last else length - 1) if begun < length else (1, 0)


def _holds(held: str, etag: str) -> bool:
    """Whether an If-None-Match names this ETag (compared weakly), or any."""
    if held == etag:
        return True
    tags = {tag.strip().removeprefix("W/") for tag in held.split(",")}
    return etag in tags or "*" in tags


@lru_cache(maxsize=1024)
def encoding_for(accepted: str) -> str:
    """ "br", "gzip" or "" for plain: what an Accept-Encoding likes best, the smaller where it likes them alike."""
    likes: dict[str, float] = {}
    for one in accepted.lower().split(","):
        name, _, said = one.strip().partition(";")
        quality = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", said) if said else None
        likes[name.strip()] = float(quality.group(1)) if quality else 0.0 if said else 1.0
    best = max(("br", "gzip"), key=lambda name: likes.get(name, likes.get("*", 0.0)))  # the first of equals
    liked = likes.get(best, likes.get("*", 0.0))
    return best if liked > 0 and liked >= likes.get("identity", 0.0) else ""


def _compressed(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(body, quality=9 if len(body) <= SMALL else 5))
    return gzip.compress(body, 9 if len(body) <= SMALL else 6, mtime=0)
