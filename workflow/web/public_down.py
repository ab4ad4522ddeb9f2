"""What stands at the address of a statement that was taken down (RFC 7725): that it was, when, and on what ground."""

from flask import Response, g, request

from workflow.queries.taken_down import TakenDown
from workflow.text.instants import format_instant, iso
from workflow.web import house, openly


def page(down: TakenDown) -> Response:
    """The answer of every form of it: not a word of the text, nor of its headline."""
    g.public = True  # no cookie goes with it
    house.speak(down.language.partition("-")[0])
    language = house.page_language()
    # A site that shows the statement in a frame shows this in its place, and no browser's own error.
    framed = request.endpoint == "public.embed"
    body = openly.page(
        "errors/taken_down.html",
        framed=framed,
        down=down,
        at_text=format_instant(down.at, "UTC", language),
        published_text=format_instant(down.published_at, "UTC", language),
        at_iso=iso(down.at),
        published_iso=iso(down.published_at),
    )
    response = Response(body, 451, content_type=openly.HTML)
    response.headers["Link"] = f'<{house.settings().base_url}/>; rel="blocked-by"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Content-Security-Policy"] = openly.FRAMED if framed else openly.POLICY
    return response
