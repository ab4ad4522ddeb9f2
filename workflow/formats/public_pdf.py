"""A publication on paper: PDF/UA-1 and PDF/A-3a, with its record inside, and how anybody checks the sheet."""

import io
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import segno

from workflow.formats.issuing import NO_ARTWORK, Artwork, Picture, issuer
from workflow.formats.notes import added_line, authoritative_line, count_line, day_of, notes_of, retracted_line
from workflow.formats.pdf import PUBLISHED, Setting, pdf_file
from workflow.formats.plain import adopted_line, listed, signed_lines, unnamed_line
from workflow.formats.reading import Gettext, Saying
from workflow.formats.record import PublicStatement
from workflow.formats.record_file import record_file
from workflow.rules.listing import Style
from workflow.rules.refusals import NotPrintable
from workflow.text.instants import format_instant

Values = dict[str, Any]


def public_pdf(found: PublicStatement, address: str, say: Saying, artwork: Artwork = NO_ARTWORK) -> bytes:
    """The statement as it stands now, as a PDF; `say` speaks its language. Raises NotPrintable.

    The same publication with the same notes and names gives the same bytes.
    """
    if artwork.head is not None:
        with suppress(NotPrintable):  # by its logo perhaps: it is tried without
            return _pdf(found, address, say, artwork)
    return _pdf(found, address, say, replace(artwork, head=None))


def _pdf(found: PublicStatement, address: str, say: Saying, artwork: Artwork) -> bytes:
    name, under = issuer(found, say)
    setting = Setting(
        at=found.changed_at,
        mark=say.gettext("RETRACTED") if found.retracted else "",
        foot=[f"\u2066{unquote(address)}\u2069"],
        signatories=listed(found, say) if found.listing else None,
        unnamed=unnamed_line(found, say),
        logos=artwork.logos if found.style is Style.LOGOS else {},
        more={
            "authors": [name] if name else [],
            "head": _head(name, under, artwork.head),
            "notice": retracted_line(found, say),
            "adopted": adopted_line(found, say),
            "count": signatories_line(found, say) if found.listing else "",
            "since": _since(found, say),
            "signed": signed_lines(found, say),
            "proof": _proof(found, address, say),
            "attached": [_record(found, say)],
        },
    )
    return pdf_file(found.edition, setting, say, PUBLISHED)


def _head(name: str, under: str, logo: Picture | None) -> Values | None:
    if not name and logo is None:
        return None
    return {"name": name, "under": under, "logo": _logo(logo) if logo else None}


def _logo(logo: Picture) -> Values:
    return {"bytes": list(logo.content), "format": logo.form, "alt": logo.whose}


def signatories_line(found: PublicStatement, say: Saying) -> str:
    """What stands over the list."""
    return say.ngettext("%(num)s signatory", "%(num)s signatories", found.count)


def since_lines(found: PublicStatement, gettext: Gettext) -> list[str]:
    """What the sheet says of what came since, as lines."""
    since = _since(found, gettext)
    if since is None:
        return []
    heads = [since["title"], since["count"], *([since["later"], *since["late"]] if since["late"] else [])]
    return [
        *heads,
        *(
            " · ".join(part for part in (one["day"], one["name"], one["title"]) if part) + f"\n{one['text']}"
            for one in since["notes"]
        ),
    ]


def proof_lines(found: PublicStatement, address: str, gettext: Gettext) -> list[str]:
    """What the sheet says of itself, as lines."""
    proof = _proof_words(found, address, gettext)
    digests = [f"{name}:\n{said}" for name, said in proof["digests"]]
    return [proof["title"], *proof["paragraphs"], proof["shown"], *digests]


def page_lines(found: PublicStatement, address: str, gettext: Gettext) -> set[str]:
    """What stands at the foot of each page, beside its number, and behind its words."""
    return {unquote(address), *([gettext("RETRACTED")] if found.retracted else [])}


def _since(found: PublicStatement, gettext: Gettext) -> Values | None:
    """What came after the publication, where anything did."""
    notes = notes_of(found, gettext)
    if not notes:
        return None
    unnamed = gettext("An organisation that asked not to be named")
    return {
        "title": gettext("Since the publication"),
        "count": count_line(found, gettext),
        "later": gettext("Signed later"),
        "late": [f"\u2068{name or unnamed}\u2069 ({day_of(at, found)})" for name, at in found.late],
        "notes": [{"day": one.day, "name": one.name, "title": one.title, "text": one.text} for one in notes],
    }


def _proof(found: PublicStatement, address: str, gettext: Gettext) -> Values:
    """How a reader finds what stands now, and the digests to compare."""
    return {
        **_proof_words(found, address, gettext),
        "address": address,
        "code": _code(address),
        "alt": gettext("Code to be scanned: the address of the statement"),
    }


def _proof_words(found: PublicStatement, address: str, gettext: Gettext) -> Values:
    at = format_instant(found.published_at, "UTC", found.edition.language)
    return {
        "title": gettext("Check this document"),
        "paragraphs": [
            *filter(None, (added_line(found, gettext), authoritative_line(found, gettext))),
            gettext("Published %(instant)s. This is a copy: the statement as it stands now is at the address below.")
            % {"instant": at},
            gettext(
                "Nobody can change a word of it without changing these digests. The record is attached to this file."
            ),
        ],
        "shown": unquote(address),
        "digests": [
            [gettext("Digest of the text (SHA-256)"), found.digest],
            [gettext("Digest of the record (SHA-256)"), found.record_digest],
        ],
    }


def _code(address: str) -> str:
    """The address as a QR code, drawn in SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False, svgclass=None)
    return drawn.getvalue().decode()


def _record(found: PublicStatement, gettext: Gettext) -> Values:
    return {
        "name": "record.json",
        "data": record_file(found).decode(),
        "type": "application/json",
        "relationship": "data",
        "description": gettext("The public record, as it was digested"),
    }
