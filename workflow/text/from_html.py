"""From the HTML of Word, Google Docs and others to our Markdown: bold, italics, links, lists, quotations, footnotes.

What we have no mark for keeps its words; what has no words (pictures) is left out and said in a warning.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlsplit

from workflow.rules.refusals import InputRefused, Message
from workflow.text.checking import UNPRINTABLE, UNSEEN
from workflow.text.commonmark import SCHEMES, SOURCE_LIMIT
from workflow.text.html_blocks import Block, Para, Part, Quoted, block_of, joined
from workflow.text.html_tree import Node, tree_of
from workflow.text.lists import DEPTH_LIMIT, Listed, Nested, gathered
from workflow.text.notes import Notes, notes_of
from workflow.text.runs import Run, tidy

HTML_LIMIT = 1_500_000
# Each is written and read back to be sure of it, which costs; no statement has as many.
PARTS_LIMIT = 20_000
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = {
    *("p", "div", "pre", "section", "article", "header", "footer", "main", "aside", "nav", "figure", "figcaption"),
    *("center", "address", "dl", "dt", "dd", "caption"),
}
SET_IN = ("ul", "ol", "li", "blockquote")
QUOTES = re.compile(r"\bMso(Intense)?Quote\b")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# Google Docs leads every link past itself.
REDIRECT = re.compile(r"https?://www\.google\.[a-z.]{2,10}/url\?", re.IGNORECASE)
WARNINGS = ("pictures-left-out", "tables-as-lines", "links-without-place", "struck-words", "removed-words", "remarks")


@dataclass(frozen=True)
class Converted:
    """What HTML said: its blocks, the footnotes behind them, and what somebody should look at."""

    blocks: tuple[Block, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    warnings: tuple[Message, ...] = ()

    @property
    def markdown(self) -> str:
        """All of it as one text."""
        return joined(self.blocks, self.notes)


def from_html(html: str, first_note: int = 1) -> Converted:
    """What a page or a fragment says, its footnotes numbered from `first_note`.

    Raises InputRefused where it is more than a statement can be.
    """
    if len(html) > HTML_LIMIT:
        raise InputRefused("html", Message("too-long", {"limit": HTML_LIMIT, "length": len(html)}))
    try:
        tree = tree_of(html)
    except ValueError:
        raise InputRefused("html", Message("too-nested")) from None
    if (length := len(tree.words())) > 2 * SOURCE_LIMIT:
        raise InputRefused("html", Message("too-long", {"limit": SOURCE_LIMIT, "length": length}))
    return _Reading(tree, first_note).converted()


@dataclass(frozen=True)
class Look:
    """How the words at one place look."""

    bold: bool = False
    italic: bool = False
    href: str = ""
    raised: bool = False


@dataclass
class _Flow:
    """Blocks in the making: what is finished, and the words of the paragraph that is being read."""

    parts: list[Part] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    def end(self, level: int = 0) -> None:
        """The paragraph ends; two broken lines in a row end one too."""
        runs, self.runs = tidy(self.runs), []
        for paragraph in _split(runs):
            self.parts.append(Para(paragraph, level))


class _Reading:
    """Walks one tree."""

    def __init__(self, tree: Node, first_note: int) -> None:
        self.tree = tree
        self.counts: Counter[str] = Counter()
        self.depth = 0
        self.notes: Notes = notes_of(tree, first_note)

    def converted(self) -> Converted:
        parts = self._parts(self.tree)
        if len(parts) > PARTS_LIMIT:
            raise InputRefused("html", Message("too-many-paragraphs", {"limit": PARTS_LIMIT, "count": len(parts)}))
        blocks = [block_of(part) for part in parts]
        notes = []
        for mark, node in self.notes.texts.items():
            said = "\n\n".join(block_of(part).markdown for part in self._parts(node))
            notes.append((mark, said))
        self.counts["remarks"] += self.notes.remarks
        warnings = [Message(name, {"count": self.counts[name]}) for name in WARNINGS if self.counts[name]]
        return Converted(tuple(blocks), tuple(notes), tuple(warnings))

    def _parts(self, node: Node, look: Look = Look()) -> list[Part]:
        flow = _Flow()
        self.depth += 1
        self._children(node, look, flow)
        self.depth -= 1
        flow.end()
        return gathered(flow.parts)

    def _children(self, node: Node, look: Look, flow: _Flow) -> None:
        for child in node.children:
            if isinstance(child, str):
                self._text(child, look, flow, kept=node.tag == "pre")
            elif child not in self.notes.left_out:
                self._element(child, look, flow)

    def _text(self, text: str, look: Look, flow: _Flow, *, kept: bool) -> None:
        text = UNSEEN.sub("", UNPRINTABLE.sub("", text))
        if not kept:
            text = re.sub(r"[ \t\r\n\f]+", " ", text)
        if look.raised and re.fullmatch(r"\s*[0-9]+\s*", text):
            text = text.translate(RAISED)
        flow.runs.append(Run(text, look.bold, look.italic, look.href))

    def _element(self, node: Node, look: Look, flow: _Flow) -> None:
        if node in self.notes.marks:
            flow.runs.append(Run("", note=self.notes.marks[node]))
        elif self._unsaid(node):
            return
        elif node.tag == "br":
            flow.runs.append(Run("\n"))
        elif node.tag == "hr":
            flow.end()
        elif node.tag == "table":
            self._table(node, flow)
        elif node.tag in SET_IN and self.depth > DEPTH_LIMIT:  # deeper than anybody follows: the words go on
            flow.end()
            self._children(node, look, flow)
            flow.end()
        elif node.tag in ("ul", "ol"):
            flow.end()
            flow.parts.append(self._list(node))
        elif node.tag == "li":  # one without its list
            flow.end()
            flow.parts.append(Nested(False, 1, [self._parts(node, look)]))
        elif node.tag == "blockquote" or QUOTES.search(node.classes):
            flow.end()
            flow.parts.append(Quoted(self._parts(node, look)))
        elif node.tag in HEADINGS or node.tag in BLOCKS:
            self._paragraph(node, look, flow)
        else:
            self._children(node, self._look(node, look), flow)

    def _unsaid(self, node: Node) -> bool:
        """Whether nobody sees the element; what should be told of that is counted."""
        looks = node.looks
        if node.tag == "img":
            self.counts["pictures-left-out"] += 1
            return True
        if node.tag == "del" or "msoDel" in node.classes:
            self.counts["removed-words"] += 1
            return True
        if node.tag in ("s", "strike") or "line-through" in looks.get("text-decoration", ""):
            self.counts["struck-words"] += 1
        return looks.get("display") == "none" or looks.get("mso-hide") == "all"

    def _paragraph(self, node: Node, look: Look, flow: _Flow) -> None:
        flow.end()
        if item := self.notes.item(node):
            inner = self._parts(node, look)
            flow.parts.append(Listed(item.level, item.start, inner))
            return
        level = HEADINGS.get(node.tag, 0)
        self._children(node, replace(look, bold=False) if level else self._look(node, look), flow)
        flow.end(level)

    def _look(self, node: Node, look: Look) -> Look:
        looks = node.looks
        weight, slant = looks.get("font-weight", ""), looks.get("font-style", "")
        bold = look.bold or node.tag in ("b", "strong")
        italic = look.italic or node.tag in ("i", "em")
        if weight:
            bold = weight.startswith("bold") or (weight.isdigit() and int(weight) >= 600)
        if slant:
            italic = slant in ("italic", "oblique")
        href = self._target(node) if node.tag == "a" else look.href
        return Look(bold, italic, href, look.raised or node.tag == "sup")

    def _target(self, node: Node) -> str:
        href = re.sub(r"\s+", "", node.attributes.get("href", ""))
        if REDIRECT.match(href):
            href = parse_qs(urlsplit(href).query).get("q", [href])[0]
        if href.lower().startswith(SCHEMES):
            return href
        named = href.startswith("#") or {"name", "id"} & node.attributes.keys()
        self.counts["links-without-place"] += not named and bool(node.words().strip())
        return ""

    def _list(self, node: Node) -> Nested:
        start = node.attributes.get("start", "1")
        made = Nested(node.tag == "ol", int(start) if re.fullmatch("[0-9]{1,8}", start) else 1, [])
        for child in node.children:
            if isinstance(child, str) or child in self.notes.left_out:
                continue
            if child.tag in ("ul", "ol") and made.items:  # as Google Docs nests them
                made.items[-1].append(self._list(child))
            elif child.tag == "li":
                made.items.append(self._parts(child))
            else:
                made.items.append(self._parts(Node("li", children=[child])))
        return made

    def _table(self, node: Node, flow: _Flow) -> None:
        """Each row is a line, its cells apart by upright lines; a table of one cell is a frame around its text."""
        flow.end()
        rows = [one for one in node.walk() if one.tag == "tr"]
        cells = [[cell for cell in row.children if isinstance(cell, Node)] for row in rows]
        if max(map(len, cells), default=0) < 2:
            flow.parts += [part for row in cells for cell in row for part in self._parts(cell)]
            return
        self.counts["tables-as-lines"] += 1
        for row in cells:
            for number, cell in enumerate(row):
                flow.runs += [Run(" | ")] if number else []
                flow.runs += _in_one_line(self._parts(cell))
            flow.runs.append(Run("\n"))
        flow.end()


def _in_one_line(parts: Sequence[Part]) -> list[Run]:
    runs: list[Run] = []
    for part in parts:
        within: Iterable[Sequence[Part]] = ()
        if isinstance(part, Para):
            runs += [Run(" "), *(replace(run, text=run.text.replace("\n", " ")) for run in part.runs)]
        elif isinstance(part, Nested):
            within = part.items
        elif isinstance(part, Quoted | Listed):
            within = [part.parts]
        for inner in within:
            runs += _in_one_line(inner)
    return runs


def _split(runs: Sequence[Run]) -> list[list[Run]]:
    """Where two lines or more are broken at once, a paragraph ends."""
    paragraphs: list[list[Run]] = [[]]
    for run in runs:
        first, *rest = re.split(r"\n{2,}", run.text)
        paragraphs[-1].append(replace(run, text=first))
        paragraphs += [[replace(run, text=text)] for text in rest]
    return [tidied for tidied in map(tidy, paragraphs) if tidied]
