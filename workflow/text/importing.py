"""Reading what people bring: a statement with front matter, or the plain shape of a press release.

The plain shape is a label, a date (day first), a headline, paragraphs, and `Signatories:` with the names
behind it. Members come as CSV, see `members.py`.
"""

import re
import tomllib
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from workflow.rules.refusals import FileRefused, FormRefused, InputRefused, Message
from workflow.text.checking import check, clean_line
from workflow.text.commonmark import SOURCE_LIMIT
from workflow.text.content import Edition, MediaContact, Quote
from workflow.text.days import day_in
from workflow.text.markdown import links_without_target
from workflow.text.members import MemberRow, read_members

__all__ = ["Imported", "MemberRow", "read_members", "read_statement"]

FILE_LIMIT = 2 * SOURCE_LIMIT
DOTS_LIMIT = 20_000_000
FENCE = "+++"
SIGNATORIES = re.compile(
    r"[*_#\s]*(?:signatories|الموقعون|الموقّعون|المنظمات الموقعة|الجهات الموقعة)\s*:[*_\s]*(.*)", re.IGNORECASE
)
# The words may hold a pair of brackets and one line end after the other, as in CommonMark; their length is bounded, so
# that no file takes long.
EMPTY_LINK = re.compile(
    r"(?<![\\!])\[((?:[^\[\]\\\n]|\\.|\n(?![ \t]{0,99}\n)|\[[^\[\]\n]{0,200}\]){1,500})\]\([ \t]{0,9}#?[ \t]{0,9}\)"
)
KIND_BY_LABEL = {"open letter": "open-letter", "joint statement": "joint-statement"}
TEXTS = ("kind", "label", "date", "place", "headline", "language", "lead_paragraph", "ends", "notes")
NAMES = ("addressees", "cc")
PARTS: dict[str, tuple[str, type[Quote] | type[MediaContact]]] = {
    "quote": ("quotes", Quote),
    "contact": ("contacts", MediaContact),
}


@dataclass(frozen=True)
class Imported:
    """A file as an edition; the names it gives as signatories, in its order; what somebody should look at; the language
    that it says itself, where it does."""

    edition: Edition
    signatories: tuple[str, ...] = ()
    warnings: tuple[Message, ...] = ()
    named_language: str = ""


def read_statement(source: str, default_language: str = "en") -> Imported:
    """A statement from a file's text, in either shape. Raises FileRefused with the line where it can."""
    if len(source) > FILE_LIMIT:
        raise FileRefused(Message("file-too-long", {"limit": FILE_LIMIT}))
    lines = re.split(r"\r\n?|\n", source.removeprefix("\ufeff"))
    start = next((at for at, line in enumerate(lines) if line.strip()), None)
    if start is None:
        raise FileRefused(Message("file-empty"))
    if lines[start].rstrip() == FENCE:
        values, after = _front_matter(lines, start)
    else:
        values, after = _plain_head(lines, start)
    body, signatories, warnings = names_under(lines, after)
    named_language = "language" in values
    values = {"language": default_language, "kind": "press-release", **values, "body": body}
    written = checked(Edition(**{"headline": "", **values}))
    notes = without_empty_links(written.notes)
    edition = replace(written, body=without_empty_links(written.body), notes=notes)
    for source_text in (written.body, written.notes):
        targetless = links_without_target(source_text)
        warnings += [Message("link-without-target", {"words": words}) for words in targetless]
    return Imported(edition, tuple(signatories), tuple(warnings), edition.language if named_language else "")


def without_empty_links(source: str) -> str:
    """Markdown in which a link whose address was never filled in, `[words](#)` or `[words]()`, is its words."""
    return EMPTY_LINK.sub(r"\1", source)


def checked(edition: Edition) -> Edition:
    try:
        return check(edition)
    except FormRefused as refused:
        field, problem = next(iter(refused.problems.items()))
        raise FileRefused(Message("file-field", {"field": field, "problem": problem})) from refused


# The plain shape --------------------------------------------------------------------------------


def _plain_head(lines: list[str], start: int) -> tuple[dict[str, Any], int]:
    """Label (may be missing), date and headline from the first lines that say something."""
    said = [at for at in range(start, min(len(lines), start + 50)) if lines[at].strip()][:3]
    dated = next((n for n, at in enumerate(said[:2]) if _day(lines[at], at)), None)
    if dated is None or len(said) < dated + 2:
        raise FileRefused(Message("statement-shape"), start + 1)
    label = _unmarked(lines[said[0]]) if dated else ""
    headline_at = said[dated + 1]
    values = {
        "label": label,
        "kind": KIND_BY_LABEL.get(label.lower(), "press-release"),
        "date": _day(lines[said[dated]], said[dated]),
        "headline": _unmarked(lines[headline_at]),
    }
    return values, headline_at + 1


def _unmarked(line: str) -> str:
    """A line without the marks of a heading or of bold around it."""
    return re.sub(r"^(\*\*|__)(.*)\1$", r"\2", line.strip().lstrip("#").strip()).strip()


def _day(line: str, at: int) -> str:
    """The day a line consists of, as YYYY-MM-DD; empty if it is none. Refuses a day that does not exist."""
    text = _unmarked(line)
    try:
        return day_in(text)
    except ValueError:
        raise FileRefused(Message("date-unreadable", {"date": text}), at + 1) from None


def names_under(lines: list[str], start: int) -> tuple[str, list[str], list[Message]]:
    """The body without its last `Signatories:` line, the names behind it, and names that stand twice."""
    marked = [at for at in range(start, len(lines)) if SIGNATORIES.fullmatch(lines[at].strip()[:400])]
    if not marked:
        return "\n".join(lines[start:]), [], []
    at = marked[-1]
    first = SIGNATORIES.fullmatch(lines[at].strip())
    typed = [(first[1] if first else "", at), *((lines[n], n) for n in range(at + 1, len(lines)))]
    names: list[str] = []
    warnings: list[Message] = []
    known: set[str] = set()
    for name, line in ((name, line) for text, line in typed for name in _split_names(text)):
        try:
            clean = clean_line(name, field="signatories")
        except InputRefused as refused:
            raise FileRefused(refused.problem, line + 1) from refused
        if clean.casefold() in known:
            warnings.append(Message("signatory-twice", {"name": clean}))
        else:
            known.add(clean.casefold())
            names.append(clean)
    return "\n".join(lines[start:at]), names, warnings


def _split_names(text: str) -> list[str]:
    """Names between bullets; a list mark before a name alone on its line is no part of it."""
    without_mark = re.sub(r"^\s*(?:[-*+]|[0-9]{1,4}[.)])\s+", "", text)
    return [name.strip() for name in re.split(r"\s*[•·]\s*", without_mark) if name.strip()]


# Front matter -----------------------------------------------------------------------------------


def _front_matter(lines: list[str], start: int) -> tuple[dict[str, Any], int]:
    """The values between the fences, and the line after them."""
    end = next((at for at in range(start + 1, len(lines)) if lines[at].rstrip() == FENCE), None)
    if end is None:
        raise FileRefused(Message("front-matter-unclosed"), start + 1)
    # Dotted keys cost their length squared to read, so a file of them would take minutes.
    if sum(line.count(".") ** 2 for line in lines[start:end]) > DOTS_LIMIT:
        raise FileRefused(Message("too-nested"), start + 1)
    try:
        given = tomllib.loads("\n".join(lines[start + 1 : end]))
    except tomllib.TOMLDecodeError as error:
        detail = str(error)
        found = re.search(r"at line ([0-9]+)", detail)
        line = start + 1 + int(found[1]) if found else start + 1
        told = re.sub(r"\s*\(at .*\)$", "", detail)[:200]
        raise FileRefused(Message("front-matter-unreadable", {"detail": told}), line) from error
    except RecursionError as error:
        raise FileRefused(Message("too-nested"), start + 1) from error
    try:
        return _values(given), end + 1
    except FileRefused as refused:
        key = str(refused.problem.params.get("key", "")).rpartition(".")[2]
        raise FileRefused(refused.problem, _line_of(key, lines, start)) from refused


def _line_of(key: str, lines: list[str], start: int) -> int:
    """The 1-based line that begins with `key`, or else where the front matter begins."""
    begins = re.compile(rf"\s*(\[\[)?\s*[\"']?{re.escape(key)}(?!\w)")
    return next((at + 1 for at in range(start + 1, len(lines)) if begins.match(lines[at])), start + 1)


def _values(given: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in given.items():
        if key in TEXTS:
            values[key] = _text(key, value)
        elif key in NAMES and isinstance(value, list):
            values[key] = tuple(_text(key, one) for one in value)
        elif key in PARTS and isinstance(value, list):
            name, part = PARTS[key]
            values[name] = tuple(_part(key, part, one) for one in value)
        elif key in NAMES or key in PARTS:
            raise FileRefused(Message("front-matter-kind", {"key": key}))
        else:
            raise _unknown(key, (*TEXTS, *NAMES, *PARTS))
    return values


def _part(key: str, part: type[Quote] | type[MediaContact], given: object) -> Any:
    if not isinstance(given, dict):
        raise FileRefused(Message("front-matter-kind", {"key": key}))
    known = tuple(field.name for field in fields(part))
    for name in given:
        if name not in known:
            raise _unknown(f"{key}.{name}", known)
    texts = {name: _text(f"{key}.{name}", value) for name, value in given.items()}
    return part(**{known[0]: "", **texts})


def _text(key: str, value: object) -> str:
    if type(value) is date:  # TOML has days of its own: date = 2026-11-27
        return value.isoformat()
    if not isinstance(value, str):
        raise FileRefused(Message("front-matter-kind", {"key": key}))
    return value


def _unknown(key: str, known: tuple[str, ...]) -> FileRefused:
    return FileRefused(Message("front-matter-unknown", {"key": key[:60], "known": known}))
