"""A revision as a file, saying that it is a draft: Markdown, plain text, or a PDF to be read on paper."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from workflow.formats.markdown_file import markdown_digest, markdown_parts
from workflow.formats.pdf import Setting, pdf_file
from workflow.formats.plain import counts_line, digest_line, text_parts
from workflow.formats.reading import Gettext
from workflow.rules.publication import slug
from workflow.text.content import Edition
from workflow.text.markdown import escaped


@dataclass(frozen=True)
class Draft:
    """One revision, as values."""

    edition: Edition
    number: int
    digest: str
    saved_at: datetime


@dataclass(frozen=True)
class File:
    """A file to be sent. `name` may hold letters of any script; `plain_name` is for who cannot take them."""

    content: bytes
    content_type: str
    name: str
    plain_name: str


def draft_file(draft: Draft, form: str, gettext: Gettext) -> File:
    """The revision in one of FORMS; `gettext` speaks its language. Raises NotPrintable."""
    content_type, make = FORMS[form]
    name, ending = slug(draft.edition.headline), f"draft-{draft.number}.{form}"
    plain_name = f"{name}-{ending}" if name.isascii() else ending
    return File(make(draft, gettext), content_type, f"{name}-{ending}", plain_name)


def draft_mark(draft: Draft, gettext: Gettext) -> str:
    """What stands across a draft."""
    return gettext("DRAFT revision %(number)s") % {"number": draft.number}


def _text(draft: Draft, gettext: Gettext) -> bytes:
    parts = [
        draft_mark(draft, gettext),
        *text_parts(draft.edition, gettext),
        counts_line(draft.edition, gettext),
        draft_mark(draft, gettext),
        digest_line(draft.digest, gettext),
    ]
    return _joined(parts)


def _markdown(draft: Draft, gettext: Gettext) -> bytes:
    mark = f"**{escaped(draft_mark(draft, gettext))}**"
    counts = escaped(counts_line(draft.edition, gettext))
    parts = [mark, *markdown_parts(draft.edition, gettext), counts, "---", mark]
    parts.append(markdown_digest(draft.digest, gettext))
    return _joined(parts)


def _joined(parts: list[str]) -> bytes:
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _pdf(draft: Draft, gettext: Gettext) -> bytes:
    setting = Setting(
        at=draft.saved_at,
        mark=draft_mark(draft, gettext),
        numbered_lines=True,
        foot=[counts_line(draft.edition, gettext), digest_line(draft.digest, gettext)],
    )
    return pdf_file(draft.edition, setting, gettext)


FORMS: dict[str, tuple[str, Callable[[Draft, Gettext], bytes]]] = {
    "md": ("text/markdown; charset=utf-8", _markdown),
    "txt": ("text/plain; charset=utf-8", _text),
    "pdf": ("application/pdf", _pdf),
}
