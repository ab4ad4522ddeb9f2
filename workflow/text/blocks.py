"""The blocks of a text, in the order of the page: what a remark can stand on, and what people call each.

A block is one paragraph, list item, quotation, placed quote, footnote or line. Its text is what a reader sees, with
single blanks and without marks; the marks of footnotes are left out, for they count anew with every new footnote.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from workflow.rules.refusals import Message
from workflow.text.collation import comma
from workflow.text.commonmark import Parsed, parse, words
from workflow.text.content import Edition, Quote

LABEL, HEADLINE, ADDRESSEE, LEAD, BODY, QUOTE, FOOTNOTE, ENDS, NOTES = PARTS = (
    *("label", "headline", "addressee", "lead_paragraph", "body", "quote", "footnote", "ends", "notes"),
)
KEYS = {ADDRESSEE: "to", LEAD: "lead", BODY: "b", QUOTE: "q", FOOTNOTE: "f", NOTES: "n"}
# There is one of each, so it has no number.
ALONE = (LABEL, HEADLINE, LEAD, ENDS)


@dataclass(frozen=True)
class Block:
    """One block: `key` addresses it within its revision, `number` counts as a person would."""

    key: str
    part: str
    number: int
    text: str


def blocks(edition: Edition) -> list[Block]:
    """Every block of an edition, in the order of the page. Raises InputRefused where the text cannot be read."""
    body = [block for _, block in of_body(edition, parse(edition.body, quotes=len(edition.quotes)))]
    notes = [block for _, block in of_notes(parse(edition.notes, field="notes"))]
    lines = [
        (LABEL, [edition.label]),
        (HEADLINE, [edition.headline]),
        (ADDRESSEE, edition.addressees),
        (LEAD, [edition.lead_paragraph]),
    ]
    before = [block for part, texts in lines for block in _lines(part, texts)]
    return [*before, *body, *_lines(ENDS, [edition.ends]), *notes]


def of_body(edition: Edition, parsed: Parsed) -> Iterator[tuple[Token, Block]]:
    """The blocks of a parsed body, each with the token that holds its words."""
    paragraphs = footnotes = footnote = 0
    for token in parsed.tokens:
        if token.type == "statement_quote":
            number = token.meta["number"]
            yield token, _block(QUOTE, number, quoted_words(edition.quotes[number - 1], edition.language))
        elif token.type == "footnote_open":
            footnote = token.meta["id"] + 1
        elif not (text := _words_of(token)):
            continue
        elif footnote:
            footnotes += 1
            yield token, Block(f"{KEYS[FOOTNOTE]}{footnotes}", FOOTNOTE, footnote, text)
        else:
            paragraphs += 1
            yield token, _block(BODY, paragraphs, text)


def of_notes(parsed: Parsed) -> Iterator[tuple[Token, Block]]:
    """The blocks of parsed notes to editors, each with the token that holds its words."""
    told = ((token, text) for token in parsed.tokens if (text := _words_of(token)))
    for number, (token, text) in enumerate(told, 1):
        yield token, _block(NOTES, number, text)


def label(block: Block) -> Message:
    """What a person calls a block: "paragraph 3", "the headline"."""
    return Message(f"place.{block.part}", {} if block.part in ALONE else {"number": block.number})


def name_of(part: str, key: str, language: str = "") -> Message | None:
    """What a person calls the block `key`, without the text; None for footnotes, which count otherwise than blocks.

    `language` is that of a translation in which it stands, and is then named too.
    """
    if part not in PARTS or part == FOOTNOTE:
        return None
    number = key.lstrip("abcdefghijklmnopqrstuvwxyz")
    place = label(Block(key, part, int(number) if number.isdigit() else 0, ""))
    return Message("place.in-edition", {"place": place, "in_language": language}) if language else place


def attribution(quote: Quote, language: str) -> str:
    """Who is quoted: "Speaker, role, organisation", without what is empty."""
    return comma(language).join(part for part in (quote.speaker, quote.role, quote.organisation) if part)


def quoted_paragraphs(quote: Quote) -> list[str]:
    """What was said, paragraph by paragraph."""
    return [part.strip() for part in re.split(r"\n[ \t]*\n", quote.text) if part.strip()]


def quoted_words(quote: Quote, language: str) -> str:
    """A quote as its block has it: what was said, then who said it."""
    return plain(" ".join([*quoted_paragraphs(quote), attribution(quote, language)]))


def plain(text: str) -> str:
    """`text` on one line with single blanks: how often and where a line breaks does not matter."""
    return " ".join(text.split())


def _words_of(token: Token) -> str:
    return plain(words(token.children or [])) if token.type == "inline" else ""


def _lines(part: str, texts: Iterable[str]) -> list[Block]:
    return [_block(part, number, plain(text)) for number, text in enumerate(texts, 1) if plain(text)]


def _block(part: str, number: int, text: str) -> Block:
    name = KEYS.get(part, part)
    return Block(name if part in ALONE else f"{name}{number}", part, number, text)
