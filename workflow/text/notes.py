"""What a page says by marks between elements: footnotes and where they are referred to, remarks, Word's list items."""

import re
from dataclasses import dataclass, field

from workflow.text.html_tree import Node

CONTAINERS = ("li", "div", "section", "aside", "p", "dd", "td")
REMARK = re.compile(r"(_?cmnt|_msocom|_com_|_anchor)", re.IGNORECASE)
LEVEL = re.compile(r"\blevel([1-9])\b")
BULLET = re.compile(r"[·•▪▫■□●○◦‣⁃–—§*o\uf0b7\uf0a7\uf0d8-]")
NUMBER = re.compile(r"\(?([0-9]{1,8})[.)]")
TYPED_MARK = re.compile(
    r"[\s\u00a0]*(?:([·•▪■●○◦§\uf0b7\uf0a7]|[o–-](?=[\s\u00a0]))|\(?([0-9]{1,4})[.)](?=[\s\u00a0]))"
)


@dataclass(frozen=True)
class Item:
    """A paragraph that Word shows as an item of a list."""

    level: int
    start: int | None


@dataclass
class Notes:
    """Footnotes by their marks: where they are referred to, and the elements that hold them; what to leave out."""

    marks: dict[Node, str] = field(default_factory=dict)
    texts: dict[str, Node] = field(default_factory=dict)
    left_out: set[Node] = field(default_factory=set)
    remarks: int = 0
    first: int = 1

    def item(self, node: Node) -> Item | None:
        """How a paragraph stands in a list, where it does; its bullet or number is left out from now on."""
        said = node.looks.get("mso-list", "")
        if not (LEVEL.search(said) or "MsoListParagraph" in node.classes):
            return None
        level = int(match[1]) if (match := LEVEL.search(said)) else 1
        shown = [one for one in node.walk() if one.looks.get("mso-list", "") == "ignore"]
        if shown:
            self.left_out.add(shown[0])
            mark = shown[0].words().strip(" \u00a0\t\r\n")
            number = NUMBER.fullmatch(mark)
            if BULLET.fullmatch(mark) or len(mark) == 1:
                return Item(level, None)
            return Item(level, int(number[1]) if number else 1)
        return Item(level, *typed) if (typed := _typed_mark(node)) else None


def _typed_mark(node: Node) -> tuple[int | None] | None:
    """The bullet or number with which the words of a paragraph begin, cut off them."""
    for one in node.walk():
        for at, child in enumerate(one.children):
            if not isinstance(child, str) or not child.strip():
                continue
            if not (found := TYPED_MARK.match(child)):
                return None
            one.children[at] = child[found.end() :].lstrip(" \u00a0\t\r\n")
            return (int(found[2]) if found[2] else None,)
    return None


def notes_of(tree: Node, first: int = 1) -> Notes:
    """The footnotes of a page, numbered from `first`: a link to a note, and in the note a link back to it."""
    found = Notes(first=first)
    named: dict[str, Node] = {}
    for node in tree.walk():
        for name in (node.attributes.get("id", ""), node.attributes.get("name", "")):
            if name:
                named.setdefault(name, node)
    for node in list(tree.walk()):
        if _is_remark(node):
            found.left_out.add(node)
            found.remarks += node.tag == "a" and REMARK.match(node.attributes["href"][1:]) is not None
        elif node.tag == "a" and node.attributes.get("href", "").startswith("#"):
            _note(node, named, found)
    _leave_out_back_links(found)
    return found


def _is_remark(node: Node) -> bool:
    if "MsoCommentReference" in node.classes or node.looks.get("mso-element", "").startswith("comment"):
        return True
    href = node.attributes.get("href", "")
    return node.tag == "a" and href.startswith("#") and REMARK.match(href[1:]) is not None


def _names(node: Node) -> set[str]:
    return {node.attributes.get("id", ""), node.attributes.get("name", "")} - {""}


def _note(link: Node, named: dict[str, Node], found: Notes) -> None:
    """Where `link` leads to a note that leads back to it, keep both. What stands in a note refers to nothing."""
    target = named.get(link.attributes["href"][1:])
    container = _container(target) if target is not None else None
    if container is None or _within(link, {container, *found.texts.values()}):
        return
    mark = next((mark for mark, node in found.texts.items() if node is container), "")
    if not mark and not _leads_back(container, link):
        return
    mark = mark or str(len(found.texts) + found.first)
    found.texts[mark] = container
    found.left_out.add(container)
    found.marks[link] = mark


def _container(target: Node) -> Node | None:
    """The element that holds the whole note: Word's and LibreOffice's paragraphs stand in one of their own."""
    node: Node | None = target
    while node is not None and node.tag not in CONTAINERS:
        node = node.parent
    parent = node.parent if node is not None else None
    if node is None or parent is None or node.tag != "p":
        return node
    first = next((one for one in parent.children if isinstance(one, Node)), None)
    named = parent.tag == "div" and bool(_names(parent)) and first is node
    return parent if named or parent.tag in ("li", "aside") else node


def _within(node: Node, containers: set[Node]) -> bool:
    at: Node | None = node
    while at is not None:
        if at in containers:
            return True
        at = at.parent
    return False


def _leads_back(container: Node, link: Node) -> bool:
    back = {f"#{name}" for node in (link, link.parent) if node for name in _names(node)}
    return any(one.attributes.get("href", "") in back for one in container.walk() if one.tag == "a")


def _leave_out_back_links(found: Notes) -> None:
    marks = {name for link in found.marks for node in (link, link.parent) if node for name in _names(node)}
    for container in found.texts.values():
        for one in container.walk():
            if one.tag == "a" and one.attributes.get("href", "")[1:] in marks:
                found.left_out.add(one)
