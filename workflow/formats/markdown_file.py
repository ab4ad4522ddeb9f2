"""A publication as a Markdown file, for copying into other publications."""

from collections.abc import Sequence

from workflow.formats.listing import markdown_lines
from workflow.formats.notes import count_line, note_lines, retracted_line
from workflow.formats.plain import (
    adopted_line,
    contact_line,
    editions_lines,
    listed,
    signed_lines,
    unnamed_line,
    when_and_where,
)
from workflow.formats.reading import Gettext, Saying
from workflow.formats.record import PublicStatement
from workflow.text.content import Edition, MediaContact
from workflow.text.markdown import body_markdown, escaped


def markdown_file(found: PublicStatement, address: str, gettext: Saying) -> str:
    """The whole statement; `address` is where it is published, `gettext` speaks its language."""
    parts = [
        f"**{line}**" if (line := escaped(retracted_line(found, gettext))) else "",
        *markdown_parts(found.edition, gettext),
        escaped(adopted_line(found, gettext)),
        *([f"## {gettext('Signatories')}", *markdown_lines(listed(found, gettext))] if found.listing else []),
        unnamed_line(found, gettext),
        *_notes(found, gettext),
        *map(escaped, signed_lines(found, gettext)),
        *(_with_breaks(line) for line in editions_lines(found, address, gettext)),
        "---",
        f"<{address}>",
        markdown_digest(found.digest, gettext),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _notes(found: PublicStatement, gettext: Gettext) -> list[str]:
    lines = note_lines(found, gettext)
    if not lines:
        return []
    return [count_line(found, gettext), f"## {gettext('Since the publication')}", *map(_with_breaks, lines)]


def _with_breaks(words: str) -> str:
    """People's words as text, with their line breaks."""
    paragraphs = ([escaped(line) for line in part.split("\n") if line] for part in words.split("\n\n"))
    return "\n\n".join("\\\n".join(lines) for lines in paragraphs if lines)


def markdown_parts(edition: Edition, gettext: Gettext) -> list[str]:
    """The statement itself, part by part; empty ones are empty."""
    return [
        f"**{escaped(edition.label)}**" if edition.label else "",
        escaped(when_and_where(edition)),
        f"# {escaped(edition.headline)}" if edition.headline else "",
        _section(gettext("To"), _points([escaped(name) for name in edition.addressees])),
        escaped(edition.lead_paragraph),
        body_markdown(edition),
        escaped(edition.ends),
        _section(gettext("Notes to editors"), edition.notes),
        _section(gettext("Media contacts"), _points([_contact(one, edition.language) for one in edition.contacts])),
        _section(gettext("Copies to"), _points([escaped(name) for name in edition.cc])),
    ]


def markdown_digest(digest: str, gettext: Gettext) -> str:
    """The digest with what it is."""
    return f"{gettext('Digest of the text (SHA-256)')}: `{digest}`"


def _contact(contact: MediaContact, language: str) -> str:
    return escaped(contact_line(contact, language))


def _points(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n{text}" if text else ""
