"""The public side: what everybody can read. It sets no cookie and asks nobody who they are."""

from collections.abc import Callable

from flask import Blueprint, Response, g, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.http import http_date

from workflow.formats.markdown_file import markdown_file
from workflow.formats.plain import text_file
from workflow.formats.reading import date_in_words, view_of
from workflow.formats.record import PublicStatement
from workflow.formats.record_file import json_file, record_file
from workflow.queries import log, logos, taken_down
from workflow.queries import public_lists as looking
from workflow.rules.negotiation import best
from workflow.rules.refusals import NotFound
from workflow.text.signing_forms import short_name
from workflow.web import house, openly, public_down, public_picture
from workflow.web.gates import anyone
from workflow.web.logo_files import PNG
from workflow.web.openly import HTML
from workflow.web.public_answering import (
    BY_TYPE,
    PAGE_SIZE,
    SHELF,
    absolute,
    address_of,
    in_edition,
    kept_at,
    page_asked_for,
    path_of,
    rendered,
    send,
)
from workflow.web.public_shelf import Rendered, Shelf
from workflow.web.reading import SAYING

public = Blueprint("public", __name__)

TEXT = "text/plain; charset=utf-8"
ROBOTS = (
    "User-agent: *\nDisallow: /desk\nDisallow: /sign/\nDisallow: /open/\nDisallow: /coalitions\nDisallow: /mailbox\n"
    "Disallow: /preview/\nDisallow: /press/\n"
    "\nSitemap: {sitemap}\n"
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
    down = taken_down.taken_down(house.session(), str((request.view_args or {}).get("slug", "")))
    return public_down.page(down) if down else openly.nothing_there()


@public.get("/")
@public.get("/page/<int:page>")
@anyone
def statements(page: int = 0) -> Response:
    """The list of published statements, newest first. (Its pages have addresses of their own, as files have.)"""
    page = page_asked_for()
    shown, more = (
        looking.published(house.session(), page, PAGE_SIZE, language=house.page_language()) if page else ([], False)
    )
    if not shown and page != 1:
        raise NotFound
    home = absolute(url_for("public.statements"))
    body = openly.page(
        "public/statements.html",
        shown=[(one, date_in_words(f"{one.published_at:%Y-%m-%d}", house.page_language())) for one in shown],
        page=page,
        before=url_for("public.statements", page=page - 1 if page > 2 else None) if page > 1 else "",
        after=url_for("public.statements", page=page + 1) if more else "",
        canonical=home if page == 1 else absolute(url_for("public.statements", page=page)),
    )
    return send(rendered(body, HTML, vary="Accept-Language"))


@public.get("/statements/<slug>")
@public.get("/statements/<slug>/<language>")
@anyone
def statement(slug: str, language: str = "") -> Response:
    """A published statement in one of its editions, for readers; or the form of it that is asked for by its type."""
    form = BY_TYPE[best(request.headers.get("Accept", ""), tuple(BY_TYPE))]
    if form == "pdf":
        return public_files.pdf_of(slug, language, negotiated=True)
    return _published(slug, form, language, negotiated=True)


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


@public.get("/statements/<slug>/logos/<digest>.png")
@anyone
def statement_logo(slug: str, digest: str) -> Response:
    """A logo that stands in the list of a published statement, and as long as it stands there."""
    found = kept_at(slug).publications[0]
    if digest not in found.logos:
        raise NotFound
    return send(rendered(logos.content(house.session(), digest), PNG))


@public.get("/robots.txt")
@anyone
def robots() -> Response:
    """What crawlers may read, and where all of it is listed."""
    g.about = frozenset()
    return send(rendered(ROBOTS.format(sitemap=absolute(url_for("public.sitemap"))), TEXT))


# One publication in each of its forms -------------------------------------------------------------


def _published(slug: str, form: str, language: str = "", *, negotiated: bool = False) -> Response:
    """The publication at `slug` in one of FORMS; `negotiated`: it was chosen by its type."""
    key = f"{form} by type" if negotiated else form
    return published(slug, key, lambda found: _render(found, form, negotiated=negotiated), language)


def published(slug: str, form: str, render: Callable[[PublicStatement], Rendered], language: str = "") -> Response:
    """The publication at `slug` in one edition: one query where this process has rendered it, and no template."""
    kept = kept_at(slug)
    key = f"{form} in {language}" if language else form
    if key not in kept.rendered:
        kept.rendered[key] = render(in_edition(kept, language))
    return send(kept.rendered[key])


def _render(found: PublicStatement, form: str, *, negotiated: bool = False) -> Rendered:
    kind, make = FORMS[form]
    return rendered_as(found, kind, make, ENDPOINTS.get(form, "") if negotiated else None)


def rendered_as(found: PublicStatement, kind: str, make: "Form", by_type: str | None = None) -> Rendered:
    """What `make` gives, in the language of the statement and with the headers of its address.

    `by_type`, where it was chosen by its type: its own endpoint, or nothing where that is the page's.
    """
    house.speak(found.edition.language.partition("-")[0])
    body = make(found, address_of(found.slug, found.language))
    return rendered(body, kind, headers_of(found, by_type or ""), vary="" if by_type is None else "Accept")


def headers_of(found: PublicStatement, by_type: str = "") -> list[tuple[str, str]]:
    """What is said of every form. `by_type`: the endpoint of this form, where it was chosen at the page's address."""
    address = address_of(found.slug, found.language)
    headers = [("Link", f'<{address}>; rel="canonical"'), ("Content-Language", found.edition.language)]
    if by_type:
        headers.append(("Content-Location", path_of(by_type, found)))
    if not found.unnamed and not found.notes:
        # After a name was taken back the page is younger than its publication, and nobody keeps by how much.
        headers.append(("Last-Modified", http_date(found.published_at)))
    return headers


def statement_page(found: PublicStatement, address: str, **earlier: object) -> str:
    """The page of a statement; `earlier` says which one of its earlier states it is, if it is one."""
    return openly.page(
        "public/statement.html",
        found=found,
        earlier=earlier,
        view=view_of(found.edition),
        address=address,
        paths={form: path_of(endpoint, found) for form, endpoint in ENDPOINTS.items()},
        record_address=f"{address_of(found.slug)}/record",
        alternates=[] if earlier else _alternates(found),
        key_name=short_name(found.signed_by) if found.signatures else "",
        key_host=log.host(house.session()),
        **public_picture.of(found, address, public_files.files_on_page(found)),
        states=[public_states.path_as_of(found, count) for count in range(len(found.notes) + 1)],
        told_elsewhere=public_elsewhere.told_elsewhere(found),
    )


def _alternates(found: PublicStatement) -> list[tuple[str, str, str]]:
    """Each edition, its path and its address, the authoritative one first; nothing where there is one alone."""
    if len(found.languages) == 1:
        return []
    paths = [url_for("public.statement", slug=found.slug, language=one) for one in (None, *found.languages[1:])]
    return [(one, path, absolute(path)) for one, path in zip(found.languages, paths, strict=True)]


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


# The same chapter, further views: they stand on the blueprint above.
from workflow.web import (  # noqa: E402
    public_elsewhere,
    public_feeds,  # noqa: F401
    public_files,
    public_lists,  # noqa: F401
    public_proof,  # noqa: F401
    public_states,
)
