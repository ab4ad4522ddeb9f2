"""Rewording: other words for a passage, put into the source exactly where a reader sees the old ones, or not at all.

Nothing is trusted but the outcome: the text is read again, and must be the old one with these words changed and no
other. So marks in the middle of the words, or words that cannot be told from their equals, are a refusal.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from workflow.rules.refusals import FormRefused, InputRefused, SuggestionConflict
from workflow.text.anchoring import Place
from workflow.text.blocks import (
    ADDRESSEE,
    BODY,
    ENDS,
    FOOTNOTE,
    HEADLINE,
    LABEL,
    LEAD,
    NOTES,
    QUOTE,
    Block,
    blocks,
    of_body,
    of_notes,
    plain,
)
from workflow.text.checking import check
from workflow.text.commonmark import parse
from workflow.text.content import Edition
from workflow.text.markdown import escaped

ONE_LINE = {LABEL: "label", HEADLINE: "headline", LEAD: "lead_paragraph", ENDS: "ends"}
MARKDOWN = {BODY: "body", FOOTNOTE: "body", NOTES: "notes"}
LONGEST = 10_000
# So many characters are read again at most while it is looked for which of several equal words are meant.
MOST_READ = 1_000_000
PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
# What may stand between two words of a paragraph in Markdown, and in plain words.
MARKDOWN_SEAM, PLAIN_SEAM = r"(?:[ \t]*\\?\n[ \t>]*|[^\S\n]+)", r"\s+"
PARAGRAPHS = re.compile(r"\n\s*\n")

Put = Callable[[str], Edition]
Part = TypeVar("Part")


def reworded(edition: Edition, place: Place, proposed: str) -> Edition:
    """`edition` with exactly the words at `place` replaced by `proposed`: text, never markup; none strikes them.

    Raises SuggestionConflict where that cannot be done without guessing.
    """
    block = next((one for one in blocks(edition) if one.key == place.block), None)
    if block is None or place.last != place.block or block.text[place.start : place.end] != place.exact:
        raise SuggestionConflict(why="marks")
    if PARAGRAPHS.search(proposed.strip()):
        raise SuggestionConflict(why="paragraphs")
    words = plain(proposed)
    wanted = _wanted(edition, block, plain(block.text[: place.start] + words + block.text[place.end :]))
    read = [_read_again(one) for one in _candidates(edition, block, place.exact, words)]
    if read and not any(read):
        raise SuggestionConflict(why="unfit")
    found = {one for one in read if one is not None and _seen(one) == wanted}
    if len(found) != 1:
        raise SuggestionConflict(why="marks")
    return found.pop()


def _wanted(edition: Edition, changed: Block, text: str) -> list[tuple[str, str]]:
    told = [(one.part, text if one.key == changed.key else one.text) for one in blocks(edition)]
    return [one for one in told if one[1]]


def _seen(edition: Edition) -> list[tuple[str, str]]:
    return [(one.part, one.text) for one in blocks(edition)]


def _read_again(edition: Edition) -> Edition | None:
    try:
        return check(edition)
    except (FormRefused, InputRefused):
        return None


def _candidates(edition: Edition, block: Block, exact: str, words: str) -> Iterator[Edition]:
    """The edition with the words replaced at each place of the block's source where they could be meant."""
    source, first, last, put = _source(edition, block)
    marked = block.part in MARKDOWN
    if len(exact) > LONGEST:
        raise SuggestionConflict(why="marks")
    pattern = re.compile(f"(?=({_pattern(exact, marked=marked)}))")
    read = 0
    for match in pattern.finditer(source, first, last):
        read += len(source)
        if read > MOST_READ:
            raise SuggestionConflict(why="marks")
        begin, end = match.span(1)
        if not words:
            begin, end = _with_blank(source, begin, end)
        yield put(source[:begin] + (escaped(words) if marked else words) + source[end:])


def _pattern(exact: str, *, marked: bool) -> str:
    """What the words may look like in the source: with other blanks, in Markdown with backslashes before marks."""
    if not marked:
        return PLAIN_SEAM.join(map(re.escape, exact.split()))
    return MARKDOWN_SEAM.join("".join(map(_sign, word)) for word in exact.split())


def _sign(sign: str) -> str:
    return (r"\\?" if sign in PUNCTUATION else "") + re.escape(sign)


def _with_blank(source: str, begin: int, end: int) -> tuple[int, int]:
    """Words that are struck go with the blank before them, or at the beginning of a line with the one behind them."""
    before = len(source[:begin].rstrip(" \t"))
    if before < begin and (end == len(source) or source[end] in " \t\n"):
        return before, end
    behind = end + len(source[end:]) - len(source[end:].lstrip(" \t"))
    return (begin, behind) if begin == 0 or source[begin - 1] == "\n" else (begin, end)


def _source(edition: Edition, block: Block) -> tuple[str, int, int, Put]:
    """The source in which a block stands, from where to where in it, and how another source is put in its place."""
    if block.part in ONE_LINE:
        field = ONE_LINE[block.part]
        source = str(getattr(edition, field))
        return source, 0, len(source), lambda text: replace(edition, **{field: text})
    at = block.number - 1
    if block.part == ADDRESSEE:
        given = edition.addressees
        return given[at], 0, len(given[at]), lambda text: replace(edition, addressees=_with(given, at, text))
    if block.part == QUOTE:
        quotes = edition.quotes
        said = quotes[at].text
        return (
            *(said, 0, len(said)),
            lambda text: replace(edition, quotes=_with(quotes, at, replace(quotes[at], text=text))),
        )
    return _markdown_source(edition, block)


def _markdown_source(edition: Edition, block: Block) -> tuple[str, int, int, Put]:
    if MARKDOWN[block.part] == "notes":
        source, told = edition.notes, of_notes(parse(edition.notes, field="notes"))
    else:
        source, told = edition.body, of_body(edition, parse(edition.body, quotes=len(edition.quotes)))
    token = next(token for token, one in told if one.key == block.key)
    lines = token.map or [0, 0]
    begins = [0]
    for line in source.split("\n"):
        begins.append(begins[-1] + len(line) + 1)
    first, last = begins[lines[0]], min(begins[lines[1]], len(source))
    return source, first, last, lambda text: replace(edition, **{MARKDOWN[block.part]: text})


def _with(parts: tuple[Part, ...], at: int, part: Part) -> tuple[Part, ...]:
    return (*parts[:at], part, *parts[at + 1 :])
