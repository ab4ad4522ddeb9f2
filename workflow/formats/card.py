"""A publication as a picture for social media: what it is, of when, its headline, in whose name, how many signed."""

from datetime import UTC
from typing import Any
from urllib.parse import urlsplit

from workflow.formats.issuing import issuer
from workflow.formats.plain import when_and_where
from workflow.formats.reading import Saying
from workflow.formats.record import PublicStatement
from workflow.formats.setting import picture
from workflow.text.collation import locale_for

WIDTH, HEIGHT = 1200, 630


def card(found: PublicStatement, address: str, say: Saying) -> bytes:
    """The picture as PNG; `say` speaks the language of the statement. Raises NotPrintable. It names no signatory."""
    return picture("card.typ", _sheet(found, address, say))


def _sheet(found: PublicStatement, address: str, say: Saying) -> dict[str, Any]:
    edition = found.edition
    at = found.changed_at.astimezone(UTC)
    return {
        "language": edition.language.partition("-")[0].lower(),
        "direction": locale_for(edition.language).text_direction,
        "date": {name: getattr(at, name) for name in ("year", "month", "day", "hour", "minute", "second")},
        "body": edition.headline,
        "title": " ".join(edition.headline.split()),
        "label": edition.label,
        "when": when_and_where(edition),
        "who": found.coalition or found.adopted_by or issuer(found, say)[0],
        "count": count_said(found, say),
        "notice": say.gettext("Retracted") if found.retracted else "",
        "host": urlsplit(address).netloc,
    }


def count_said(found: PublicStatement, say: Saying) -> str:
    """How many stand by it now, named or not; nothing where silence adopted it."""
    count = found.standing.count
    return say.ngettext("%(num)s signatory", "%(num)s signatories", count) if count else ""


def card_words(found: PublicStatement, say: Saying) -> str:
    """The picture in words, for who does not see it."""
    sheet = _sheet(found, "", say)
    parts = [sheet[name] for name in ("notice", "label", "when", "title", "who", "count")]
    return " · ".join(part for part in parts if part)
