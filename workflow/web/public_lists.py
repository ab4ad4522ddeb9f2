"""Many publications at once: those of a coalition, and all of them for search engines."""

from datetime import datetime

from flask import Response, url_for

from workflow.formats.reading import date_in_words
from workflow.formats.sitemap import PAGE_SIZE as SITEMAP_SIZE
from workflow.formats.sitemap import sitemap as sitemap_file
from workflow.formats.sitemap import sitemap_index
from workflow.queries import public_lists as looking
from workflow.queries.public_lists import PublicCoalition
from workflow.rules.refusals import NotFound
from workflow.web import house, openly
from workflow.web.gates import anyone
from workflow.web.openly import HTML
from workflow.web.public import public
from workflow.web.public_answering import PAGE_SIZE, absolute, address_of, page_asked_for, rendered, send

XML = "application/xml; charset=utf-8"
# The first sitemap has room for the lists too.
LISTS = 1000
STATEMENTS = SITEMAP_SIZE - LISTS


@public.get("/by/<coalition>")
@public.get("/by/<coalition>/page/<int:page>")
@anyone
def by_coalition(coalition: str, page: int = 1) -> Response:
    """What a coalition has published, newest first."""
    found, page = coalition_at(coalition), page_asked_for()
    shown, more = (
        looking.published(house.session(), page, PAGE_SIZE, found.id, house.page_language()) if page else ([], False)
    )
    if not shown:
        raise NotFound

    def at(number: int) -> str:
        return url_for("public.by_coalition", coalition=found.slug, page=number if number > 1 else None)

    body = openly.page(
        "public/by_coalition.html",
        coalition=found,
        shown=[(one, date_in_words(f"{one.published_at:%Y-%m-%d}", house.page_language())) for one in shown],
        page=page,
        before=at(page - 1) if page > 1 else "",
        after=at(page + 1) if more else "",
        canonical=absolute(at(page)),
    )
    return send(rendered(body, HTML, vary="Accept-Language"))


def coalition_at(slug: str) -> PublicCoalition:
    """The coalition at an address. Raises NotFound."""
    found = looking.coalition_by_slug(house.session(), slug)
    if found is None:
        raise NotFound
    return found


@public.get("/sitemap.xml")
@anyone
def sitemap() -> Response:
    """Where the sitemaps are; there is always a first one."""
    pages = max(1, -(-looking.how_many(house.session()) // STATEMENTS))
    addresses = [absolute(url_for("public.sitemap_page", number=number)) for number in range(1, pages + 1)]
    return send(rendered(sitemap_index(addresses), XML))


@public.get("/sitemap-<int:number>.xml")
@anyone
def sitemap_page(number: int) -> Response:
    """One sitemap. The first also has the lists."""
    session = house.session()
    shown = looking.pages(session, number, STATEMENTS) if number else []
    pages: list[tuple[str, datetime | None]] = [(address_of(slug), at) for slug, at in shown]
    if number == 1:
        lists = [
            absolute(url_for("public.by_coalition", coalition=one))
            for one in looking.public_coalitions(session, LISTS - 1)
        ]
        pages = [(absolute(url_for("public.statements")), None), *((one, None) for one in lists), *pages]
    elif not pages:
        raise NotFound
    return send(rendered(sitemap_file(pages), XML))
