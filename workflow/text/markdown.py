"""A text as a reader sees it: safe HTML for pages, plain text for mails and pasting, Markdown for copying.

All three walk the tokens of `commonmark.parse`, so that they show the same words.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import nh3
from markdown_it.token import Token
from markupsafe import Markup

from workflow.text.blocks import attribution, quoted_paragraphs
from workflow.text.commonmark import PARSER, Parsed, parse
from workflow.text.content import Edition, Quote

TAGS = {
    *("p", "br", "em", "strong", "a", "ol", "ul", "li", "blockquote"),
    *("figure", "figcaption", "section", "sup"),
}
CLASSES = {
    "figure": {"quote"},
    "section": {"footnotes"},
    "sup": {"footnote-ref"},
    "ol": {"footnotes-list"},
    "li": {"footnote-item"},
    "a": {"footnote-backref"},
}
ATTRIBUTES = {"a": {"href", "id"}, "li": {"id"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
MARKS = re.compile(r"([\\`*_\[\]<>&])")
# Around marks that copies have or have not, where that is asked for. No text holds them (checking.UNPRINTABLE).
LOOSE, FIRM = "\ufdd0", "\ufdd1"
LINE_MARKS = re.compile(r"^(\s*)([#+\-=~]|[0-9]{1,9}(?=[.)]))", re.MULTILINE)


def body_html(edition: Edition, *, prefix: str = "") -> Markup:
    """The body with its quotes. `prefix` keeps footnote addresses apart where a page shows several texts."""
    return _html(parse(edition.body, quotes=len(edition.quotes)), edition, prefix)


def notes_html(edition: Edition, *, prefix: str = "notes") -> Markup:
    """The notes to editors."""
    return _html(parse(edition.notes, field="notes"), edition, prefix)


def body_text(edition: Edition, *, loose: bool = False) -> str:
    """The body with its quotes as plain text: paragraphs between blank lines, no marks, no final line end.

    `loose`: the marks of lists, footnotes and quotes, which copies of other forms have not, stand between LOOSE and
    FIRM.
    """
    return _Text(edition, loose=loose).render(parse(edition.body, quotes=len(edition.quotes)).tokens)


def told_body(edition: Edition) -> tuple[str, list[tuple[str, int, str]]]:
    """The body as plain text, and what it consists of, in that order: "paragraph", "quote" or "footnote", its number
    as a person counts, its text."""
    told = _Text(edition)
    return told.render(parse(edition.body, quotes=len(edition.quotes)).tokens), told.paragraphs


def prose(edition: Edition) -> tuple[str, str]:
    """The words of the body and of the notes alone, without the addresses of links."""
    body, notes = _Text(edition, addresses=False), _Text(edition, addresses=False)
    return (
        body.render(parse(edition.body, quotes=len(edition.quotes)).tokens),
        notes.render(parse(edition.notes, field="notes").tokens),
    )


def link_targets(edition: Edition) -> list[str]:
    """Where the links of the body and the notes lead, in their order."""
    tokens = [
        *parse(edition.body, quotes=len(edition.quotes)).tokens,
        *parse(edition.notes, field="notes").tokens,
    ]
    children = (child for token in tokens for child in token.children or [])
    return [str(child.attrGet("href") or "") for child in children if child.type == "link_open"]


def notes_text(edition: Edition, *, loose: bool = False) -> str:
    """The notes to editors as plain text; `loose` as in body_text."""
    return _Text(edition, loose=loose).render(parse(edition.notes, field="notes").tokens)


def body_markdown(edition: Edition) -> str:
    """The source of the body with its quotes written out as Markdown quotes."""
    parsed = parse(edition.body, quotes=len(edition.quotes))
    lines = edition.body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rest: list[str] = []
    # From the end, so that the line numbers of the places before stay right.
    for token in reversed([token for token in parsed.tokens if token.type == "statement_quote"]):
        quote = _quote_markdown(edition.quotes[token.meta["number"] - 1], edition.language)
        if token.map:
            lines[token.map[0] : token.map[1]] = quote.split("\n")
        else:
            rest.insert(0, quote)
    return "\n\n".join([block for block in ["\n".join(lines).strip("\n"), *rest] if block])


def links_without_target(source: str) -> list[str]:
    """The words of every `[words](#)` and `[words]()`: links whose address was never filled in."""
    return parse(source).targetless


# HTML -------------------------------------------------------------------------------------------


def quote_figure(_renderer: object, tokens: Sequence[Token], at: int, _options: object, env: Mapping[str, Any]) -> str:
    """A placed quote."""
    edition: Edition = env["edition"]
    quote = edition.quotes[tokens[at].meta["number"] - 1]
    texts = [escape(text).replace("\n", "<br>") for text in quoted_paragraphs(quote)]
    caption = attribution(quote, edition.language)
    said_by = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    paragraphs = "".join(f"<p>{text}</p>" for text in texts)
    return f'<figure class="quote"><blockquote>{paragraphs}</blockquote>{said_by}</figure>\n'


def _footnotes_begin(*_: object) -> str:
    return '<section class="footnotes">\n<ol class="footnotes-list">\n'


def _html(parsed: Parsed, edition: Edition, prefix: str) -> Markup:
    # A second belt: what the parser lets through by mistake still meets an allow-list.
    return Markup(  # noqa: S704
        nh3.clean(
            rendered(parsed, edition, prefix),
            tags=TAGS,
            attributes=ATTRIBUTES,
            allowed_classes=CLASSES,
            url_schemes=SCHEMES,
            link_rel="noopener",
        )
    )


def rendered(parsed: Parsed, edition: Edition, prefix: str) -> str:
    """The HTML of a parsed text, not yet held against an allow-list."""
    env = {**parsed.env, "edition": edition, **({"docId": prefix} if prefix else {})}
    return str(PARSER.renderer.render(parsed.tokens, PARSER.options, env))


# Plain text -------------------------------------------------------------------------------------


class _Text:
    """Renders block tokens as plain text; one instance per text."""

    def __init__(self, edition: Edition, *, addresses: bool = True, loose: bool = False) -> None:
        self.edition = edition
        self.addresses = addresses
        self.around = (LOOSE, FIRM) if loose else ("", "")
        self.tokens: list[Token] = []
        self.at = 0
        self.footnote = self.counted = 0
        self.paragraphs: list[tuple[str, int, str]] = []

    def render(self, tokens: list[Token]) -> str:
        self.tokens, self.at = tokens, 0
        return "\n\n".join(self._blocks(""))

    def _blocks(self, closing: str) -> list[str]:
        """Blocks up to the token that closes this level; each a string without outer blank lines."""
        blocks: list[str] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.type == closing:
                break
            blocks += self._block(token)
        return [block for block in blocks if block.strip()]

    def _block(self, token: Token) -> list[str]:
        if token.type == "inline":
            return [self._told(_inline_text(token.children or [], addresses=self.addresses))]
        if token.type == "statement_quote":
            number = token.meta["number"]
            quote = self.edition.quotes[number - 1]
            return [self._told(_quote_text(quote, self.edition.language, *self.around), quote=number)]
        if token.type in ("bullet_list_open", "ordered_list_open"):
            return [self._list(token)]
        if token.type == "blockquote_open":
            mark = self._loose("> ")
            return [_indented("\n\n".join(self._blocks("blockquote_close")), mark, mark)]
        if token.type == "footnote_open":
            self.footnote = token.meta["id"] + 1
            mark = f"[{self.footnote}] "
            return [_indented("\n\n".join(self._blocks("footnote_close")), self._loose(mark), " " * len(mark))]
        return []

    def _loose(self, mark: str) -> str:
        return mark.join(self.around)

    def _told(self, text: str, quote: int = 0) -> str:
        if quote:
            self.paragraphs.append(("quote", quote, text))
        elif self.footnote:  # footnotes stand last
            self.paragraphs.append(("footnote", self.footnote, text))
        elif text.strip():
            self.counted += 1
            self.paragraphs.append(("paragraph", self.counted, text))
        return text

    def _list(self, opening: Token) -> str:
        number = int(opening.attrGet("start") or 1) if opening.type == "ordered_list_open" else None
        if opening.attrGet("start") == 0:
            number = 0
        items: list[str] = []
        tight = True
        closing = opening.type.replace("open", "close")
        while self.tokens[self.at].type != closing:
            self.at += 1  # the opening of an item
            following = self.tokens[self.at]
            tight = tight and not (following.type == "paragraph_open" and not following.hidden)
            mark = "• " if number is None else f"{number + len(items)}. "
            blocks = self._blocks("list_item_close")
            items.append(_indented(("\n" if tight else "\n\n").join(blocks), self._loose(mark), " " * len(mark)))
        self.at += 1
        return ("\n" if tight else "\n\n").join(items)


def _indented(text: str, first: str, following: str) -> str:
    """Text behind a mark; its following lines are set in, empty ones stay empty."""
    head, *rest = text.split("\n")
    return "\n".join([(first + head).rstrip(), *((following + line).rstrip() for line in rest)])


def _inline_text(children: list[Token], *, addresses: bool = True) -> str:
    """Words without marks; an address stands behind the words of its link unless they say it already."""
    out: list[str] = []
    opened_at, href = 0, ""
    for child in children:
        if child.type == "link_open":
            opened_at, href = len(out), str(child.attrGet("href") or "")
        elif child.type == "link_close":
            shown = "".join(out[opened_at:])
            if addresses and shown not in (href, href.removeprefix("mailto:")):
                out.append(f" ({href})")
        elif child.type == "footnote_ref":
            out.append(f"[{child.meta['id'] + 1}]")
        elif child.type == "softbreak":
            out.append(" ")
        elif child.type == "hardbreak":
            out.append("\n")
        else:
            out.append(child.content)
    return "".join(out)


def _quote_text(quote: Quote, language: str, loose: str = "", firm: str = "") -> str:
    caption = attribution(quote, language)
    text = "\n\n".join(quoted_paragraphs(quote))
    said = f"{loose}“{firm}{text}{loose}”"
    return f"{said} — {firm}{caption}" if caption else f"{said}{firm}"


# Markdown ---------------------------------------------------------------------------------------


def _quote_markdown(quote: Quote, language: str) -> str:
    text = "\n\n".join(escaped(text) for text in quoted_paragraphs(quote))
    caption = attribution(quote, language)
    said_by = [f"— {escaped(caption)}"] if caption else []
    return _indented("\n\n".join([f"“{text}”", *said_by]), "> ", "> ")


def escaped(text: str) -> str:
    """People's words are text: what Markdown would read as a mark gets a backslash."""
    return LINE_MARKS.sub(_escaped_line_mark, MARKS.sub(r"\\\1", text)).replace("\n", "\\\n")


def _escaped_line_mark(match: re.Match[str]) -> str:
    space, mark = match[1], match[2]
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


PARSER.add_render_rule("statement_quote", quote_figure)
PARSER.add_render_rule("footnote_block_open", _footnotes_begin)
