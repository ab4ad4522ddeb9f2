"""HTML from elsewhere as a small tree: parsed as browsers do, without scripts, and never deeper than can be walked."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

DEPTH_LIMIT = 60
# What nests deeper than anybody writes would take its length squared to be parsed, so it is not even begun.
TAGS_LIMIT, OPEN_LIMIT = 50_000, 500
TAGS = {
    *("a", "b", "strong", "i", "em", "span", "font", "sup", "sub", "s", "strike", "del", "ins", "u", "br", "img"),
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr", "dl", "dt", "dd"),
    *("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "section", "article", "header", "footer"),
    *("main", "aside", "figure", "figcaption", "center", "address", "nav"),
}
UNSAID = {"script", "style", "title", "template", "noscript", "textarea", "select", "object", "svg", "math", "head"}
LOOKS = {"font-weight", "font-style", "text-decoration", "text-decoration-line", "display", "margin-left"} | {
    *("mso-list", "mso-element", "mso-hide", "mso-footnote-id", "mso-endnote-id"),
}
ATTRIBUTES = {"*": {"style", "class", "id"}, "a": {"href", "name"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
VOID = ("br", "img", "hr")
CLOSED_BY_THEMSELVES = {*VOID, "p", "li", "td", "th", "tr", "dd", "dt", "meta", "link", "col", "wbr", "input", "o"}
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")


@dataclass(eq=False)
class Node:
    """An element with what stands in it: further elements and text."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node | str]" = field(default_factory=list)
    parent: "Node | None" = None

    @property
    def looks(self) -> dict[str, str]:
        """The inline style as names and values, small letters."""
        pairs = (part.partition(":") for part in self.attributes.get("style", "").lower().split(";"))
        return {name.strip(): value.strip() for name, _, value in pairs if value}

    @property
    def classes(self) -> str:
        return self.attributes.get("class", "")

    def walk(self) -> "Iterator[Node]":
        """This element and every one within it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def words(self) -> str:
        """All text within."""
        return "".join(child if isinstance(child, str) else child.words() for child in self.children)


def tree_of(html: str) -> Node:
    """The tree of a page or a fragment. Raises ValueError where it is too large or too deep to be one."""
    if _too_deep(html):
        raise ValueError("too many tags")
    clean = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=UNSAID,
        attributes=ATTRIBUTES,
        filter_style_properties=LOOKS,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    builder = _Builder()
    builder.feed(clean)
    builder.close()
    return builder.root


def _too_deep(html: str) -> bool:
    """Whether a tag is opened and not closed more often than anybody nests, or there are more than in a long text."""
    opened: Counter[str] = Counter()
    for count, match in enumerate(TAG.finditer(html)):
        tag = match[2].lower()
        opened[tag] += -1 if match[1] else 1
        if count > TAGS_LIMIT or (opened[tag] > OPEN_LIMIT and tag not in CLOSED_BY_THEMSELVES):
            return True
    return False


class _Builder(HTMLParser):
    """Builds the tree from HTML that nh3 has written: every element in it is closed where it ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.at = Node("root")
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.depth += 1
            if self.depth > DEPTH_LIMIT:
                return  # its words stay, in what it stands in
        node = Node(tag, {name: value or "" for name, value in attrs}, parent=self.at)
        self.at.children.append(node)
        if tag not in VOID:
            self.at = node

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        self.depth -= 1
        if self.depth < DEPTH_LIMIT and self.at.parent is not None:
            self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)
