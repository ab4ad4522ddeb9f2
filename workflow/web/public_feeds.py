"""The newest publications with their whole texts, all or those of one coalition; older ones on further pages."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, url_for

from workflow.config import LANGUAGES
from workflow.formats.feed import atom_file
from workflow.queries import publication
from workflow.queries.public_standing import standing_now
from workflow.rules.refusals import NotFound
from workflow.web import house
from workflow.web.gates import anyone
from workflow.web.public import public
from workflow.web.public_answering import absolute, address_of, page_asked_for, rendered, send, shelf
from workflow.web.public_lists import coalition_at
from workflow.web.public_shelf import Kept, Rendered
from workflow.web.reading import SAYING

LENGTH = 20
ATOM = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True)
class Feed:
    """Of what it is: the page of the same list, where each of its own pages is, and its coalition, if of one."""

    home: str
    at: Callable[[int], str]
    coalition_id: int | None = None
    title: str = ""


@public.get("/feed.atom")
@public.get("/feed/<int:page>.atom")
@anyone
def feed(page: int = 1) -> Response:
    """The newest publications; older ones on further pages (RFC 5005)."""
    del page

    def at(number: int) -> str:
        return absolute(url_for("public.feed", page=number if number > 1 else None))

    return _feed(Feed(absolute(url_for("public.statements")), at))


@public.get("/by/<coalition>/feed.atom")
@public.get("/by/<coalition>/feed/<int:page>.atom")
@anyone
def coalition_feed(coalition: str, page: int = 1) -> Response:
    """The newest publications of a coalition."""
    del page
    found = coalition_at(coalition)

    def at(number: int) -> str:
        return absolute(url_for("public.coalition_feed", coalition=found.slug, page=number if number > 1 else None))

    home = absolute(url_for("public.by_coalition", coalition=found.slug))
    return _feed(Feed(home, at, found.id, found.name))


def _feed(of: Feed) -> Response:
    session, places, page = house.session(), shelf(), page_asked_for()
    key, after = of.at(page), (page - 1) * LENGTH
    kept = places.get(key)
    ids = publication.newest_ids(session, LENGTH + 1, after, of.coalition_id) if page else []
    more, ids = len(ids) > LENGTH, ids[:LENGTH]
    if page != 1 and not ids:
        raise NotFound
    if kept is None or kept.statement_ids != ids or not kept.still_true(standing_now(session, ids)):
        kept = places.put(key, Kept(tuple(publication.newest(session, LENGTH, after, of.coalition_id))))
    form = f"{of.title} and more" if more else of.title
    if form not in kept.rendered:
        kept.rendered[form] = _render(of, page, kept, more=more)
    return send(kept.rendered[form])


def _render(of: Feed, page: int, kept: Kept, *, more: bool) -> Rendered:
    house.speak(LANGUAGES[0])
    pages = {"first": of.at(1)}
    if page > 1:
        pages |= {"self": of.at(page), "previous": of.at(page - 1)}
    if more:
        pages["next"] = of.at(page + 1)
    made = atom_file(kept.publications, of.home, address_of, SAYING, LANGUAGES[0], pages, own=of.at(1), title=of.title)
    return rendered(made, ATOM)
