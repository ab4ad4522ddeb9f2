"""A revision as a file in an answer: named for a person, in the words of its own language."""

from urllib.parse import quote

from flask import Response
from flask_babel import force_locale, gettext

from workflow.config import LANGUAGES
from workflow.formats.draft import Draft, File, draft_file
from workflow.models.drafting import Revision
from workflow.web import house


def draft_response(revision: Revision, form: str, language: str = "") -> Response:
    """The edition in `language` (else the authoritative one) as `form`, one of `formats.draft.FORMS`.

    Raises NotPrintable.
    """
    edition = revision.parsed.in_language(language)
    draft = Draft(edition, revision.number, revision.digest, revision.created_at)
    language = edition.language.partition("-")[0]
    with force_locale(language if language in LANGUAGES else house.page_language()):
        return _sent(draft_file(draft, form, gettext))


def _sent(file: File) -> Response:
    response = Response(file.content, content_type=file.content_type)
    named = f"attachment; filename=\"{file.plain_name}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    response.headers["Content-Disposition"] = named
    return response
