"""The public side: what everybody can read. It sets no cookie and asks nobody who they are."""

from collections.abc import Callable

from flask import Blueprint, Response, g, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.http import http_date

from workflow.config import LANGUAGES
from workflow.formats.feed import atom_file
from workflow.formats.markdown_file import markdown_file
from workflow.formats.plain import text_file
from workflow.formats.reading import date_in_words, view_of
from workflow.formats.record import PublicStatement, json_file, record_file
from workflow.queries import publication
from workflow.rules.negotiation import best
from workflow.rules.refusals import NotFound
from workflow.web import house, openly, public_picture
from workflow.web.gates import anyone
from workflow.web.openly import HTML
from workflow.web.public_answering import (
    PAGE_SIZE,
    SHELF,
    absolute,
    address_of,
    kept_at,
    page_asked_for,
    rendered,
    send,
    shelf,
)
from workflow.web.public_shelf import Kept, Rendered, Shelf
from workflow.web.reading import SAYING

public = Blueprint("public", __name__)

FEED_LENGTH = 20
TEXT, ATOM = "text/plain; charset=utf-8", "application/atom+xml; charset=utf-8"
ROBOTS = (
    "User-agent: *\nDisallow: /desk\nDisallow: /sign/\nDisallow: /open/\nDisallow: /coalitions\nDisallow: /mailbox\n"
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
    return openly.nothing_there()


@public.get("/")
@anyone
def statements() -> Response:
    """The list of published statements, newest first."""
    page = page_asked_for()
    shown, more = publication.published(house.session(), page, PAGE_SIZE) if page else ([], False)
    if not shown and page != 1:
        raise NotFound
    home = absolute(url_for("public.statements"))
    body = openly.page(
        "public/statements.html",
        shown=[(one, date_in_words(f"{one.published_at:%Y-%m-%d}", house.page_language())) for one in shown],
        page=page,
        before=url_for("public.statements", page=page - 1 if page > 2 else None) if page > 1 else "",
        after=url_for("public.statements", page=page + 1) if more else "",
        canonical=home if page == 1 else f"{home}?page={page}",
    )
    return send(rendered(body, HTML, vary="Accept-Language"))


@public.get("/statements/<slug>")
@anyone
def statement(slug: str) -> Response:
    """A published statement, for readers; or the form of it that is asked for by its type."""
    form = BY_TYPE[best(request.headers.get("Accept", ""), tuple(BY_TYPE))]
    if form == "pdf":
        return public_files.pdf_of(slug, negotiated=True)
    return _published(slug, form, negotiated=True)


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


@public.get("/feed.atom")
@anyone
def feed() -> Response:
    """The newest publications with their whole texts."""
    return feed_of("/feed.atom")


def feed_of(path: str, coalition_id: int | None = None, home: str = "", title: str = "") -> Response:
    """The feed at `path`: of all publications, or of a coalition whose page is at `home`."""
    session, places = house.session(), shelf()
    kept = places.get(path)
    ids = publication.newest_ids(session, FEED_LENGTH, coalition_id)
    if kept is None or kept.statement_ids != ids or not kept.still_true(publication.standing_now(session, ids)):
        kept = places.put(path, Kept(tuple(publication.newest(session, FEED_LENGTH, coalition_id))))
    if "feed" not in kept.rendered:
        house.speak(LANGUAGES[0])
        home = home or absolute(url_for("public.statements"))
        body = atom_file(kept.publications, home, address_of, SAYING, LANGUAGES[0], own=absolute(path), title=title)
        kept.rendered["feed"] = rendered(body, ATOM)
    return send(kept.rendered["feed"])


@public.get("/robots.txt")
@anyone
def robots() -> Response:
    """What crawlers may read, and where all of it is listed."""
    return send(rendered(ROBOTS.format(sitemap=absolute(url_for("public.sitemap"))), TEXT))


# One publication in each of its forms -------------------------------------------------------------


def _published(slug: str, form: str, *, negotiated: bool = False) -> Response:
    """The publication at `slug`: one query where this process has rendered it before, and no template."""
    kept = kept_at(slug)
    key = f"{form} by type" if negotiated else form
    if key not in kept.rendered:
        kept.rendered[key] = _render(kept.publications[0], form, negotiated=negotiated)
    return send(kept.rendered[key])


def _render(found: PublicStatement, form: str, *, negotiated: bool) -> Rendered:
    house.speak(found.edition.language.partition("-")[0])
    address = address_of(found.slug)
    kind, make = FORMS[form]
    return rendered(
        make(found, address),
        kind,
        headers_of(found, ENDPOINTS.get(form, "") if negotiated else ""),
        vary="Accept" if negotiated else "",
    )


def headers_of(found: PublicStatement, by_type: str = "") -> list[tuple[str, str]]:
    """What is said of every form. `by_type`: the endpoint of this form, where it was chosen at the page's address."""
    headers = [("Link", f'<{address_of(found.slug)}>; rel="canonical"'), ("Content-Language", found.edition.language)]
    if by_type:
        headers.append(("Content-Location", url_for(f"public.{by_type}", slug=found.slug)))
    if not found.unnamed and not found.notes:
        # After a name was taken back the page is younger than its publication, and nobody keeps by how much.
        headers.append(("Last-Modified", http_date(found.published_at)))
    return headers


def _statement_page(found: PublicStatement, address: str) -> str:
    return openly.page(
        "public/statement.html",
        found=found,
        view=view_of(found.edition),
        address=address,
        paths={form: url_for(f"public.{endpoint}", slug=found.slug) for form, endpoint in ENDPOINTS.items()},
        **public_picture.of(found, address, public_files.files_on_page(found)),
        told_elsewhere=public_elsewhere.told_elsewhere(found),
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
# What the page's address gives by Accept; the first is for who asks for nothing of it.
BY_TYPE = {
    "text/html": "page",
    "application/json": "json",
    "text/markdown": "markdown",
    "text/plain": "text",
    "application/pdf": "pdf",
}


# The same chapter, further views: they stand on the blueprint above.
from workflow.web import public_elsewhere, public_files, public_lists  # noqa: E402, F401
