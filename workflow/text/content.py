"""What a revision contains: the parts of a statement, as values.

The content of a revision is `{"format": "statement-text/1", "editions": [ … ]}`; `digest.py` gives its
canonical bytes and its digest. Parts that are empty are left out of the canonical form.
"""

from dataclasses import dataclass

FORMAT = "statement-text/1"
KINDS = ("press-release", "joint-statement", "open-letter")


@dataclass(frozen=True)
class Quote:
    """Words of a named person of one organisation; text, never markup."""

    speaker: str
    role: str = ""
    organisation: str = ""
    text: str = ""


@dataclass(frozen=True)
class MediaContact:
    """Whom a journalist may call."""

    name: str
    role: str = ""
    mail: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Edition:
    """One language of a statement. `date` is YYYY-MM-DD or empty; `body` and `notes` are Markdown."""

    language: str
    kind: str
    headline: str
    body: str
    label: str = ""
    date: str = ""
    place: str = ""
    lead_paragraph: str = ""
    quotes: tuple[Quote, ...] = ()
    ends: str = ""
    notes: str = ""
    contacts: tuple[MediaContact, ...] = ()
    addressees: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()


@dataclass(frozen=True)
class Content:
    """All editions of a revision; the first is the authoritative one."""

    editions: tuple[Edition, ...]

    @property
    def authoritative(self) -> Edition:
        return self.editions[0]
