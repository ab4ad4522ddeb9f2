"""A text as plain values, for whoever sets it in type: blocks of words with their marks, no markup in any."""

from typing import Any

from markdown_it.token import Token

from workflow.text.blocks import attribution, quoted_paragraphs
from workflow.text.collation import locale_for
from workflow.text.commonmark import parse
from workflow.text.content import Edition

Values = dict[str, Any]
PLAIN: Values = {"bold": False, "italic": False, "href": "", "shown": ""}


def body_sheet(edition: Edition) -> Values:
    """The body with its quotes: `parts`, the `notes` at its foot by their numbers, and a `key` that is its own."""
    return _Sheet(edition, "body").read(parse(edition.body, quotes=len(edition.quotes)).tokens)


def notes_sheet(edition: Edition) -> Values:
    """The notes to editors, in the same shape."""
    return _Sheet(edition, "notes").read(parse(edition.notes, field="notes").tokens)


class _Sheet:
    """Walks the tokens of one text."""

    def __init__(self, edition: Edition, key: str) -> None:
        self.edition, self.key = edition, key
        self.notes: dict[str, list[Values]] = {}
        self.seen: set[int] = set()
        self.tokens: list[Token] = []
        self.at = 0
        self.in_note = False

    def read(self, tokens: list[Token]) -> Values:
        self.tokens = tokens
        parts = self._blocks("")
        # A note that only another note refers to has no place at the foot of a page: it stands behind the text.
        for number in [number for number in self.notes if int(number) not in self.seen]:
            mark = {"text": f"[{int(number) + 1}]", **PLAIN}
            parts += [{"is": "paragraph", "runs": [mark]}, *self.notes.pop(number)]
        return {"key": self.key, "parts": parts, "notes": self.notes}

    def _blocks(self, closing: str) -> list[Values]:
        parts: list[Values] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.type == closing:
                break
            parts += self._block(token)
        return parts

    def _block(self, token: Token) -> list[Values]:
        if token.type == "inline":
            return [{"is": "paragraph", "runs": self._runs(token.children or [])}]
        if token.type == "statement_quote":
            return [self._quote(token.meta["number"])]
        if token.type in ("bullet_list_open", "ordered_list_open"):
            return [self._list(token)]
        if token.type == "blockquote_open":
            return [{"is": "quotation", "parts": self._blocks("blockquote_close")}]
        if token.type == "footnote_open":
            self.in_note = True
            self.notes[str(token.meta["id"])] = self._blocks("footnote_close")
            self.in_note = False
        return []

    def _quote(self, number: int) -> Values:
        quote = self.edition.quotes[number - 1]
        marks = locale_for(self.edition.language)
        return {
            "is": "quote",
            "paragraphs": quoted_paragraphs(quote),
            "by": attribution(quote, self.edition.language),
            "opening": "«" if marks.text_direction == "rtl" else "“",
            "closing": "»" if marks.text_direction == "rtl" else "”",
        }

    def _list(self, opening: Token) -> Values:
        closing = opening.type.replace("open", "close")
        items, tight = [], True
        while self.tokens[self.at].type != closing:
            self.at += 1  # the opening of an item
            following = self.tokens[self.at]
            tight = tight and not (following.type == "paragraph_open" and not following.hidden)
            items.append(self._blocks("list_item_close"))
        self.at += 1
        start = opening.attrGet("start")
        return {
            "is": "list",
            "ordered": opening.type == "ordered_list_open",
            "start": 1 if start is None else int(start),
            "tight": tight,
            "items": items,
        }

    def _runs(self, children: list[Token]) -> list[Values]:
        runs: list[Values] = []
        bold = italic = opened_at = 0
        href = ""
        for child in children:
            if child.type in ("strong_open", "strong_close"):
                bold += child.nesting
            elif child.type in ("em_open", "em_close"):
                italic += child.nesting
            elif child.type == "link_open":
                href, opened_at = str(child.attrGet("href") or ""), len(runs)
            elif child.type == "link_close":
                _show_address(runs, opened_at, href)
                href = ""
            elif child.type == "footnote_ref":
                runs.append(self._mark(int(child.meta["id"])))
            elif child.type == "hardbreak":
                runs.append({"break": True})
            else:
                text = " " if child.type == "softbreak" else child.content
                if text:
                    runs.append({"text": text, "bold": bold > 0, "italic": italic > 0, "href": href, "shown": ""})
        return runs

    def _mark(self, note: int) -> Values:
        if self.in_note:
            return {"text": f"[{note + 1}]", **PLAIN}
        first = note not in self.seen
        self.seen.add(note)
        return {"note": note, "first": first}


def _show_address(runs: list[Values], opened_at: int, href: str) -> None:
    """Behind the last words of a link stands where it leads, unless the words say so."""
    words = "".join(run.get("text", "") for run in runs[opened_at:])
    last = next((run for run in reversed(runs[opened_at:]) if "text" in run), None)
    if last is not None and words not in (href, href.removeprefix("mailto:")):
        last["shown"] = href.removeprefix("mailto:")
