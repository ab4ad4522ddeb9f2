"""Each state of a published statement at a permanent address: as it was published, and after each of its notes.

State `n` is the statement with its first `n` notes. Names that were withheld or mended since are shown in every state
as they are now. Where the statement was retracted since, each earlier state says so, above it.
"""

from functools import partial

from flask import Response, url_for
from flask_babel import gettext

from workflow.formats.notes import day_of, notes_of
from workflow.formats.record import PublicStatement
from workflow.rules.refusals import NotFound
from workflow.web.gates import anyone
from workflow.web.openly import HTML
from workflow.web.public import public, published, rendered_as, statement_page
from workflow.web.public_answering import path_of
from workflow.web.public_shelf import Rendered


@public.get("/statements/<slug>/states/<int:count>")
@public.get("/statements/<slug>/<language>/states/<int:count>")
@anyone
def statement_as_of(slug: str, count: int, language: str = "") -> Response:
    """The statement as it stood with its first notes, in an edition that was signed."""
    return published(slug, f"as-of-{count}", partial(_render, count), language)


def _render(count: int, found: PublicStatement) -> Rendered:
    if count > len(found.notes) or found.added_later:
        raise NotFound
    return rendered_as(found, HTML, partial(_page, count))


def _page(count: int, found: PublicStatement, address: str) -> str:
    notes, shown = notes_of(found, gettext), found.as_of(count)
    since = found.retracted if not shown.retracted else None
    return statement_page(
        shown,
        address,
        number=count,
        last=len(notes),
        after=notes[count - 1] if count else None,
        before_url=path_as_of(found, count - 1) if count else "",
        after_url=path_as_of(found, count + 1) if count < len(notes) else "",
        retracted_on=day_of(since.at, found) if since else "",
        now_url=path_of("statement", found),
    )


def path_as_of(found: PublicStatement, count: int) -> str:
    """Where an earlier state is; of a translation that came later, the authoritative edition has it."""
    language = "" if found.added_later else found.language
    return url_for("public.statement_as_of", slug=found.slug, count=count, language=language or None)
