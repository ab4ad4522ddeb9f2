"""What a published statement is made of beside its record: names that are disclosed, notes, texts signed before."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from workflow.rules.listing import Entry, disclosed_entry
from workflow.rules.noting import NoteKind
from workflow.rules.publication import FileKind
from workflow.text.content import Content, Edition

# Nobody can confirm a name with these in it; one that came by another way must not turn the line around it.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Disclosed:
    """A value that is served beside the record, with the salt that binds it to its commitment."""

    commitment: str
    salt: str
    value: Any


@dataclass(frozen=True)
class Carried:
    """An earlier text to which `signatories` signed, and from which editorial changes led to the published one."""

    revision: int
    digest: str
    edition: Edition
    signatories: int
    content: Content


@dataclass(frozen=True)
class PublicNote:
    """One dated note beside the record. `commitment`: of whom it is; `replaced_by`: that of the mended name.

    `event` is the hash of its event, `said` the commitment to its words; `salt` is there as long as the words are.
    Those of a `translation` are its digest.
    """

    kind: NoteKind
    at: datetime
    text: str = ""
    commitment: str | None = None
    replaced_by: str | None = None
    event: str = ""
    said: str = ""
    salt: str = ""
    translation: "Translated | None" = None


@dataclass(frozen=True)
class Translated:
    """An edition that was added after the publication: approved by the lead organisation, signed by nobody.

    `content` is canonical JSON of a text of this one edition, of which `digest` is the SHA-256.
    """

    language: str
    content: str
    digest: str
    approved_by: str
    at: datetime


@dataclass(frozen=True)
class MadeFile:
    """A file that was made: of which language and kind, from which state, by which code; without size it cannot be."""

    language: str
    kind: FileKind
    drawn_from: str
    drawn_with: str
    size: int | None


def entry_of(one: Disclosed, language: str = "") -> Entry:
    """One that is disclosed as the list of an edition has it, with nothing in it that turns a line around."""
    entry = disclosed_entry(one.value, language)
    name, acronym, heading = (TURNING.sub("", said) for said in (entry.name, entry.acronym, entry.heading))
    return replace(entry, name=name, acronym=acronym, heading=heading)
