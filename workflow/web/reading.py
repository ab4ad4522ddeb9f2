"""A statement on a page: its own parts are named in its own language, whatever language the page speaks."""

from collections.abc import Callable, Mapping

from flask import get_template_attribute
from flask_babel import force_locale, gettext, ngettext
from markupsafe import Markup

from workflow.config import LANGUAGES
from workflow.formats.reading import Saying, StatementView, view_of
from workflow.text.blocks import Block, blocks, label
from workflow.text.content import Edition
from workflow.web import house

SAYING = Saying(gettext, ngettext)  # in the language that is being spoken when it is asked


def statement_view(edition: Edition, marks: Mapping[str, Markup] | None = None) -> StatementView:
    """The picture of an edition for the macro in templates/_parts/statement.html; `marks`: see `passage_marks`."""
    language = edition.language.partition("-")[0]
    if language not in LANGUAGES:
        return view_of(edition, marks=marks)
    with force_locale(language):
        return view_of(edition, gettext, marks)


def passage_marks(edition: Edition, remarks: Callable[[Block], tuple[int, str]], here: str = "") -> dict[str, Markup]:
    """What stands behind each block: a link to comment on it, and to the remarks there, in the page's language.

    `remarks` says how many stand on a block, and the address within the page of the first of them. `here` is the
    address of the page with the comment form, where that may be another one than the page's own.
    """
    mark = get_template_attribute("_parts/passages.html", "mark")
    language = house.page_language()
    found = {}
    for block in blocks(edition):
        number, address = remarks(block)
        place = house.sentence(label(block))
        found[block.key] = Markup(mark(block.key, place, number, address, language, house.direction(language), here))  # noqa: S704
    return found
