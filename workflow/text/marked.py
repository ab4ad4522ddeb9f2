"""A text on whose passages remarks are made: safe HTML in which every block has an address, and a mark behind it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import nh3
from markdown_it.token import Token
from markupsafe import Markup

from workflow.text.blocks import Block, of_body, of_notes
from workflow.text.commonmark import PARSER, Parsed, parse
from workflow.text.content import Edition
from workflow.text.markdown import ATTRIBUTES, CLASSES, SCHEMES, TAGS, quote_figure, rendered

# What a mark may be made of: links and spans.
MARKED_TAGS = TAGS | {"span"}
MARKED_CLASSES = {
    **CLASSES,
    "span": {"passage", "passage-tools", "visually-hidden"},
    "figure": {"quote", "passage"},
    "a": {"footnote-backref", "passage-link", "passage-remarks"},
}
MARKED_ATTRIBUTES = {
    **ATTRIBUTES,
    "a": {"href", "id", "data-place"},
    "span": {"id", "data-block", "lang", "dir"},
    "figure": {"id", "data-block"},
}

Marks = Mapping[str, str]


def marked_body_html(edition: Edition, marks: Marks, *, prefix: str = "") -> Markup:
    """The body with its quotes; behind each block the HTML that `marks` has for its key."""
    parsed = parse(edition.body, quotes=len(edition.quotes))
    return _html(parsed, of_body(edition, parsed), edition, marks, prefix)


def marked_notes_html(edition: Edition, marks: Marks, *, prefix: str = "notes") -> Markup:
    """The notes to editors, marked like the body."""
    parsed = parse(edition.notes, field="notes")
    return _html(parsed, of_notes(parsed), edition, marks, prefix)


def passage_id(key: str) -> str:
    """The address of a block on a page."""
    return f"text-{key}"


def _html(parsed: Parsed, found: Iterable[tuple[Token, Block]], edition: Edition, marks: Marks, prefix: str) -> Markup:
    blocks = {id(token): block.key for token, block in found}
    tokens: list[Token] = []
    for token in parsed.tokens:
        key = blocks.get(id(token))
        told = {**token.meta, "key": key, "mark": marks.get(key, "")} if key else {}
        if key and token.type == "inline":
            tokens += [_token("passage_open", told), token, _token("passage_close", told)]
        else:
            tokens.append(_token("marked_quote", told) if key else token)
    parsed.tokens = tokens
    return Markup(  # noqa: S704
        nh3.clean(
            rendered(parsed, edition, prefix),
            tags=MARKED_TAGS,
            attributes=MARKED_ATTRIBUTES,
            allowed_classes=MARKED_CLASSES,
            url_schemes=SCHEMES,
            link_rel="noopener",
        )
    )


def _token(kind: str, told: dict[str, Any]) -> Token:
    return Token(kind, "", 0, meta=told)


def _begin(_renderer: object, tokens: Sequence[Token], at: int, *_: object) -> str:
    return f'<span class="passage" {_address(tokens[at])}>'


def _end(_renderer: object, tokens: Sequence[Token], at: int, *_: object) -> str:
    return f"</span>{tokens[at].meta['mark']}"


def _quote(renderer: object, tokens: Sequence[Token], at: int, options: object, env: Mapping[str, Any]) -> str:
    figure = quote_figure(renderer, tokens, at, options, env)
    inner = figure.removeprefix('<figure class="quote">').rstrip().removesuffix("</figure>")
    return f'<figure class="quote passage" {_address(tokens[at])}>{inner}{tokens[at].meta["mark"]}</figure>\n'


def _address(token: Token) -> str:
    key = token.meta["key"]
    return f'id="{passage_id(key)}" data-block="{key}"'


PARSER.add_render_rule("passage_open", _begin)
PARSER.add_render_rule("passage_close", _end)
PARSER.add_render_rule("marked_quote", _quote)
