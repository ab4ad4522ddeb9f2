"""What became of the remarks, to be taken along: a table for spreadsheets, a text in Markdown."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workflow.text.markdown import escaped

BOM = "\ufeff"
# A spreadsheet would read what begins with one of these as a formula, or run it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Remark:
    """One remark in words: `about` is its kind and place, `facts` what stands in lines of their own by their names."""

    about: str
    words: str
    passage: str
    proposed: str
    facts: Mapping[str, str]
    became: str
    reason: str
    replies: Sequence[tuple[str, str]]


def as_csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A table in UTF-8 with a byte order mark, every cell in quotation marks, none of them a formula."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_cell(name) for name in header])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return (BOM + out.getvalue()).encode()


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value


def as_markdown(title: str, remarks: Sequence[Remark]) -> bytes:
    """The remarks one after the other; people's words are text, never markup."""
    parts = [f"# {escaped(title)}", *(part for remark in remarks for part in _remark(remark))]
    return ("\n\n".join(parts) + "\n").encode()


def _remark(remark: Remark) -> list[str]:
    facts = "\n".join(f"- {escaped(name)}: {escaped(value)}" for name, value in remark.facts.items() if value)
    return [
        part
        for part in (
            f"## {escaped(remark.about)}",
            facts,
            _quoted(remark.passage),
            _paragraphs(f"→ {remark.proposed}" if remark.proposed else ""),
            _paragraphs(remark.words),
            *(f"**{escaped(who)}:** {_paragraphs(said)}" for who, said in remark.replies),
            f"**{escaped(remark.became)}**" if remark.became else "",
            _paragraphs(remark.reason),
        )
        if part
    ]


def _paragraphs(text: str) -> str:
    return "\n\n".join(escaped(part) for part in text.split("\n\n") if part.strip())


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in _paragraphs(text).split("\n")) if text else ""
