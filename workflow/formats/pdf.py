"""A statement set for paper by typst: tagged, in its own language and direction, the same bytes for the same text.

The words go to `typesetting/statement.typ` as data, never as markup, in a process of its own (`pdf_child.py`). What no
font here has is shown as □, and said.
"""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from workflow.config import TYPESETTING
from workflow.formats import pdf_child
from workflow.formats.listing import Line, ListView
from workflow.formats.plain import contact_line, when_and_where
from workflow.formats.reading import Gettext
from workflow.rules.refusals import NotPrintable
from workflow.text.apart import Limits, run_apart
from workflow.text.collation import locale_for
from workflow.text.content import Edition
from workflow.text.sheet import body_sheet, notes_sheet

# Tagged for readers who listen; what a text cannot fulfil (a glyph, mostly) is given up before the sheet is.
STANDARDS = ["ua-1"]
LIMITS = Limits(memory=2**30, seconds=10, output=16 * 2**20, wall=12)
MISSING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]{1,6})\}|\\(.)")
SHOWN_INSTEAD = "□"
ROUNDS, MOST_NAMED = 3, 12
MOST_MISSING = 0.2


@dataclass(frozen=True)
class Setting:
    """How a sheet is set. `at`: the instant it says it was made, and of which its bytes depend.

    `mark` stands across each page, at its foot and over the text; `foot` are further lines at the foot of each page.
    `signatories` stand below the text, `unnamed` says who is not named among them. `logos` are the pictures (PNG) that
    stand above names, by their digests; of which there is none, the name stands alone.
    """

    at: datetime
    mark: str = ""
    numbered_lines: bool = False
    foot: Sequence[str] = ()
    signatories: ListView | None = None
    unnamed: str = ""
    logos: Mapping[str, bytes] = field(default_factory=dict)


def pdf_file(edition: Edition, setting: Setting, gettext: Gettext) -> bytes:
    """The whole statement as a PDF; `gettext` speaks its language. Raises NotPrintable."""
    sheet = _sheet(edition, setting, gettext)
    lacking: dict[str, None] = {}
    for _ in range(ROUNDS):
        made, missing = _set(sheet, setting.logos)
        if made is not None:
            return made
        if not missing:
            break
        lacking.update(dict.fromkeys(missing))
        sheet = _without(sheet, missing)
        _refuse_unreadable(sheet)
        sheet["missing"] = _told(lacking, gettext)
    made, _missing = _set(sheet, setting.logos, tagged=False)
    if made is None:
        raise NotPrintable(reason="size")
    return made


def _sheet(edition: Edition, setting: Setting, gettext: Gettext) -> dict[str, Any]:
    """Everything that the template shows."""
    at = setting.at.astimezone(UTC)
    return {
        "language": edition.language.partition("-")[0].lower(),
        "direction": locale_for(edition.language).text_direction,
        "date": {name: getattr(at, name) for name in ("year", "month", "day", "hour", "minute", "second")},
        "title": edition.headline or gettext("Without a headline yet"),
        "label": edition.label,
        "when": when_and_where(edition),
        "addressees": edition.addressees,
        "lead_paragraph": edition.lead_paragraph,
        "body": body_sheet(edition),
        "ends": edition.ends,
        "notes": notes_sheet(edition),
        "contacts": [contact_line(one, edition.language) for one in edition.contacts],
        "cc": edition.cc,
        "signatories": _signatories(setting.signatories, setting.logos) if setting.signatories else None,
        "unnamed": setting.unnamed,
        "mark": setting.mark,
        "foot": list(setting.foot),
        "numbered": setting.numbered_lines,
        "missing": "",
        "words": {
            "to": gettext("To"),
            "notes": gettext("Notes to editors"),
            "contacts": gettext("Media contacts"),
            "cc": gettext("Copies to"),
            "signatories": gettext("Signatories"),
        },
    }


def _signatories(view: ListView, logos: Mapping[str, bytes]) -> dict[str, Any]:
    """The list of signatories, as the template takes it; each logo by its file."""

    def line(one: Line) -> dict[str, Any]:
        logo = f"logos/{one.logo}.png" if one.logo in logos else ""
        return {"number": one.number, "name": one.name, "sign": one.sign, "person": one.person, "logo": logo}

    return {
        "style": view.style.value,
        "parts": [
            {
                "title": part.title,
                "sections": [
                    {
                        "title": section.title,
                        "lines": [line(one) for one in section.lines],
                    }
                    for section in part.sections
                ],
            }
            for part in view.parts
        ],
        "feet": [f"{sign} {said}" for sign, said in view.feet],
    }


def _set(sheet: dict[str, Any], logos: Mapping[str, bytes], *, tagged: bool = True) -> tuple[bytes | None, list[str]]:
    """The PDF; or None, and the characters that no font has. Raises NotPrintable where it takes too much."""
    order = {"folder": str(TYPESETTING), "fonts": str(TYPESETTING / "fonts"), "sheet": sheet}
    order["standards"] = STANDARDS if tagged else []
    with ExitStack() as beside:
        if logos:  # pictures are files to typst, and it sees nothing outside of its folder
            folder = Path(beside.enter_context(TemporaryDirectory()))
            _lay_out(folder, logos)
            order["folder"] = str(folder)
        ended = run_apart(pdf_child.__file__, json.dumps(order).encode(), LIMITS)
    if ended.code == 0:
        return ended.said, []
    if ended.code != pdf_child.REFUSED:
        raise NotPrintable(reason="size")
    return None, [_unescaped(text) for text in MISSING.findall(ended.said.decode("utf-8", "replace"))]


def _lay_out(folder: Path, logos: Mapping[str, bytes]) -> None:
    """A folder with the template and the pictures."""
    shutil.copyfile(TYPESETTING / "statement.typ", folder / "statement.typ")
    (folder / "logos").mkdir()
    for digest, content in logos.items():
        (folder / "logos" / f"{digest}.png").write_bytes(content)


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)


def _without(value: Any, missing: Sequence[str]) -> Any:
    """The same values, with what no font has replaced."""
    if isinstance(value, str):
        for text in sorted(missing, key=len, reverse=True):
            value = value.replace(text, SHOWN_INSTEAD)
        return value
    if isinstance(value, dict):
        return {name: inner if name == "href" else _without(inner, missing) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without(inner, missing) for inner in value]
    return value


def _refuse_unreadable(sheet: dict[str, Any]) -> None:
    """A text of boxes is no text."""
    words = [char for char in json.dumps(sheet["body"], ensure_ascii=False) if char.isalpha() or char == SHOWN_INSTEAD]
    if sum(char == SHOWN_INSTEAD for char in words) > MOST_MISSING * len(words):
        raise NotPrintable(reason="fonts")


def _told(lacking: dict[str, None], gettext: Gettext) -> str:
    codes = dict.fromkeys(f"U+{ord(char):04X}" for text in lacking for char in text)
    named = " ".join([*list(codes)[:MOST_NAMED], *(["…"] if len(codes) > MOST_NAMED else [])])
    said = gettext(
        "Characters that the fonts of this sheet do not have are shown as %(box)s; the text has them: %(codes)s"
    )
    return said % {"box": SHOWN_INSTEAD, "codes": named}
