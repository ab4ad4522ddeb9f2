"""The members of a coalition as CSV: one row for each contact of each organisation."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest

from workflow.rules.refusals import FileRefused, InputRefused, Message
from workflow.text.checking import clean_language, clean_line, clean_mail
from workflow.text.instants import known_zone

BYTES_LIMIT = 5_000_000
ROWS_LIMIT = 10_000
ROLES = ("required", "optional", "observer")
DEFAULT_ROLE = "required"
COLUMNS = (
    "organisation",
    "listed_name",
    "country",
    "role",
    "contact_name",
    "contact_email",
    "language",
    "time_zone",
    "alternate",
    "needed",
)
NEEDED = ("organisation", "contact_name", "contact_email")
# What one organisation cannot have twice.
SINGLE = ("listed_name", "listed_names", "country", "role", "needed")
YES_NO = ("yes", "no")
MOST_NEEDED = 99
NUMBERS = frozenset(map(str, range(1, MOST_NEEDED + 1)))
# What a spreadsheet would take for a formula stands behind an apostrophe in the files that are given out.
FORMULA = ("'=", "'+", "'-", "'@")
# The name for one language: listed_name_ar, listed_name_pt-br.
NAME_IN = "listed_name_"


@dataclass(frozen=True)
class MemberRow:
    """One contact of one organisation; `line` is where it stands in the file.

    `alternate` is yes or no, `needed` a number; empty, what holds already stays.
    """

    organisation: str
    listed_name: str
    country: str
    role: str
    contact_name: str
    contact_email: str
    language: str
    time_zone: str
    alternate: str
    needed: str
    line: int
    listed_names: tuple[tuple[str, str], ...] = ()


def read_members(data: bytes) -> list[MemberRow]:
    """Rows in the order of the file. UTF-8, comma or semicolon; raises FileRefused with the line."""
    if len(data) > BYTES_LIMIT:
        raise FileRefused(Message("file-too-long", {"limit": BYTES_LIMIT}))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileRefused(Message("file-not-utf-8"), line) from error
    if not text.strip():
        raise FileRefused(Message("file-empty"))
    head = text.lstrip().partition("\n")[0]
    separator = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[MemberRow] = []
    columns: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _columns(cells, reader.line_num)
            else:
                rows.append(_row(columns, cells, reader.line_num))
            if len(rows) > ROWS_LIMIT:
                raise FileRefused(Message("too-many", {"limit": ROWS_LIMIT, "count": len(rows)}))
    except csv.Error as error:
        raise FileRefused(Message("file-unclosed-quotation"), reader.line_num) from error
    if not rows:
        raise FileRefused(Message("no-members"))
    return _agreed(rows)


def _columns(cells: list[str], line: int) -> list[str]:
    columns = [cell.strip().lower().replace(" ", "_") for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    if missing := [name for name in NEEDED if name not in columns]:
        raise FileRefused(Message("columns-missing", {"columns": missing}), line)
    if unknown := [name[:40] for name in columns if name not in COLUMNS and not _language_of(name)]:
        raise FileRefused(Message("columns-unknown", {"columns": unknown}), line)
    if twice := sorted({name for name in columns if columns.count(name) > 1}):
        raise FileRefused(Message("columns-twice", {"columns": twice}), line)
    return columns


def _row(columns: list[str], cells: list[str], line: int) -> MemberRow:
    if any(cell.strip() for cell in cells[len(columns) :]):
        raise FileRefused(Message("too-many-fields"), line)
    given = dict(zip_longest(columns, cells[: len(columns)], fillvalue=""))
    at = ""
    try:
        values: dict[str, str] = {}
        for at in COLUMNS:
            values[at] = _value(at, _cell(given, at))
        names = []
        for at in (name for name in columns if name not in COLUMNS):
            if name := clean_line(_cell(given, at), field=at, required=False):
                names.append((_language_of(at), name))
    except InputRefused as refused:
        raise FileRefused(Message("file-field", {"field": at, "problem": refused.problem}), line) from refused
    return MemberRow(**values, line=line, listed_names=tuple(sorted(names)))


def _cell(given: Mapping[str, str], column: str) -> str:
    cell = given.get(column, "").strip()
    return cell[1:] if cell.startswith(FORMULA) else cell


def _language_of(column: str) -> str:
    """The language of a column with the names in it; empty for any other column."""
    try:
        return clean_language(column.removeprefix(NAME_IN)) if column.startswith(NAME_IN) else ""
    except InputRefused:
        return ""


def _value(column: str, text: str) -> str:
    """One cell made regular, with what holds where it is empty."""
    if column == "contact_email":
        if not text:
            raise InputRefused(column, Message("missing"))
        return clean_mail(text, field=column)
    if column == "language":
        return clean_language(text or "en", field=column)
    clean = clean_line(text, field=column, required=column in NEEDED)
    if column == "role":
        role = clean.lower()
        if role and role not in ROLES:
            raise InputRefused(column, Message("role-unknown", {"role": clean[:60]}))
        return role
    if column == "alternate" and clean.lower() not in ("", *YES_NO):
        raise InputRefused(column, Message("yes-or-no", {"value": clean[:60]}))
    if column == "needed" and clean and clean.lstrip("0") not in NUMBERS:
        raise InputRefused(column, Message("number-between", {"least": 1, "most": MOST_NEEDED}))
    if column in ("alternate", "needed"):
        return clean.lower().lstrip("0")
    if column == "time_zone":
        if clean and not known_zone(clean):
            raise InputRefused(column, Message("zone-unknown", {"zone": clean[:60]}))
        return clean or "UTC"
    return clean


def _agreed(rows: list[MemberRow]) -> list[MemberRow]:
    """Rows of one organisation with what it has only once, in whichever it stands; no contact twice."""
    said: dict[tuple[str, str], MemberRow] = {}
    contacts: dict[tuple[str, str], MemberRow] = {}
    for row in rows:
        for column in SINGLE:
            value = getattr(row, column)
            same = said.setdefault((row.organisation, column), row) if value else row
            if getattr(same, column) != value:
                told = {"organisation": row.organisation, "column": column, "line": same.line}
                raise FileRefused(Message("organisation-contradicted", told), row.line)
        same = contacts.setdefault((row.organisation, row.contact_email.lower()), row)
        if same is not row:
            told = {"mail": row.contact_email, "line": same.line}
            raise FileRefused(Message("contact-twice", told), row.line)
    return [_filled(row, said) for row in rows]


def _filled(row: MemberRow, said: dict[tuple[str, str], MemberRow]) -> MemberRow:
    single = {name: getattr(said.get((row.organisation, name), row), name) for name in SINGLE}
    return replace(
        row,
        listed_name=single["listed_name"] or row.organisation,
        listed_names=single["listed_names"],
        country=single["country"],
        role=single["role"] or DEFAULT_ROLE,
        needed=single["needed"],
    )
