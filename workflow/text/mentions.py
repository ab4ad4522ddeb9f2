"""Names as they are looked for in words: however a text spaces, joins, marks or writes them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from workflow.text.content import Content, Edition

# Underscores are no part of a word: in Markdown they make it slanted.
WORD = re.compile(r"[^\W_]+")
ARABIC = re.compile("[\u0600-\u06ff]")
TATWEEL = "\u0640"
LEAST_NAME = 5
TAKEN_OUT = " · "
LINES = ("headline", "label", "date", "place", "lead_paragraph", "body", "ends", "notes")
LISTS = ("addressees", "cc")


def words_in(text: str) -> str:
    """The words of a text with one blank around each: "Lakeside-Relief" and "lakeside relief" are the same, and so is
    a word with marks above or below it, as vowels are written in Arabic."""
    bare = (one for one in unicodedata.normalize("NFKD", text).casefold() if unicodedata.category(one) != "Mn")
    return f" {' '.join(WORD.findall(''.join(bare).replace(TATWEEL, '')))} "


def sought(name: str) -> str:
    """A name as it is looked for in words: in Arabic with what is written together with it ("and", "for") before it."""
    words = words_in(name)
    return words[1:] if ARABIC.match(words[1:]) else words


def named(text: str, names: Iterable[str], but: Iterable[str] = ()) -> bool:
    """Whether words hold one of these names. What is very short names nobody.

    `but` are names that may stand there. The longer name is seen first: who may be named as "Relief" does not open
    "Lakeside Relief", and who may be named as "Lakeside Relief Society" is not taken for that either.
    """
    said = words_in(text)
    allowed = {sought(one) for one in but}
    looked_for = {sought(one) for one in names if len(one) >= LEAST_NAME} - allowed
    for one in sorted(allowed | looked_for, key=len, reverse=True):
        if not one.strip() or one not in said:
            continue
        if one in looked_for:
            return True
        while one in said:
            said = said.replace(one, TAKEN_OUT)
    return False


def parts(edition: Edition) -> Iterator[tuple[str, str]]:
    """All words of an edition that a reader sees, each with the name of its field in a form."""
    for field in LINES:
        yield field, getattr(edition, field)
    for field in LISTS:
        for one in getattr(edition, field):
            yield field, one
    for at, quote in enumerate(edition.quotes):
        for part, words in vars(quote).items():
            yield f"quotes-{at}-{part}", words
    for at, contact in enumerate(edition.contacts):
        for part, words in vars(contact).items():
            yield f"contacts-{at}-{part}", words


def names_in_edition(edition: Edition, names: Iterable[str]) -> list[str]:
    """The fields of an edition whose words hold one of these names."""
    known = list(names)
    return [field for field, words in parts(edition) if words and named(words, known)]


def names_in_content(content: Content, names: Iterable[str]) -> bool:
    """Whether a text names somebody in any of its editions, quotes included."""
    known = list(names)
    return any(names_in_edition(one, known) for one in content.editions)
