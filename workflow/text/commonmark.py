"""The part of CommonMark that a statement may use, as a list of tokens.

Paragraphs, emphasis, links, lists, quotes, hard breaks and footnotes. Everything else (headings, code,
images, HTML, rules) stays on the page as it was typed: words that were signed never vanish.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.hr import hr
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref

from workflow.rules.refusals import InputRefused, Message

SOURCE_LIMIT = 200_000
BRACKETS_LIMIT = 20_000
MAX_NESTING = 20
SCHEMES = ("http://", "https://", "mailto:")
FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,100}\]")
UNSEEN = "unseen_footnotes"
QUOTE_PLACE = re.compile(r"\[\[quote ([1-9][0-9]{0,2})\]\]")


@dataclass
class Parsed:
    """A parsed source: block tokens, the words of links without a target, and which quotes it places."""

    tokens: list[Token]
    env: dict[str, Any] = field(default_factory=dict)
    targetless: list[str] = field(default_factory=list)
    placed: set[int] = field(default_factory=set)


def parse(source: str, *, quotes: int = 0, field: str = "body") -> Parsed:
    """Tokens of `source`, of which `quotes` quotes can be placed. Refuses what is too long or too nested."""
    if len(source) > SOURCE_LIMIT:
        raise InputRefused(field, Message("too-long", {"limit": SOURCE_LIMIT, "length": len(source)}))
    # Each may begin a link, so each is looked at for its end: the dearest sign there is.
    if source.count("[") > BRACKETS_LIMIT:
        raise InputRefused(field, Message("too-many-brackets", {"limit": BRACKETS_LIMIT}))
    env: dict[str, Any] = {}
    parsed = Parsed(PARSER.parse(source, env), env)
    for token in parsed.tokens:
        # Deeper than this the parser drops what it has not read; a signed text must not lose words silently.
        if token.nesting == 1 and token.level >= MAX_NESTING - 1:
            raise InputRefused(field, Message("too-nested"))
        if token.children:
            _refuse_titles(token.children, field)
            token.children = _without_refused_links(token.children, parsed.targetless)
    if unseen := env.get(UNSEEN):
        raise InputRefused(field, Message("footnote-unseen", {"mark": unseen[0]}))
    parsed.tokens = _place_quotes(parsed, quotes)
    return parsed


def _refuse_titles(children: list[Token], field: str) -> None:
    """A link's title is on no page: whoever signs would not see it."""
    for child in children:
        if child.type == "link_open" and child.attrGet("title"):
            raise InputRefused(field, Message("link-title", {"title": str(child.attrGet("title"))[:80]}))


def words(children: list[Token]) -> str:
    """The bare words of inline tokens, without any mark."""
    return "".join(" " if child.type in ("softbreak", "hardbreak") else child.content for child in children)


def _without_refused_links(children: list[Token], targetless: list[str]) -> list[Token]:
    """The same tokens; a link that leads nowhere allowed keeps its words only."""
    kept: list[Token] = []
    refused_at, empty = -1, False
    for child in children:
        if child.type == "link_open":
            href = str(child.attrGet("href") or "")
            if not href.lower().startswith(SCHEMES):
                refused_at, empty = len(kept), href in ("", "#")
                continue
        elif child.type == "link_close" and refused_at >= 0:
            # Links do not nest, so this one closes the refused one.
            targetless += [words(kept[refused_at:])] if empty else []
            refused_at = -1
            continue
        kept.append(child)
    return kept


def _place_quotes(parsed: Parsed, quotes: int) -> list[Token]:
    """Paragraphs that say `[[quote 1]]` become quotes; the quotes nobody placed follow the last block."""
    result: list[Token] = []
    tokens = parsed.tokens
    at = 0
    while at < len(tokens):
        number = _quote_number(tokens, at)
        if 0 < number <= quotes:
            parsed.placed.add(number)
            result.append(_quote_token(number, tokens[at].map))
            at += 3
        else:
            result.append(tokens[at])
            at += 1
    end = next((i for i, token in enumerate(result) if token.type == "footnote_block_open"), len(result))
    result[end:end] = [_quote_token(n, None) for n in range(1, quotes + 1) if n not in parsed.placed]
    return result


def _quote_number(tokens: list[Token], at: int) -> int:
    if tokens[at].type != "paragraph_open" or tokens[at].level:
        return 0
    match = QUOTE_PLACE.fullmatch(tokens[at + 1].content.strip())
    return int(match[1]) if match else 0


def _quote_token(number: int, lines: list[int] | None) -> Token:
    return Token("statement_quote", "", 0, meta={"number": number}, map=lines, block=True)


def _image_mark(state: StateInline, silent: bool) -> bool:
    """Images stay as typed: take `![` as text, so that what follows is not read as a link."""
    if not state.src.startswith("![", state.pos):
        return False
    if not silent:
        state.pending += "!["
    state.pos += 2
    return True


def _footnote_mark(state: StateInline, silent: bool) -> bool:
    """The plugin's rule behind a bounded look: alone it reads to the end of the text at every `[^`."""
    return FOOTNOTE_MARK.match(state.src, state.pos) is not None and footnote_ref(state, silent)


def _note_unseen(state: StateCore) -> None:
    """Note the footnotes that the plugin is about to drop: those nobody refers to, or written twice."""
    marks = [token.meta["label"] for token in state.tokens if token.type == "footnote_reference_open"]
    refs = state.env.get("footnotes", {}).get("refs", {})
    unseen = [mark for mark in marks if refs.get(f":{mark}", -1) < 0 or marks.count(mark) > 1]
    if unseen:
        state.env[UNSEEN] = unseen


def _rule_as_text(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line of dashes stays a paragraph of dashes (and is not read as nested empty lists)."""
    if not hr(state, start, end, True):
        return False
    if silent:
        return True
    text = state.getLines(start, start + 1, state.blkIndent, False).strip()
    state.line = start + 1
    state.push("paragraph_open", "p", 1).map = [start, state.line]
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = text, [start, state.line], []
    state.push("paragraph_close", "p", -1)
    return True


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False, "maxNesting": MAX_NESTING})
    # "reference": a definition that nothing refers to would be signed and stand on no page; so all stay as typed.
    parser.disable(["reference"])
    parser.disable(["code", "fence", "heading", "lheading", "html_block", "html_inline", "image", "backticks"])
    parser.use(footnote_plugin, inline=False)
    parser.block.ruler.at("hr", _rule_as_text, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.inline.ruler.at("footnote_ref", _footnote_mark)
    parser.core.ruler.before("footnote_tail", "unseen_footnotes", _note_unseen)
    parser.inline.ruler.before("link", "image_mark", _image_mark)
    # Every target is read as a link here; which of them stay links is decided on the tokens, where the
    # words of the refused ones can be kept.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    return parser


PARSER = _parser()
