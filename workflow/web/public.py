"""The public side: what everybody can read. It sets no cookie and asks nobody who they are."""

import hashlib
from collections.abc import Callable, Iterable

from flask import Blueprint, Response, current_app, g, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.http import http_date

from workflow.config import LANGUAGES
from workflow.formats.feed import atom_file
from workflow.formats.markdown_file import markdown_file
from workflow.formats.plain import text_file
from workflow.formats.reading import date_in_words, view_of
from workflow.formats.record import PublicStatement, json_file, record_file
from workflow.queries import publication
from workflow.rules.refusals import NotFound
from workflow.web import house, openly, public_picture
from workflow.web.gates import anyone
from workflow.web.openly import HTML, POLICY
from workflow.web.public_shelf import Kept, Rendered, Shelf
from workflow.web.reading import SAYING

public = Blueprint("public", __name__)

SHELF = "public-shelf"
PAGE_SIZE = 20
FEED_LENGTH = 20
TEXT, ATOM = "text/plain; charset=utf-8", "application/atom+xml; charset=utf-8"
# Kept, and asked for anew each time (304 mostly): a publication is seen at once, and so is a name taken back.
CACHING = "public, no-cache"
ROBOTS = (
    "User-agent: *\nDisallow: /desk\nDisallow: /sign/\nDisallow: /open/\nDisallow: /coalitions\nDisallow: /mailbox\n"
)


@public.record_once
def put_up_shelf(setup: BlueprintSetupState) -> None:
    """Every application has a shelf of its own, as it has a database of its own."""
    setup.app.extensions[SHELF] = Shelf()


@public.before_request
def without_cookie() -> None:
    """Tell the frame that caching and robots are decided here, and that no cookie goes with the answer."""
    g.public = True


@public.errorhandler(NotFound)
def nothing_there(refusal: NotFound) -> Response:
    """The one answer for what does not exist and for what is not public: the same bytes."""
    del refusal
    return openly.nothing_there()


@public.get("/")
@anyone
def statements() -> Response:
    """The list of published statements, newest first."""
    typed = request.args.get("page", "1")
    page = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 6 else 0
    shown, more = publication.published(house.session(), page, PAGE_SIZE) if page else ([], False)
    if not shown and page != 1:
        raise NotFound
    home = _absolute(url_for("public.statements"))
    body = openly.page(
        "public/statements.html",
        shown=[(one, date_in_words(f"{one.published_at:%Y-%m-%d}", house.page_language())) for one in shown],
        page=page,
        before=url_for("public.statements", page=page - 1 if page > 2 else None) if page > 1 else "",
        after=url_for("public.statements", page=page + 1) if more else "",
        canonical=home if page == 1 else f"{home}?page={page}",
    )
    return _send(_rendered(body, HTML, vary="Accept-Language"))


@public.get("/statements/<slug>")
@public.get("/statements/<slug>/<language>")
@anyone
def statement(slug: str, language: str = "") -> Response:
    """A published statement, for readers."""
    return _published(slug, "page", language)


@public.get("/statements/<slug>.json")
@public.get("/statements/<slug>/<language>.json")
@anyone
def statement_json(slug: str, language: str = "") -> Response:
    """Record, record digest and disclosures as canonical JSON."""
    return _published(slug, "json", language)


@public.get("/statements/<slug>/record")
@anyone
def statement_record(slug: str) -> Response:
    """Exactly the bytes of the record."""
    return _published(slug, "record")


@public.get("/statements/<slug>.txt")
@public.get("/statements/<slug>/<language>.txt")
@anyone
def statement_text(slug: str, language: str = "") -> Response:
    """The statement as plain text."""
    return _published(slug, "text", language)


@public.get("/statements/<slug>.md")
@public.get("/statements/<slug>/<language>.md")
@anyone
def statement_markdown(slug: str, language: str = "") -> Response:
    """The statement as Markdown."""
    return _published(slug, "markdown", language)


@public.get("/feed.atom")
@anyone
def feed() -> Response:
    """The newest publications with their whole texts."""
    session, shelf = house.session(), _shelf()
    kept = shelf.get("/feed.atom")
    ids = publication.newest_ids(session, FEED_LENGTH)
    if kept is None or kept.statement_ids != ids or not kept.still_true(publication.standing_now(session, ids)):
        kept = shelf.put("/feed.atom", Kept(tuple(publication.newest(session, FEED_LENGTH))))
    if "feed" not in kept.rendered:
        house.speak(LANGUAGES[0])
        home = _absolute(url_for("public.statements"))
        body = atom_file(kept.publications, home, _address, SAYING, LANGUAGES[0])
        kept.rendered["feed"] = _rendered(body, ATOM)
    return _send(kept.rendered["feed"])


@public.get("/robots.txt")
@anyone
def robots() -> Response:
    """What crawlers may read."""
    return _send(_rendered(ROBOTS, TEXT))


# One publication in each of its forms -------------------------------------------------------------


def _published(slug: str, form: str, language: str = "") -> Response:
    """The publication at `slug` in one edition: one query where this process has rendered it, and no template."""
    session, shelf = house.session(), _shelf()
    kept = shelf.get(slug)
    if kept is None or not kept.still_true(publication.standing_now(session, kept.statement_ids)):
        shelf.drop(slug)
        found = publication.by_slug(session, slug)
        if found is None:
            raise NotFound
        kept = shelf.put(slug, Kept((found,)))
    if language and language not in kept.publications[0].languages[1:]:
        raise NotFound
    key = f"{form} {language}" if language else form
    if key not in kept.rendered:
        kept.rendered[key] = _render(kept.publications[0].in_language(language), form)
    return _send(kept.rendered[key])


def _render(found: PublicStatement, form: str) -> Rendered:
    house.speak(found.edition.language.partition("-")[0])
    address = _address(found.slug, found.language)
    kind, make = FORMS[form]
    headers = [("Link", f'<{address}>; rel="canonical"'), ("Content-Language", found.edition.language)]
    if not found.unnamed and not found.notes:
        # After a name was taken back the page is younger than its publication, and nobody keeps by how much.
        headers.append(("Last-Modified", http_date(found.published_at)))
    return _rendered(make(found, address), kind, headers)


def _statement_page(found: PublicStatement, address: str) -> str:
    return openly.page(
        "public/statement.html",
        found=found,
        view=view_of(found.edition),
        address=address,
        paths={form: _path(endpoint, found, form) for form, endpoint in ENDPOINTS.items()},
        alternates=[(one, _address(found.slug, one if at else "")) for at, one in enumerate(found.languages)],
        **public_picture.of(found, address),
    )


Form = Callable[[PublicStatement, str], str | bytes]
FORMS: dict[str, tuple[str, Form]] = {
    "page": (HTML, _statement_page),
    "json": ("application/json", lambda found, _: json_file(found)),
    "record": ("application/json", lambda found, _: record_file(found)),
    "text": (TEXT, lambda found, address: text_file(found, address, SAYING)),
    "markdown": ("text/markdown; charset=utf-8", lambda found, address: markdown_file(found, address, SAYING)),
}
ENDPOINTS = {
    "json": "statement_json",
    "record": "statement_record",
    "text": "statement_text",
    "markdown": "statement_markdown",
}


# Answering ----------------------------------------------------------------------------------------


def _shelf() -> Shelf:
    shelf: Shelf = current_app.extensions[SHELF]
    return shelf


def _absolute(path: str) -> str:
    return house.settings().base_url + path


def _address(slug: str, language: str = "") -> str:
    return _absolute(url_for("public.statement", slug=slug, language=language or None))


def _path(endpoint: str, found: PublicStatement, form: str) -> str:
    """Where a form of this edition is; there is one record for all."""
    language = None if form == "record" else found.language or None
    return url_for(f"public.{endpoint}", slug=found.slug, language=language)


def _rendered(
    body: str | bytes, content_type: str, headers: Iterable[tuple[str, str]] = (), *, vary: str = ""
) -> Rendered:
    content = body.encode() if isinstance(body, str) else body
    etag = hashlib.sha256(content).hexdigest()[:32]
    sent = [
        ("Content-Type", content_type),
        ("ETag", f'"{etag}"'),
        ("Cache-Control", CACHING),
        ("Content-Security-Policy", POLICY),
        *([("Vary", vary)] if vary else []),
        *headers,
    ]
    return Rendered(content, etag, tuple(sent))


def _send(rendered: Rendered) -> Response:
    """The answer, or 304 to who has these bytes. By date nobody is told "not modified": see `_render`."""
    if "If-None-Match" in request.headers and request.if_none_match.contains_weak(rendered.etag):
        unchanged = [pair for pair in rendered.headers if pair[0] != "Content-Type"]
        return Response(status=304, headers=unchanged)
    return Response(rendered.body, headers=list(rendered.headers))
