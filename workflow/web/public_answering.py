"""How the public side answers: bytes with their headers, kept by this process, and 304 to who has them."""

import hashlib
from collections.abc import Iterable

from flask import Response, current_app, request, url_for

from workflow.queries import publication
from workflow.rules.refusals import NotFound
from workflow.web import house
from workflow.web.openly import POLICY
from workflow.web.public_shelf import Kept, Rendered, Shelf

SHELF = "public-shelf"
# Kept, and asked for anew each time (304 mostly): a publication is seen at once, and so is a name taken back.
CACHING = "public, no-cache"
PAGE_SIZE = 20
LONGEST_PAGE_NUMBER = 6


def shelf() -> Shelf:
    """What this application keeps."""
    found: Shelf = current_app.extensions[SHELF]
    return found


def kept_at(slug: str) -> Kept:
    """The publication at `slug` as it stands now, with what was rendered of it. Raises NotFound."""
    session = house.session()
    kept = shelf().get(slug)
    if kept is None or not kept.still_true(publication.standing_now(session, kept.statement_ids)):
        shelf().drop(slug)
        found = publication.by_slug(session, slug)
        if found is None:
            raise NotFound
        kept = shelf().put(slug, Kept((found,)))
    return kept


def page_asked_for() -> int:
    """The number of the page in the address, from 1; 0 where that is no number."""
    typed = request.args.get("page", "1")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_PAGE_NUMBER else 0


def absolute(path: str) -> str:
    """The whole address of a path here."""
    return house.settings().base_url + path


def address_of(slug: str) -> str:
    """The address of a publication."""
    return absolute(url_for("public.statement", slug=slug))


def rendered(
    body: str | bytes,
    content_type: str,
    headers: Iterable[tuple[str, str]] = (),
    *,
    vary: str = "",
    policy: str = POLICY,
) -> Rendered:
    """An answer to be kept and sent."""
    content = body.encode() if isinstance(body, str) else body
    etag = hashlib.sha256(content).hexdigest()[:32]
    sent = [
        ("Content-Type", content_type),
        ("ETag", f'"{etag}"'),
        ("Cache-Control", CACHING),
        ("Content-Security-Policy", policy),
        *([("Vary", vary)] if vary else []),
        *headers,
    ]
    return Rendered(content, etag, tuple(sent))


def send(answer: Rendered) -> Response:
    """The answer, or 304 to who has these bytes. By date nobody is told "not modified": see `public._render`."""
    if "If-None-Match" in request.headers and request.if_none_match.contains_weak(answer.etag):
        unchanged = [pair for pair in answer.headers if pair[0] != "Content-Type"]
        return Response(status=304, headers=unchanged)
    return Response(answer.body, headers=list(answer.headers))
