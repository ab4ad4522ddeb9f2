"""What a revision contains: the parts of a statement, as values.

The content of a revision is `{"format": "statement-text/1", "editions": [ … ]}`; `digest.py` gives its
canonical bytes and its digest. Parts that are empty are left out of the canonical form.
"""

from dataclasses import dataclass, replace

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
    """All editions of a revision; the first is the authoritative one. Each is found by its language."""

    editions: tuple[Edition, ...]

    @property
    def authoritative(self) -> Edition:
        return self.editions[0]

    @property
    def translations(self) -> tuple[Edition, ...]:
        """All editions but the authoritative one."""
        return self.editions[1:]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the editions, that of the authoritative one first."""
        return tuple(one.language for one in self.editions)

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The quotes of all editions."""
        return tuple(quote for one in self.editions for quote in one.quotes)

    @property
    def addressed(self) -> tuple[str, ...]:
        """Whom the text is addressed or copied to, in every language."""
        return tuple(name for one in self.editions for name in (*one.addressees, *one.cc))

    def find(self, language: str) -> Edition | None:
        """The edition in exactly this language ("": the authoritative one), if there is one."""
        if not language:
            return self.authoritative
        return next((one for one in self.editions if one.language == language), None)

    def in_language(self, language: str) -> Edition:
        """The same, or the authoritative one where there is none in this language."""
        return self.find(language) or self.authoritative

    def for_reader(self, language: str) -> Edition:
        """What to show first to a reader of this language: one that agrees in it, else the authoritative one."""
        primary = language.partition("-")[0].lower()
        like = (one for one in self.editions if one.language.partition("-")[0].lower() == primary)
        return self.find(language) or next(like, self.authoritative)

    def short(self, edition: Edition) -> str:
        """By what an address names an edition of this text: its language, or nothing for the authoritative one."""
        return "" if edition.language == self.authoritative.language else edition.language

    def with_edition(self, language: str, edition: Edition) -> "Content":
        """The text in which `edition` stands in the place of the one in `language`, or last where there is none.

        What the statement is (`kind`) it is in every language: as the authoritative edition says.
        """
        at = self.languages.index(language) if language in self.languages else len(self.editions) if language else 0
        found = (*self.editions[:at], edition, *self.editions[at + 1 :])
        return Content(tuple(replace(one, kind=found[0].kind) for one in found))

    def without(self, language: str) -> "Content":
        """The text without its translation into `language`."""
        return Content((self.authoritative, *(one for one in self.translations if one.language != language)))
