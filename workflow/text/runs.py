"""Words with their marks as Markdown, written so that our parser reads back exactly these words.

First little is escaped, for somebody will go on writing in it; what comes out is parsed and compared, and only
where it would be read otherwise more is escaped, and in the end the marks are left away, never a word.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from markdown_it.token import Token

from workflow.rules.refusals import InputRefused
from workflow.text.commonmark import PARSER, parse
from workflow.text.markdown import escaped

ENTITY = re.compile(r"&(?=#?\w{1,32};)")
TAG_LIKE = re.compile(r"<(?=[A-Za-z/!?])")
LONE_LOW_LINE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
BEFORE_LINK = re.compile(r"!(?=\[|$)")
BRACKETS = re.compile(r"([\[\]])")
LOOKS_LIKE_LINK = re.compile(r"\]\s*[(:\[]|\[\^|\[\[")
MARKING = re.compile(r"[-+](?=\s|$)|#{1,6}(?=\s|$)|>|~~~|[0-9]{1,9}[.)](?=\s|$)")
HARMLESS = re.compile(r"(?:[^\W_]|[ ,.;:'’‘“”\"()?/%–—،؛؟-])*")
MANY = 300
IN_ADDRESS = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C", '"': "%22", "|": "%7C"}
Marked = list[tuple[str, bool, bool, str]]


@dataclass(frozen=True)
class Run:
    """Words that look alike. `note`: the mark of a footnote that is referred to here, in place of words."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""
    note: str = ""


def tidy(runs: Iterable[Run]) -> list[Run]:
    """The same words with single blanks; LF only where a line is broken, never at an edge."""
    joined: list[Run] = []
    for run in runs:
        if joined and not (run.note or joined[-1].note) and replace(run, text="") == replace(joined[-1], text=""):
            joined[-1] = replace(run, text=joined[-1].text + run.text)
        else:
            joined.append(run)
    result: list[Run] = []
    before = "\n"
    for run in joined:
        text = run.text if run.note else _single_blanks(run.text)
        if before in " \n" and not run.note:
            text = text.lstrip(" \n" if before == "\n" else " ")
        if text.startswith("\n") and result and not result[-1].note:
            result[-1] = replace(result[-1], text=result[-1].text.rstrip(" "))
        if text or run.note:
            result.append(replace(run, text=text))
            before = (text or "x")[-1]
    while result and not result[-1].note and not result[-1].text.strip():
        result.pop()
    if result and not result[-1].note:
        result[-1] = replace(result[-1], text=result[-1].text.rstrip())
    return [run for run in result if run.text or run.note]


def _single_blanks(text: str) -> str:
    text = re.sub("[ \t\u00a0]*[ \t][ \t\u00a0]*|\u00a0{2,}", " ", text)
    return re.sub(r"[ \u00a0]*\n[ \u00a0]*", "\n", text)


def plain(runs: Iterable[Run]) -> str:
    """The bare words."""
    return "".join("" if run.note else run.text for run in runs)


def written(runs: Sequence[Run]) -> str:
    """One paragraph of Markdown for tidy runs; a broken line ends in a backslash."""
    text = runs[0].text
    if list(runs) == [Run(text)] and _line_starts(text) == text and HARMLESS.fullmatch(text):
        return text
    without_italics = [replace(run, italic=False) for run in runs]
    without_marks = [replace(run, bold=False) for run in without_italics]
    for _, alike in groupby((list(runs), without_italics, without_marks)):
        if found := _tried(next(alike)):
            return found
    bare = "".join(f"[^{run.note}]" if run.note else escaped(run.text) for run in runs)
    return bare if _words(_read(bare)) == _words(_marked(runs)) else escaped(plain(runs))


def _tried(runs: Sequence[Run]) -> str:
    """The first way of writing that is read back as it is meant; empty where none is."""
    wanted = _marked(runs)
    # A paragraph of very many pieces is nobody's writing: it gets one try.
    orders = _orders(runs) if len(runs) < MANY else _orders(runs)[:1]
    for order, italic in orders:
        for escape in (_lightly, _heavily):
            for shrink in (False, True):
                found = _line_starts(_emit(list(runs), order, italic, escape(runs), shrink))
                if _read(found) == wanted:
                    return found
    return ""


def _orders(runs: Sequence[Run]) -> list[tuple[tuple[str, ...], str]]:
    """Which mark stands outside of which, the likeliest first; and the sign of italics."""
    if not any(run.bold or run.italic or run.href for run in runs):
        return [(("href",), "*")]
    looks: dict[str, set[tuple[bool, bool]]] = {}
    for run in runs:
        if run.href:
            looks.setdefault(run.href, set()).add((run.bold, run.italic))
    mixed = any(len(seen) > 1 for seen in looks.values())
    inside = (("href", "bold", "italic"), ("href", "italic", "bold"))
    outside = (("bold", "italic", "href"), ("italic", "bold", "href"))
    return [(order, sign) for order in ((*inside, *outside) if mixed else (*outside, *inside)) for sign in "*_"]


# Writing ----------------------------------------------------------------------------------------


def _lightly(runs: Sequence[Run]) -> Callable[[Run], str]:
    whole = plain(runs)
    brackets = bool(LOOKS_LIKE_LINK.search(whole))

    def escape(run: Run) -> str:
        text = run.text.replace("\\", "\\\\").replace("*", "\\*").replace("`", "\\`")
        text = LONE_LOW_LINE.sub(r"\\_", TAG_LIKE.sub(r"\\<", ENTITY.sub(r"\\&", text)))
        if brackets or run.href:
            text = BRACKETS.sub(r"\\\1", text)
        return BEFORE_LINK.sub(r"\\!", text)

    return escape


def _heavily(_runs: Sequence[Run]) -> Callable[[Run], str]:
    return lambda run: re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", run.text)


def _emit(runs: list[Run], order: tuple[str, ...], italic: str, escape: Callable[[Run], str], shrink: bool) -> str:
    if not order:
        return "".join(f"[^{run.note}]" if run.note else escape(run) for run in runs)
    mark, *rest = order
    parts = []
    for value, group in groupby(runs, key=lambda run: getattr(run, mark)):
        inner = _emit(list(group), tuple(rest), italic, escape, shrink)
        parts.append(_wrapped(inner, mark, value, italic, shrink) if value else inner)
    return "".join(parts)


def _wrapped(inner: str, mark: str, value: str, italic: str, shrink: bool) -> str:
    """Words between marks; blanks at their edges stand outside, and signs too where marks would not hold."""
    lead, core, trail = _cored(inner, r"\s*")
    if not core:
        return inner
    if mark == "href":
        if core == value and core.startswith(("http://", "https://")) and not re.search(r"[\s<>\\]", core):
            return f"{lead}<{core}>{trail}"
        return f"{lead}[{core}]({_address(value)}){trail}"
    if shrink:
        before, core, after = _cored(core, r"(?:\\?[^\w\s\\*_\[\]()<>]|\s)*")
        if not core:
            return inner
        lead, trail = lead + before, after + trail
    sign = "**" if mark == "bold" else italic
    return f"{lead}{sign}{core}{sign}{trail}"


def _cored(text: str, edge: str) -> tuple[str, str, str]:
    lead = re.match(edge, text)
    begins = lead.end() if lead else 0
    core = text[begins:]
    for end in range(len(core), 0, -1):
        if not re.fullmatch(edge, core[end - 1]) or (end > 1 and core[end - 2] == "\\"):
            return text[:begins], core[:end], core[end:]
    return text, "", ""


def _address(href: str) -> str:
    return ENTITY.sub(r"\\&", "".join(IN_ADDRESS.get(char, char) for char in href))


def _line_starts(text: str) -> str:
    """Lines that would begin a list, a quotation or a heading begin with a backslash; broken lines end in one."""
    return "\\\n".join(map(_unmarked, text.split("\n")))


def _unmarked(line: str) -> str:
    found = MARKING.match(line)
    if not found:
        return line
    if found[0][0].isdigit():
        return f"{found[0][:-1]}\\{line[found.end() - 1 :]}"
    return f"\\{line}"


# Reading back -----------------------------------------------------------------------------------


def _words(marked: Marked) -> str:
    return "".join(char for char, *_ in marked)


def _marked(runs: Sequence[Run]) -> Marked:
    """Every character that is not blank with its marks; a footnote counts as one character.

    Whether a sign is bold is nothing that anybody reads, and where marks do not hold it may have to be otherwise.
    """
    found: Marked = []
    for run in runs:
        if run.note:
            found.append((f"[^{run.note}]", False, False, ""))
            continue
        href = PARSER.normalizeLink(_address(run.href).replace("\\&", "&")) if run.href else ""
        found += [_mark(char, run.bold, run.italic, href) for char in run.text if not char.isspace()]
    return found


def _read(source: str) -> Marked:
    marks = dict.fromkeys(re.findall(r"\[\^([0-9]{1,6})\]", source))
    notes = "".join(f"\n\n[^{mark}]: x" for mark in marks)
    try:
        tokens = parse(source + notes).tokens
    except InputRefused:
        return []
    if len(tokens) < 3 or tokens[0].type != "paragraph_open" or not _alone(tokens[3:]):
        return []
    return _flat(tokens[1].children or [])


def _alone(tokens: list[Token]) -> bool:
    return not tokens or tokens[0].type == "footnote_block_open"


def _flat(children: list[Token]) -> Marked:
    found: Marked = []
    bold = italic = 0
    href = ""
    for child in children:
        if child.type in ("strong_open", "strong_close"):
            bold += child.nesting
        elif child.type in ("em_open", "em_close"):
            italic += child.nesting
        elif child.type in ("link_open", "link_close"):
            href = str(child.attrGet("href") or "") if child.nesting == 1 else ""
        elif child.type == "footnote_ref":
            found.append((f"[^{child.meta['label']}]", False, False, ""))
        else:
            found += [_mark(char, bold > 0, italic > 0, href) for char in child.content if not char.isspace()]
    return found


def _mark(char: str, bold: bool, italic: bool, href: str) -> tuple[str, bool, bool, str]:
    word = char.isalnum()
    return char, bold and word, italic and word, href
