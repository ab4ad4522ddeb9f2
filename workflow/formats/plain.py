"""A publication as plain text, for pasting into a mail or an article. Lines are not wrapped."""

from workflow.formats.listing import ListView, list_view, text_lines, unnamed_said
from workflow.formats.notes import added_line, authoritative_line, noted, retracted_line
from workflow.formats.reading import Gettext, Saying, date_in_words
from workflow.formats.record import PublicStatement
from workflow.text.collation import comma, language_name
from workflow.text.content import Edition, MediaContact
from workflow.text.instants import format_instant
from workflow.text.markdown import body_text, notes_text
from workflow.text.placeholders import placeholders


def text_file(found: PublicStatement, address: str, gettext: Saying) -> str:
    """The whole statement; `address` is where it is published, `gettext` speaks its language."""
    parts = [
        retracted_line(found, gettext),
        *text_parts(found.edition, gettext),
        adopted_line(found, gettext),
        *([f"{gettext('Signatories')}:", *text_lines(listed(found, gettext))] if found.listing else []),
        unnamed_line(found, gettext),
        *noted(found, gettext),
        *signed_lines(found, gettext),
        *editions_lines(found, address, gettext),
        address,
        digest_line(found.digest, gettext),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def editions_lines(found: PublicStatement, address: str, gettext: Gettext) -> list[str]:
    """Where the other editions are, and which one is authoritative; nothing where there is one alone."""
    if len(found.languages) < 2:
        return []
    base = address.removesuffix(f"/{found.language}") if found.language else address
    named = [
        (language_name(one, found.edition.language), f"{base}/{one}" if at else base)
        for at, one in enumerate(found.languages)
        if one != found.edition.language
    ]
    others = "\n".join(f"{name}: {where}" for name, where in named)
    said = [added_line(found, gettext), authoritative_line(found, gettext)]
    title = gettext("In other languages")
    return [*filter(None, said), f"{title}:\n{others}"]


def text_parts(edition: Edition, gettext: Gettext, *, loose: bool = False) -> list[str]:
    """The statement itself, part by part; empty ones are empty. `loose`: marks that copies may lack are told apart."""
    return [
        edition.label,
        when_and_where(edition),
        edition.headline,
        _named(gettext("To"), edition.addressees),
        edition.lead_paragraph,
        body_text(edition, loose=loose),
        edition.ends,
        _named(gettext("Notes to editors"), [notes_text(edition, loose=loose)]),
        _named(gettext("Media contacts"), [contact_line(one, edition.language) for one in edition.contacts]),
        _named(gettext("Copies to"), edition.cc),
    ]


def digest_line(digest: str, gettext: Gettext) -> str:
    """The digest with what it is."""
    return f"{gettext('Digest of the text (SHA-256)')}: {digest}"


def counts_line(edition: Edition, gettext: Gettext) -> str:
    """Says where the lock fills in how many sign, if anywhere."""
    found = placeholders(edition)
    said = gettext("Filled in with how many have signed, when the text is locked: %(places)s")
    return said % {"places": "  ".join(found)} if found else ""


def when_and_where(edition: Edition) -> str:
    """ "Lakeside, 1 March 2027", or what there is of it."""
    day = date_in_words(edition.date, edition.language)
    return comma(edition.language).join(part for part in (edition.place, day) if part)


def contact_line(contact: MediaContact, language: str) -> str:
    """A media contact on one line."""
    parts = (contact.name, contact.role, contact.mail, contact.phone)
    return comma(language).join(part for part in parts if part)


def adopted_line(found: PublicStatement, gettext: Gettext) -> str:
    """Says by whose silence the text was adopted, where it was; silence lists nobody."""
    if not found.adopted_by:
        return ""
    said = gettext("Adopted in the name of %(coalition)s: no objection was raised before %(instant)s.")
    at = format_instant(found.deadline, "UTC", found.edition.language)
    return said % {"coalition": found.adopted_by, "instant": at}


def listed(found: PublicStatement, say: Saying) -> ListView:
    """Who stands by it and is named, as it was chosen."""
    return list_view(found.entries, found.style, found.counts, found.edition.language, say)


def unnamed_line(found: PublicStatement, say: Saying) -> str:
    """Says how many signatories are counted without being named, where there are any."""
    return unnamed_said(found.counts, found.unnamed, found.edition.language, say)


def carried_lines(found: PublicStatement, gettext: Gettext) -> list[str]:
    """Says for each earlier text how many signed it before editorial changes, which kept their sign-offs."""
    said = gettext(
        "Signatories who signed revision %(revision)s, before editorial changes that they could object to: %(number)s."
        " Digest of that text (SHA-256): %(digest)s"
    )
    return [said % {"revision": one.revision, "number": one.signatories, "digest": one.digest} for one in found.carried]


def recorded_line(found: PublicStatement, gettext: Gettext) -> str:
    """Says whose sign-offs the lead wrote down, where there are any; who is not named is not named here either."""
    names = [name or gettext("An organisation that asked not to be named") for name in found.recorded]
    said = gettext(
        "Recorded by the lead on the organisation's word, and then confirmed by it or not contradicted in time:"
        " %(names)s"
    )
    return said % {"names": " • ".join(names)} if names else ""


def signed_lines(found: PublicStatement, gettext: Gettext) -> list[str]:
    """What is to be known of how some have signed, a line each; mostly none."""
    return [line for line in (recorded_line(found, gettext), *carried_lines(found, gettext)) if line]


def _named(title: str, lines: list[str] | tuple[str, ...]) -> str:
    shown = "\n".join(line for line in lines if line)
    return f"{title}\n{shown}" if shown else ""
