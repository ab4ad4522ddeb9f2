"""What people type, made regular or refused: one line, several lines, a mail address, a whole edition.

Regular means NFC, LF, no blank edges. Refused is what cannot be seen or would disguise what is written.
Arabic, Hebrew and Persian pass, with the joiners that they need inside words.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from babel import localedata

from workflow.rules.refusals import FormRefused, InputRefused, Message
from workflow.text.commonmark import QUOTE_PLACE, parse
from workflow.text.content import KINDS, Edition, MediaContact, Quote

Part = TypeVar("Part")

HEADLINE_LIMIT, LABEL_LIMIT, LINE_LIMIT = 300, 100, 300
LEAD_LIMIT, BODY_LIMIT, NOTES_LIMIT, QUOTE_LIMIT, ENDS_LIMIT = 2000, 200_000, 50_000, 5000, 2000
MAIL_LIMIT, PARTS_LIMIT, NAMES_LIMIT = 254, 50, 200
MARKS_LIMIT = 30

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
OVERRIDES = re.compile("[\u202d\u202e]")
UNSEEN = re.compile(
    "[\u00ad\u180e\u200b\u2060-\u2064\ufeff\U000e0000-\U000e007f]"
    # Joiners belong inside words of scripts that join; beside Latin letters and at the edges they only hide.
    "|(?:^|(?<=[\x00-\u024f]))[\u200c\u200d]+|[\u200c\u200d]+(?=[\x00-\u024f]|$)"
)
# In a mail header this would be decoded, and could become another header.
ENCODED_WORD = re.compile(r"=\?[^?\s]{1,40}\?[bq]\?", re.IGNORECASE)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}", re.IGNORECASE)
LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")


def clean_line(text: str, *, field: str, limit: int = LINE_LIMIT, required: bool = True) -> str:
    """A name or title on one line: trimmed, single spaces, without characters that nobody sees."""
    _refuse_too_long(text, field, limit)
    text = _regular(text, field)
    if found := TURNING.search(text):
        raise InputRefused(field, Message("direction-characters", {"character": _code(found[0])}))
    if ENCODED_WORD.search(text):
        raise InputRefused(field, Message("encoded-word"))
    text = " ".join(UNSEEN.sub("", text).split())
    return _within(text, field, limit, required)


def clean_text(text: str, *, field: str, limit: int, required: bool = False) -> str:
    """Words over several lines: LF, line ends trimmed, no blank lines before or after."""
    _refuse_too_long(text, field, limit)
    return _within(_trimmed(_several_lines(text, field)), field, limit, required)


def clean_source(text: str, *, field: str, limit: int, required: bool = False) -> str:
    """Markdown: as `clean_text`, but for the two blanks that break a line within a paragraph."""
    _refuse_too_long(text, field, limit)
    return _within(_trimmed(_several_lines(text, field), breaks=True), field, limit, required)


def clean_mail(text: str, *, field: str) -> str:
    """One mail address, its domain in small letters; nothing in it can end a header or begin another."""
    _refuse_too_long(text, field, MAIL_LIMIT)
    text = _regular(text, field).strip()
    local, _, domain = text.rpartition("@")
    domain = domain.lower()
    plausible = (
        len(text) <= MAIL_LIMIT
        and "=?" not in text
        and 0 < len(local) <= 64
        and LOCAL_PART.fullmatch(local)
        and DOMAIN.fullmatch(domain)
    )
    if not plausible:
        raise InputRefused(field, Message("mail-implausible", {"mail": _shortened(text)}))
    return f"{local}@{domain}"


def clean_language(text: str, *, field: str = "language") -> str:
    """A language tag whose language is known, in its usual letters ("en", "pt-BR")."""
    tag = text.strip()
    if not LANGUAGE.fullmatch(tag) or tag.partition("-")[0].lower() not in _LANGUAGES:
        raise InputRefused(field, Message("language-unknown", {"language": _shortened(tag)}))
    first, *rest = tag.split("-")
    cased = [part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part for part in rest]
    return "-".join([first.lower(), *cased])


def clean_date(text: str, *, field: str = "date") -> str:
    """A day as YYYY-MM-DD, or nothing."""
    day = text.strip()
    try:
        if day and (not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", day) or not date.fromisoformat(day)):
            raise ValueError(day)
    except ValueError:
        raise InputRefused(field, Message("date-unreadable", {"date": _shortened(day)})) from None
    return day


def check(edition: Edition, *, complete: bool = False) -> Edition:
    """The edition made regular, or FormRefused with a problem for each field (`quotes-0-text` for parts).

    A draft may lack anything but kind and language; `complete` also asks for a headline and a text.
    """
    form = _Form()
    quotes = sum(map(_says_something, edition.quotes))
    result = replace(
        edition,
        language=form.take("language", lambda: clean_language(edition.language)),
        kind=form.take("kind", lambda: _kind(edition.kind)),
        headline=form.line("headline", edition.headline, HEADLINE_LIMIT, required=complete),
        label=form.line("label", edition.label, LABEL_LIMIT),
        date=form.take("date", lambda: clean_date(edition.date)),
        place=form.line("place", edition.place, LINE_LIMIT),
        lead_paragraph=form.text("lead_paragraph", edition.lead_paragraph, LEAD_LIMIT),
        body=form.source("body", edition.body, BODY_LIMIT, quotes, required=complete),
        ends=form.text("ends", edition.ends, ENDS_LIMIT),
        notes=form.source("notes", edition.notes, NOTES_LIMIT),
        quotes=form.quotes(edition.quotes),
        contacts=form.contacts(edition.contacts),
        addressees=form.names("addressees", edition.addressees),
        cc=form.names("cc", edition.cc),
    )
    if form.problems:
        raise FormRefused(form.problems)
    return result


class _Form:
    """Collects the problem of each field, so that a person is told all of them at once."""

    def __init__(self) -> None:
        self.problems: dict[str, Message] = {}

    def take(self, field: str, clean: Callable[[], str]) -> str:
        try:
            return clean()
        except InputRefused as refused:
            self.problems[field] = refused.problem
            return ""

    def line(self, field: str, text: str, limit: int, *, required: bool = False) -> str:
        return self.take(field, lambda: clean_line(text, field=field, limit=limit, required=required))

    def text(self, field: str, text: str, limit: int, *, required: bool = False) -> str:
        return self.take(field, lambda: clean_text(text, field=field, limit=limit, required=required))

    def source(self, field: str, text: str, limit: int, quotes: int = 0, *, required: bool = False) -> str:
        return self.take(field, lambda: _source(field, text, limit, quotes, required))

    def few(self, field: str, parts: tuple[Part, ...], limit: int = PARTS_LIMIT) -> tuple[Part, ...]:
        if len(parts) <= limit:
            return parts
        self.problems[field] = Message("too-many", {"limit": limit, "count": len(parts)})
        return ()

    def names(self, field: str, names: tuple[str, ...]) -> tuple[str, ...]:
        few = self.few(field, names, NAMES_LIMIT)
        return tuple(name for name in (self.line(field, name, LINE_LIMIT) for name in few) if name)

    def quotes(self, quotes: tuple[Quote, ...]) -> tuple[Quote, ...]:
        few = enumerate(self.few("quotes", quotes))
        return tuple(self.quote(f"quotes-{at}", quote) for at, quote in few if _says_something(quote))

    def contacts(self, contacts: tuple[MediaContact, ...]) -> tuple[MediaContact, ...]:
        few = enumerate(self.few("contacts", contacts))
        return tuple(self.contact(f"contacts-{at}", one) for at, one in few if _says_something(one))

    def quote(self, field: str, quote: Quote) -> Quote:
        return Quote(
            self.line(f"{field}-speaker", quote.speaker, LINE_LIMIT),
            self.line(f"{field}-role", quote.role, LINE_LIMIT),
            self.line(f"{field}-organisation", quote.organisation, LINE_LIMIT),
            self.text(f"{field}-text", quote.text, QUOTE_LIMIT, required=True),
        )

    def contact(self, field: str, contact: MediaContact) -> MediaContact:
        name = f"{field}-mail"
        mail = self.take(name, lambda: clean_mail(contact.mail, field=name)) if contact.mail.strip() else ""
        return MediaContact(
            self.line(f"{field}-name", contact.name, LINE_LIMIT, required=True),
            self.line(f"{field}-role", contact.role, LINE_LIMIT),
            mail,
            self.line(f"{field}-phone", contact.phone, LABEL_LIMIT),
        )


def _says_something(part: Quote | MediaContact) -> bool:
    """Whether anything is filled in: forms send their empty rows too."""
    return any(value.strip() for value in vars(part).values())


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise InputRefused("kind", Message("kind-unknown"))
    return kind


def _source(field: str, text: str, limit: int, quotes: int, required: bool) -> str:
    source = clean_source(text, field=field, limit=limit, required=required)
    parse(source, quotes=quotes, field=field)  # refuses what is nested too deep
    for line in source.split("\n"):
        place = QUOTE_PLACE.fullmatch(line.strip())
        if field == "body" and place and int(place[1]) > quotes:
            raise InputRefused(field, Message("quote-place-empty", {"number": place[1]}))
    return source


def _refuse_too_long(text: str, field: str, limit: int) -> None:
    # Before any other work: what is trimmed later can only be line ends and blanks.
    if len(text) > 2 * limit + 1000:
        raise InputRefused(field, Message("too-long", {"limit": limit, "length": len(text)}))


def _within(text: str, field: str, limit: int, required: bool) -> str:
    if len(text) > limit:
        raise InputRefused(field, Message("too-long", {"limit": limit, "length": len(text)}))
    if required and not text:
        raise InputRefused(field, Message("missing"))
    return text


def _regular(text: str, field: str) -> str:
    """NFC with LF; refuses what is no character to be read."""
    text = re.sub("\r\n?|\u2028|\u2029", "\n", text)
    if found := UNPRINTABLE.search(text):
        raise InputRefused(field, Message("control-characters", {"character": _code(found[0])}))
    if text.isascii():
        return text
    # Long runs of marks make normalising quadratic, and no script needs them.
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run > MARKS_LIMIT:
            raise InputRefused(field, Message("too-many-marks"))
    return unicodedata.normalize("NFC", text)


def _several_lines(text: str, field: str) -> str:
    text = _regular(text, field)
    if found := OVERRIDES.search(text):
        raise InputRefused(field, Message("direction-characters", {"character": _code(found[0])}))
    return text.removeprefix("\ufeff")


def _trimmed(text: str, *, breaks: bool = False) -> str:
    lines = [
        line.rstrip() + ("  " if breaks and line.endswith("  ") and line.strip() else "") for line in text.split("\n")
    ]
    return "\n".join(lines).strip("\n").rstrip()


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"


def _shortened(text: str) -> str:
    """A value repeated in a sentence: short, and without what would disturb the sentence."""
    return UNPRINTABLE.sub("�", text if len(text) <= 60 else text[:60] + "…")


_LANGUAGES = frozenset(name.partition("_")[0] for name in localedata.locale_identifiers())
