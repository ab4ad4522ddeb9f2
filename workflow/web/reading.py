"""A statement on a page: its own parts are named in its own language, whatever language the page speaks."""

from flask_babel import force_locale, gettext

from workflow.config import LANGUAGES
from workflow.formats.reading import StatementView, view_of
from workflow.text.content import Edition


def statement_view(edition: Edition) -> StatementView:
    """The picture of an edition for the macro in templates/_parts/statement.html."""
    language = edition.language.partition("-")[0]
    if language not in LANGUAGES:
        return view_of(edition)
    with force_locale(language):
        return view_of(edition, gettext)
