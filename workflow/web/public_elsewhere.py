"""Publications on other sites: a small page for their frames, and oEmbed, which tells them of it."""

from urllib.parse import unquote, urlsplit

from flask import Response, request, url_for
from flask.wrappers import Request

from workflow.formats.card import count_said
from workflow.formats.describing import description, oembed, oembed_xml
from workflow.formats.notes import called, corrected_line, retracted_line
from workflow.formats.reading import view_of
from workflow.formats.record import PublicStatement
from workflow.rules.refusals import NotFound
from workflow.text.digest import canonical_json
from workflow.web import house, openly
from workflow.web.gates import anyone
from workflow.web.openly import FRAMED, HTML, POLICY
from workflow.web.public import headers_of, public, published
from workflow.web.public_answering import absolute, address_of, in_edition, kept_at, path_of, rendered, send
from workflow.web.public_files import files_on_page
from workflow.web.public_shelf import Rendered
from workflow.web.reading import SAYING

LONGEST_SIZE = 5


@public.get("/statements/<slug>/embed")
@public.get("/statements/<slug>/<language>/embed")
@anyone
def embed(slug: str, language: str = "") -> Response:
    """A statement in few words, for frames on other sites."""
    return published(slug, "embed", _embed, language)


def _embed(found: PublicStatement) -> Rendered:
    house.speak(found.edition.language.partition("-")[0])
    body = openly.page(
        "public/embed.html",
        found=found,
        view=view_of(found.edition),
        title=called(found),
        address=address_of(found.slug, found.language),
        description=description(found),
        count_text=count_said(found, SAYING),
        retracted_text=retracted_line(found, SAYING),
        corrected_text=corrected_line(found, SAYING),
    )
    return rendered(body, HTML, headers_of(found), policy=FRAMED)


@public.get("/oembed")
@anyone
def oembed_() -> Response:
    """What stands at one of our addresses, for who wants to show it. Any other address is an unknown one."""
    form = request.args.get("format", "json")
    if form not in ("json", "xml"):
        return _unknown_form()
    slug, _, language = _publication(request).partition("/")
    found = in_edition(kept_at(slug), language)
    card = files_on_page(found)["png"]
    values = oembed(
        found,
        address_of(found.slug, found.language),
        absolute(url_for("public.statements")),
        absolute(card["path"]) if card["size"] else "",
        (_number("maxwidth"), _number("maxheight")),
    )
    if form == "xml":
        return send(rendered(oembed_xml(values), "text/xml; charset=utf-8"))
    return send(rendered(canonical_json(values), "application/json"))


def _publication(asked: Request) -> str:
    """The slug in the address that is asked about, and its language after a stroke. Raises NotFound."""
    try:
        parts = urlsplit(asked.args.get("url", ""))
        own = urlsplit(house.settings().base_url)
        here = parts.scheme in ("http", "https") and parts.netloc.lower() == own.netloc.lower()
    except ValueError:
        raise NotFound from None
    ahead, begun, path = unquote(parts.path.rstrip("/")).partition("/statements/")
    if not here or ahead or not begun or "\0" in path:
        raise NotFound
    return path


def _number(name: str) -> int | None:
    typed = request.args.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_SIZE else None


def _unknown_form() -> Response:
    """What there is. (oEmbed would have 501 here; but nothing that somebody types is a fault of ours.)"""
    response = Response("format: json, xml\n", 400, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def told_elsewhere(found: PublicStatement) -> dict[str, str]:
    """Where oEmbed tells of a publication, as the page says it, and the path of what a frame shows."""
    address = address_of(found.slug, found.language)
    told = {form: absolute(url_for("public.oembed_", url=address, format=form)) for form in ("json", "xml")}
    return {**told, "path": path_of("embed", found)}
