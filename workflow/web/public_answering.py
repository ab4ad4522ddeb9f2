"""How the public side answers: bytes with their headers, kept by this process."""

import hashlib
from collections.abc import Iterable

from flask import Response, current_app, g, request, url_for

from workflow.formats.record import PublicStatement
from workflow.queries import publication
from workflow.queries.public_standing import standing_now
from workflow.rules.refusals import NotFound
from workflow.web import house
from workflow.web.openly import POLICY
from workflow.web.public_shelf import Kept, Rendered, Shelf

SHELF = "public-shelf"
# From us a name taken back is gone within a second; a cache on the way may have its page for half a minute.
CACHING = "public, max-age=5, stale-while-revalidate=25"
PAGE_SIZE = 20
LONGEST_PAGE_NUMBER = 6
# What the page's address gives by Accept; the first is for who asks for nothing of it.
BY_TYPE = {
    "text/html": "page",
    "application/json": "json",
    "text/markdown": "markdown",
    "text/plain": "text",
    "application/pdf": "pdf",
}
IN_EACH_EDITION = frozenset(
    (
        *("statement", "statement_json", "statement_text", "statement_markdown", "embed"),
        *("statement_pdf", "card", "press_kit"),
    )
)


def shelf() -> Shelf:
    """What this application keeps."""
    found: Shelf = current_app.extensions[SHELF]
    return found


def kept_at(slug: str) -> Kept:
    """The publication at `slug` as it stands now, with what was rendered of it. Raises NotFound."""
    session = house.session()
    kept = shelf().get(slug)
    if kept is None or not kept.still_true(standing_now(session, kept.statement_ids)):
        shelf().drop(slug)
        found = publication.by_slug(session, slug)
        if found is None:
            raise NotFound
        kept = shelf().put(slug, Kept((found,)))
    g.about = frozenset(kept.statement_ids)
    return kept


def in_edition(kept: Kept, language: str) -> PublicStatement:
    """What is kept in one of its editions ("": the authoritative one, which has no other name). Raises NotFound."""
    found = kept.publications[0]
    if language and language not in found.languages[1:]:
        raise NotFound
    return found.in_language(language)


def page_asked_for() -> int:
    """The number of the page in the address, from 1; 0 where that is no number. (Files have it in their path.)"""
    if request.view_args and "page" in request.view_args:
        number = int(request.view_args["page"])
        return number if number > 1 else 0  # the first has its address
    typed = request.args.get("page", "1")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_PAGE_NUMBER else 0


def absolute(path: str) -> str:
    """The whole address of a path here."""
    return house.settings().base_url + path


def address_of(slug: str, language: str = "") -> str:
    """The address of a publication in one of its editions."""
    return absolute(url_for("public.statement", slug=slug, language=language or None))


def path_of(endpoint: str, found: PublicStatement) -> str:
    """Where a form of this edition is; what is about the record there is once for all."""
    language = found.language if endpoint in IN_EACH_EDITION else ""
    return url_for(f"public.{endpoint}", slug=found.slug, language=language or None)


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
    """The whole answer. Who has these bytes already, or wants a part, is answered by the door (ready_door)."""
    return Response(answer.body, headers=list(answer.headers))
