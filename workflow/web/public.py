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
from workflow.queries import log, logos, publication
from workflow.rules.refusals import NotFound
from workflow.text.signing_forms import short_name
from workflow.web import house, openly, public_down, public_picture
from workflow.web.gates import anyone
from workflow.web.logo_files import PNG
from workflow.web.openly import HTML, POLICY
from workflow.web.public_shelf import Kept, Rendered, Shelf
from workflow.web.reading import SAYING

public = Blueprint("public", __name__)

SHELF = "public-shelf"
PAGE_SIZE = 20
FEED_LENGTH = 20
TEXT, ATOM = "text/plain; charset=utf-8", "application/atom+xml; charset=utf-8"
# From us a name taken back is gone within a second; a cache on the way may have its page for half a minute.
CACHING = "public, max-age=5, stale-while-revalidate=25"
ROBOTS = (
    "User-agent: *\nDisallow: /desk\nDisallow: /sign/\nDisallow: /open/\nDisallow: /coalitions\nDisallow: /mailbox\n"
    "Disallow: /preview/\nDisallow: /press/\n"
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
    down = publication.taken_down(house.session(), str((request.view_args or {}).get("slug", "")))
    return public_down.page(down) if down else openly.nothing_there()


@public.get("/")
@public.get("/page/<int:page>")
@anyone
def statements(page: int = 0) -> Response:
    """The list of published statements, newest first. (Its pages have addresses of their own, as files have.)"""
    if not request.view_args:
        typed = request.args.get("page", "1")
        page = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 6 else 0
    elif page < 2:
        raise NotFound  # the first has its address
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
        canonical=home if page == 1 else _absolute(url_for("public.statements", page=page)),
    )
    return _send(_rendered(body, HTML, vary="Accept-Language"))


@public.get("/statements/<slug>")
@anyone
def statement(slug: str) -> Response:
    """A published statement, for readers."""
    return _published(slug, "page")


@public.get("/statements/<slug>.json")
@anyone
def statement_json(slug: str) -> Response:
    """Record, record digest and disclosures as canonical JSON."""
    return _published(slug, "json")


@public.get("/statements/<slug>/record")
@anyone
def statement_record(slug: str) -> Response:
    """Exactly the bytes of the record."""
    return _published(slug, "record")


@public.get("/statements/<slug>.txt")
@anyone
def statement_text(slug: str) -> Response:
    """The statement as plain text."""
    return _published(slug, "text")


@public.get("/statements/<slug>.md")
@anyone
def statement_markdown(slug: str) -> Response:
    """The statement as Markdown."""
    return _published(slug, "markdown")


@public.get("/statements/<slug>/logos/<digest>.png")
@anyone
def statement_logo(slug: str, digest: str) -> Response:
    """A logo that stands in the list of a published statement, and as long as it stands there."""
    session, found = house.session(), _kept(slug).publications[0]
    if digest not in found.logos:
        raise NotFound
    return _send(_rendered(logos.content(session, digest), PNG))


@public.get("/feed.atom")
@public.get("/feed/<int:page>.atom")
@anyone
def feed(page: int = 1) -> Response:
    """The newest publications with their whole texts; older ones on further pages (RFC 5005)."""
    if page < 2 and request.view_args:
        raise NotFound  # the first has its address
    session, shelf, key, after = house.session(), _shelf(), f"/feed/{page}", (page - 1) * FEED_LENGTH
    kept = shelf.get(key)
    ids = publication.newest_ids(session, FEED_LENGTH + 1, after)
    more, ids = len(ids) > FEED_LENGTH, ids[:FEED_LENGTH]
    if page > 1 and not ids:
        raise NotFound
    if kept is None or kept.statement_ids != ids or not kept.still_true(publication.standing_now(session, ids)):
        kept = shelf.put(key, Kept(tuple(publication.newest(session, FEED_LENGTH, after))))
    form = "feed and more" if more else "feed"
    if form not in kept.rendered:
        house.speak(LANGUAGES[0])
        home = _absolute(url_for("public.statements"))
        body = atom_file(kept.publications, home, _address, SAYING, LANGUAGES[0], _feed_pages(page, more=more))
        kept.rendered[form] = _rendered(body, ATOM)
    return _send(kept.rendered[form])


def _feed_pages(page: int, *, more: bool) -> dict[str, str]:
    """Where the other pages of the feed are."""

    def at(number: int) -> str:
        return _absolute(url_for("public.feed", page=number if number > 1 else None))

    found = {"first": at(1)}
    if page > 1:
        found |= {"self": at(page), "previous": at(page - 1)}
    return found | ({"next": at(page + 1)} if more else {})


@public.get("/robots.txt")
@anyone
def robots() -> Response:
    """What crawlers may read."""
    g.about = frozenset()
    return _send(_rendered(ROBOTS, TEXT))


# One publication in each of its forms -------------------------------------------------------------


def _published(slug: str, form: str) -> Response:
    """The publication at `slug` in one of FORMS."""
    return published(slug, form, lambda found: _render(found, form))


def published(slug: str, form: str, render: Callable[[PublicStatement], Rendered]) -> Response:
    """The publication at `slug`: one query where this process has rendered it before, and no template."""
    kept = _kept(slug)
    if form not in kept.rendered:
        kept.rendered[form] = render(kept.publications[0])
    return _send(kept.rendered[form])


def _kept(slug: str) -> Kept:
    """The publication at `slug` as it is now, from the shelf where that is still true. Raises NotFound."""
    session, shelf = house.session(), _shelf()
    kept = shelf.get(slug)
    if kept is None or not kept.still_true(publication.standing_now(session, kept.statement_ids)):
        shelf.drop(slug)
        found = publication.by_slug(session, slug)
        if found is None:
            raise NotFound
        kept = shelf.put(slug, Kept((found,)))
    g.about = frozenset(kept.statement_ids)
    return kept


def _render(found: PublicStatement, form: str) -> Rendered:
    kind, make = FORMS[form]
    return rendered_as(found, kind, make)


def rendered_as(found: PublicStatement, kind: str, make: "Form") -> Rendered:
    """What `make` gives, in the language of the statement and with the headers of its address."""
    house.speak(found.edition.language.partition("-")[0])
    address = _address(found.slug)
    headers = [("Link", f'<{address}>; rel="canonical"'), ("Content-Language", found.edition.language)]
    if not found.unnamed and not found.notes:
        # After a name was taken back the page is younger than its publication, and nobody keeps by how much.
        headers.append(("Last-Modified", http_date(found.published_at)))
    return _rendered(make(found, address), kind, headers)


def statement_page(found: PublicStatement, address: str, **earlier: object) -> str:
    """The page of a statement; `earlier` says which one of its earlier states it is, if it is one."""
    return openly.page(
        "public/statement.html",
        found=found,
        earlier=earlier,
        view=view_of(found.edition),
        address=address,
        paths={form: url_for(f"public.{endpoint}", slug=found.slug) for form, endpoint in ENDPOINTS.items()},
        key_name=short_name(found.signed_by) if found.signatures else "",
        key_host=log.host(house.session()),
        **public_picture.of(found, address),
    )


Form = Callable[[PublicStatement, str], str | bytes]
FORMS: dict[str, tuple[str, Form]] = {
    "page": (HTML, statement_page),
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
    "signature": "statement_signature",
    "minisign": "statement_minisign",
    "ssh": "statement_ssh",
    "proof": "statement_proof",
}


# Answering ----------------------------------------------------------------------------------------


def _shelf() -> Shelf:
    shelf: Shelf = current_app.extensions[SHELF]
    return shelf


def _absolute(path: str) -> str:
    return house.settings().base_url + path


def _address(slug: str) -> str:
    return _absolute(url_for("public.statement", slug=slug))


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
    """The whole answer. Who has these bytes already, or wants a part, is answered by the door (ready_door)."""
    return Response(rendered.body, headers=list(rendered.headers))


# The same chapter, further views: they stand on the blueprint above.
from workflow.web import public_proof, public_states  # noqa: E402, F401
