"""Files of a publication that a job has made: PDF, card, press kit. Never one of another state than the present."""

from typing import Any

from flask import Response

from workflow.formats.made import file_of
from workflow.formats.record import PublicStatement
from workflow.queries.public_files import content_of
from workflow.rules.publication import FileKind
from workflow.web import house, openly
from workflow.web.gates import anyone
from workflow.web.openly import HTML, POLICY
from workflow.web.public import headers_of, public
from workflow.web.public_answering import in_edition, kept_at, path_of, rendered, send

# A job makes them within seconds; a long list takes ten.
COME_AGAIN_SECONDS = 5
TYPES = {FileKind.PDF: "application/pdf", FileKind.CARD: "image/png", FileKind.KIT: "application/zip"}
ENDPOINTS = {FileKind.PDF: "statement_pdf", FileKind.CARD: "card", FileKind.KIT: "press_kit"}


@public.get("/statements/<slug>.pdf")
@public.get("/statements/<slug>/<language>.pdf")
@anyone
def statement_pdf(slug: str, language: str = "") -> Response:
    """The statement for paper."""
    return pdf_of(slug, language)


@public.get("/statements/<slug>/card.png")
@public.get("/statements/<slug>/<language>/card.png")
@anyone
def card(slug: str, language: str = "") -> Response:
    """The picture for social media."""
    return _file(slug, language, FileKind.CARD)


@public.get("/statements/<slug>/press-kit.zip")
@public.get("/statements/<slug>/<language>/press-kit.zip")
@anyone
def press_kit(slug: str, language: str = "") -> Response:
    """All forms in one file."""
    return _file(slug, language, FileKind.KIT)


def pdf_of(slug: str, language: str = "", *, negotiated: bool = False) -> Response:
    """The PDF of one edition, at its own address or `negotiated` at that of the page."""
    return _file(slug, language, FileKind.PDF, negotiated=negotiated)


def _file(slug: str, language: str, kind: FileKind, *, negotiated: bool = False) -> Response:
    found = in_edition(kept_at(slug), language)
    house.speak(found.edition.language.partition("-")[0])
    made = file_of(found, kind, house.settings().base_url)
    if made is not None and made.size is None:
        return _not_there(found, 404)
    content = content_of(house.session(), found.statement_id, made) if made else None
    if content is None:
        return _not_there(found, 503)
    name = f"{found.slug if found.slug.isascii() else 'statement'}{found.language and '-'}{found.language}"
    how = "attachment" if kind is FileKind.KIT else "inline"
    headers = [
        *headers_of(found, ENDPOINTS[kind] if negotiated else ""),
        ("Content-Disposition", f'{how}; filename="{name}.{kind.value}"'),
    ]
    return send(rendered(content, TYPES[kind], headers, vary="Accept" if negotiated else ""))


def _not_there(found: PublicStatement, status: int) -> Response:
    """Says that the file is being made, or that it cannot be; both lead to the page."""
    page = "errors/file_waits.html" if status == 503 else "errors/no_such_file.html"
    response = Response(openly.page(page, path=path_of("statement", found)), status, content_type=HTML)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Content-Security-Policy"] = POLICY
    if status == 503:
        response.headers["Retry-After"] = str(COME_AGAIN_SECONDS)
    return response


def files_on_page(found: PublicStatement) -> dict[str, dict[str, Any]]:
    """For each file its path, and its size: none while it is being made; `possible` says whether it can be."""
    base = house.settings().base_url
    shown = {}
    for kind, endpoint in ENDPOINTS.items():
        made = file_of(found, kind, base)
        shown[kind.value] = {
            "path": path_of(endpoint, found),
            "size": made.size if made else None,
            "possible": made is None or made.size is not None,
        }
    return shown
