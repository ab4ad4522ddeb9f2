"""A locked text before its instant, for journalists: every page and every file says until when it is embargoed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from workflow.formats.draft import File
from workflow.formats.listing import ListView, markdown_lines, text_lines
from workflow.formats.markdown_file import markdown_digest, markdown_parts
from workflow.formats.pdf import Setting, pdf_file
from workflow.formats.plain import digest_line, text_parts
from workflow.formats.reading import Gettext
from workflow.rules.publication import slug
from workflow.text.content import Edition
from workflow.text.instants import clock_in_line, format_instant, in_zone
from workflow.text.markdown import escaped


@dataclass(frozen=True)
class Embargoed:
    """The text as it will be published, until when nothing of it may be, and in which zone the reader is told that.

    `unnamed` says how many who signed are not named, where there are any; `reader` is whose copy it is.
    """

    edition: Edition
    digest: str
    locked_at: datetime
    until: datetime
    zone: str
    signatories: ListView
    unnamed: str = ""
    reader: str = ""


def embargo_mark(until: datetime, zone: str, language: str, gettext: Gettext) -> str:
    """What stands over, under and across everything: the instant on the reader's clock, and in UTC."""
    told = format_instant(until, zone, language)
    if zone != "UTC":
        there, here = until.astimezone(UTC), in_zone(until, zone)
        same_day = there.date() == here.date()
        beside = clock_in_line(f"{there:%H:%M} UTC", language) if same_day else format_instant(until, "UTC", language)
        told = f"{told} / {beside}"
    return gettext("EMBARGOED UNTIL %(instant)s") % {"instant": told}


def preview_file(found: Embargoed, form: str, gettext: Gettext) -> File:
    """The text in one of FORMS; `gettext` speaks its language. Raises NotPrintable."""
    content_type, make = FORMS[form]
    ending = f"embargoed.{form}"
    name = f"{slug(found.edition.headline)}-{ending}"
    return File(make(found, gettext), content_type, name, name if name.isascii() else ending)


def _mark(found: Embargoed, gettext: Gettext) -> str:
    return embargo_mark(found.until, found.zone, found.edition.language, gettext)


def _whose(found: Embargoed, gettext: Gettext) -> str:
    return gettext("Preview for %(name)s") % {"name": found.reader} if found.reader else ""


def _text(found: Embargoed, gettext: Gettext) -> bytes:
    mark = _mark(found, gettext)
    signed = [f"{gettext('Signatories')}:", *text_lines(found.signatories)] if found.signatories.parts else []
    digest = digest_line(found.digest, gettext)
    whose = _whose(found, gettext)
    return _joined([mark, whose, *text_parts(found.edition, gettext), *signed, found.unnamed, digest, mark])


def _markdown(found: Embargoed, gettext: Gettext) -> bytes:
    mark = f"**{escaped(_mark(found, gettext))}**"
    signed = [f"## {gettext('Signatories')}", *markdown_lines(found.signatories)] if found.signatories.parts else []
    digest = markdown_digest(found.digest, gettext)
    whose = escaped(_whose(found, gettext))
    parts = [mark, whose, *markdown_parts(found.edition, gettext), *signed, escaped(found.unnamed), "---", digest, mark]
    return _joined(parts)


def _joined(parts: list[str]) -> bytes:
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _pdf(found: Embargoed, gettext: Gettext) -> bytes:
    setting = Setting(
        at=found.locked_at,
        mark=_mark(found, gettext),
        foot=[_whose(found, gettext), digest_line(found.digest, gettext)],
        signatories=found.signatories,
        unnamed=found.unnamed,
    )
    return pdf_file(found.edition, setting, gettext)


FORMS: dict[str, tuple[str, Callable[[Embargoed, Gettext], bytes]]] = {
    "md": ("text/markdown; charset=utf-8", _markdown),
    "txt": ("text/plain; charset=utf-8", _text),
    "pdf": ("application/pdf", _pdf),
}
