"""Several editions of one text: whether they can stand together, and where a translation says something else.

Differences of numbers, links, quotes and places of counts between an edition and the authoritative one are pointed
out, and never refused: who translates knows better.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable

from workflow.rules.refusals import FormRefused, Message
from workflow.text.checking import check
from workflow.text.content import Content, Edition
from workflow.text.placeholders import placeholders

MOST_EDITIONS = 30
LINK = re.compile(r"\]\(\s*<?([^\s)>]+)|<((?:https?|mailto):[^>\s]+)>")
NOWHERE = "#"
NUMBER = re.compile(r"\d+(?:[.,\u066b\u066c]\d+)*")
SEPARATORS = re.compile("[.,\u066b\u066c]")
PLACE = re.compile(r"\{(\w{1,40})[^{}\n]*\}")
QUOTE_MARK = re.compile(r"\[\[quote \d+\]\]", re.IGNORECASE)
MOST_NAMED = 5


def check_content(content: Content, *, complete: bool = False) -> Content:
    """The text with every edition made regular, or FormRefused.

    Problems of the authoritative edition by their fields; of a translation one for each, under `editions`.
    """
    authoritative = check(content.authoritative, complete=complete)
    return check_together(Content((authoritative, *(_translation(one, complete) for one in content.translations))))


def check_together(content: Content) -> Content:
    """Refuse what cannot be one text: too many editions, or two in one language. Raises FormRefused."""
    if len(content.editions) > MOST_EDITIONS:
        problem = Message("too-many", {"limit": MOST_EDITIONS, "count": len(content.editions)})
        raise FormRefused({"language": problem})
    twice = [language for language, count in Counter(content.languages).items() if count > 1]
    if twice:
        raise FormRefused({"language": Message("edition.language-twice", {"in_language": twice[0]})})
    return content


def _translation(edition: Edition, complete: bool) -> Edition:
    try:
        return check(edition, complete=complete)
    except FormRefused as refused:
        problem = next(iter(refused.problems.values()))
        said = Message("edition.incomplete", {"in_language": edition.language, "problem": problem})
        raise FormRefused({"editions": said}) from refused


def begun_from(authoritative: Edition, language: str) -> Edition:
    """What a translation begins with: all parts of the authoritative edition, to be written over."""
    return Edition(**{**vars(authoritative), "language": language})


def compared(authoritative: Edition, edition: Edition) -> list[Message]:
    """Where a translation differs from the authoritative edition in what every language writes alike."""
    found: list[Message] = []
    if authoritative.date != edition.date:
        found.append(Message("edition.other-date"))
    if len(authoritative.quotes) != len(edition.quotes):
        numbers = {"there": len(authoritative.quotes), "here": len(edition.quotes)}
        found.append(Message("edition.other-quotes", numbers))
    for many, looked in DIFFERENCES.items():
        missing, more = _apart(looked(authoritative), looked(edition))
        if missing:
            found.append(Message(f"edition.{many}-missing", {"these": missing}))
        if more:
            found.append(Message(f"edition.{many}-more", {"these": more}))
    return found


def _apart(one: Iterable[str], other: Iterable[str]) -> tuple[str, str]:
    """What is in the one and not in the other, and the other way round, as one line each."""
    first, second = Counter(one), Counter(other)
    return _told(first - second), _told(second - first)


def _told(found: Counter[str]) -> str:
    names = list(found)
    return "  ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")


def _texts(edition: Edition) -> list[str]:
    quotes = [quote.text for quote in edition.quotes]
    parts = (edition.headline, edition.lead_paragraph, edition.body, edition.notes, edition.ends)
    return [QUOTE_MARK.sub("", part) for part in (*parts, *quotes)]


def _links(edition: Edition) -> list[str]:
    found = (one[1] or one[2] for text in _texts(edition) for one in LINK.finditer(text))
    return [address for address in found if address != NOWHERE]


def _numbers(edition: Edition) -> list[str]:
    """The numbers in a text in the digits that all languages can be held against: 1,200 and ١٬٢٠٠ are the same."""
    bare = (PLACE.sub("", LINK.sub("](", text)) for text in _texts(edition))
    found = (_digits(number) for text in bare for number in NUMBER.findall(text))
    return [number for number in found if len(number) > 1]  # a single digit is a word in many languages


def _digits(number: str) -> str:
    plain = SEPARATORS.sub("", number)
    return "".join(str(unicodedata.digit(digit)) for digit in plain)


def _places(edition: Edition) -> list[str]:
    """What is counted in a text; how the number is written is the language's own."""
    return [f"{{{found[1].lower()}}}" for place in placeholders(edition) if (found := PLACE.match(place))]


def _mails(edition: Edition) -> list[str]:
    return [contact.mail for contact in edition.contacts if contact.mail]


DIFFERENCES: dict[str, Callable[[Edition], Iterable[str]]] = {
    "numbers": _numbers,
    "links": _links,
    "counts": lambda edition: set(_places(edition)),
    "mails": _mails,
}
