"""Counts in a text: `{organisations}` stands for how many organisations sign it, and is filled in once that is known.

    {organisations}                              7
    {organisations|words}                        seven
    {Organisations|words}                        Seven
    {organisations|one:organisation|other:organisations}
    {organisations|words|one:one group|other:# groups}

`individuals` and `signatories` (both together) likewise. A form is chosen by CLDR's plural rules for the language of
the text (zero, one, two, few, many, other); # in it is the number. `feminine` takes the feminine words where a
language has them. The text that is signed, and its digest, hold these as they are written.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from workflow.rules.refusals import FormRefused, Message
from workflow.text.content import Content, Edition
from workflow.text.counting import in_digits, in_words, noun_form

NAMES = ("organisations", "individuals", "signatories")
FORMS = ("zero", "one", "two", "few", "many", "other")
PLACE = re.compile(r"(?<!\\)\{(\w{1,40})((?:\|[^{}|\n]{0,200}){0,8})\}")
# A number at the beginning of a line would begin a list in Markdown.
BEGINS_LIST = re.compile(r"^([ >]*)(\{[^{}\n]*\})([.)])", re.MULTILINE)
BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t>]*\n")
# Marks of Markdown and opening quotation marks, before the first word of a paragraph.
BEFORE_WORDS = re.compile(r"(?:[\s>*_#\"'“„«-]|\d{1,3}[.)] )*+")
TEXTS = ("headline", "label", "lead_paragraph", "ends")
MARKDOWN = ("body", "notes")


@dataclass(frozen=True)
class _Wanted:
    """A placeholder that is understood."""

    name: str
    capital: bool
    words: bool
    feminine: bool
    forms: Mapping[str, str]


def placeholders(edition: Edition) -> tuple[str, ...]:
    """The placeholders in a text as they are written, each once."""
    return _found(edition, understood=True)


def doubtful(edition: Edition) -> tuple[str, ...]:
    """What looks like one and is not understood: it is published as it stands."""
    return _found(edition, understood=False)


def filled(edition: Edition, counts: Mapping[str, int] | None) -> Edition:
    """The text with every count in it; without counts, as it is written."""
    if counts is None:
        return edition

    def fill(text: str) -> str:
        return filled_line(text, counts, edition.language)

    return _changed(edition, fill, lambda text: fill(BEGINS_LIST.sub(lambda one: f"{one[1]}{one[2]}\\{one[3]}", text)))


def uncounted(edition: Edition, number: str) -> Edition:
    """The text before its counts are known: `number` stands for each."""
    # In brackets it would be a link.
    plain = number.replace("[", "\\[").replace("]", "\\]")
    return _changed(edition, lambda text: open_line(text, number), lambda text: open_line(text, plain))


def _changed(edition: Edition, line: Callable[[str], str], markdown: Callable[[str], str]) -> Edition:
    changed: dict[str, str] = {name: line(getattr(edition, name)) for name in TEXTS}
    changed |= {name: markdown(getattr(edition, name)) for name in MARKDOWN}
    quotes = tuple(replace(one, text=line(one.text)) for one in edition.quotes)
    return replace(edition, **changed, quotes=quotes)  # type: ignore[arg-type]


def small_beginnings(edition: Edition, counts: Mapping[str, int]) -> tuple[str, ...]:
    """The placeholders that begin a headline or a paragraph, and whose words would begin with a small letter."""
    paragraphs = (one for text in _texts(edition) for one in BETWEEN_PARAGRAPHS.split(text))
    starts = (PLACE.match(BEFORE_WORDS.sub("", one, count=1)) for one in paragraphs)
    found = (one for one in starts if one and _wanted(one) and _said(one, counts, edition.language)[:1].islower())
    return tuple(dict.fromkeys(one[0] for one in found))


def with_capital(place: str) -> str:
    """A placeholder as it is written where its words are to begin with a capital."""
    return f"{place[:1]}{place[1:2].upper()}{place[2:]}"


def filled_line(text: str, counts: Mapping[str, int] | None, language: str) -> str:
    """One line of a text with every count in it; without counts, as it is written."""
    return PLACE.sub(lambda found: _said(found, counts, language), text) if counts is not None else text


def open_line(text: str, number: str) -> str:
    """One line of a text before its counts are known: `number` stands for each."""

    def say(found: re.Match[str]) -> str:
        wanted = _wanted(found)
        return found[0] if wanted is None else wanted.forms.get("other", "#").replace("#", number)

    return PLACE.sub(say, text)


def refuse_counts(content: Content) -> None:
    """Refuse a text that counts who signs where nobody need sign: it would say that nobody does. Raises FormRefused."""
    found = [place for one in content.editions for place in placeholders(one)]
    if found:
        raise FormRefused({"purpose": Message("silence-counts", {"places": "  ".join(found)})})


def counts_of(organisations: int, individuals: int) -> dict[str, int]:
    """The value of each placeholder."""
    return {
        "organisations": organisations,
        "individuals": individuals,
        "signatories": organisations + individuals,
    }


def _texts(edition: Edition) -> Iterator[str]:
    yield from (getattr(edition, name) for name in (*TEXTS, *MARKDOWN))
    yield from (quote.text for quote in edition.quotes)


def _found(edition: Edition, *, understood: bool) -> tuple[str, ...]:
    found = (one for text in _texts(edition) for one in PLACE.finditer(text))
    return tuple(dict.fromkeys(one[0] for one in found if (_wanted(one) is not None) is understood))


def _wanted(found: re.Match[str]) -> _Wanted | None:
    name, said = found[1], found[2].split("|")[1:]
    lower = name[:1].lower() + name[1:]
    forms = {key: form for key, colon, form in (one.partition(":") for one in said) if colon}
    flags = [one.strip() for one in said if ":" not in one]
    known = lower in NAMES and set(forms) <= set(FORMS) and set(flags) <= {"words", "feminine"}
    if not known or (forms and "other" not in forms):
        return None
    return _Wanted(lower, name != lower, "words" in flags, "feminine" in flags, forms)


def _said(found: re.Match[str], counts: Mapping[str, int], language: str) -> str:
    wanted = _wanted(found)
    if wanted is None or wanted.name not in counts:
        return found[0]
    number = counts[wanted.name]

    def say() -> str:
        return in_words(number, language, feminine=wanted.feminine) if wanted.words else in_digits(number, language)

    if wanted.forms:
        form = wanted.forms.get(noun_form(number, language), wanted.forms["other"])
        said = form.replace("#", say()) if "#" in form else form
    else:
        said = say()
    return said[:1].upper() + said[1:] if wanted.capital else said
