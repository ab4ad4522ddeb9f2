"""Setting type: a sheet of plain values becomes a PDF or a picture by typst, in a process of its own (`pdf_child.py`).

The words go to a template in `typesetting/` as data, never as markup. What no font here has is shown as □, and said.
"""

import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from workflow.config import TYPESETTING
from workflow.formats import pdf_child
from workflow.rules.refusals import NotPrintable
from workflow.text.apart import Limits, run_apart

LIMITS = Limits(memory=2**30, seconds=10, output=16 * 2**20, wall=12)
MISSING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]{1,6})\}|\\(.)")
SHOWN_INSTEAD = "□"
ROUNDS = 3
MOST_MISSING = 0.2
# Never words of a reader: an address is not read, and what is attached or drawn is not set from the fonts.
NOT_WORDS = ("href", "address", "code", "data", "bytes")

Sheet = dict[str, Any]
# By their paths, as the sheet names them.
Pictures = Mapping[str, bytes]
NO_PICTURES: Pictures = MappingProxyType({})


@dataclass(frozen=True)
class Press:
    """How a sheet is set: its template, as what, by which standards (tried in turn), and what it may take.

    Where a text cannot fulfil any of the standards (by a glyph, mostly), they are given up before the sheet is.
    """

    template: str
    form: str = "pdf"
    standards: Sequence[Sequence[str]] = ((),)
    limits: Limits = LIMITS


def set_sheet(
    press: Press, sheet: Sheet, told: Callable[[Sequence[str]], str], pictures: Pictures = NO_PICTURES
) -> bytes:
    """What the press makes of the sheet and its pictures; `told` says of characters that they are missing.

    Raises NotPrintable.
    """
    return _settled(press, sheet, told, pictures)[0]


def picture(template: str, sheet: Sheet) -> bytes:
    """A sheet as PNG, one dot for each point. Raises NotPrintable where too much of it is in no font."""
    # A picture is drawn with boxes and without a word about them: what it lacks is found by setting it as a tagged PDF.
    _, shown = _settled(Press(template, standards=(("ua-1",),)), sheet, lambda _: "", NO_PICTURES)
    made, _ = _set(Press(template, form="png"), shown, (), NO_PICTURES)
    if made is None:
        raise NotPrintable(reason="size")
    return made


def _settled(
    press: Press, sheet: Sheet, told: Callable[[Sequence[str]], str], pictures: Pictures
) -> tuple[bytes, Sheet]:
    """What the press makes of the sheet, and the sheet with boxes for what no font has."""
    lacking: dict[str, None] = {}
    for standards in press.standards:
        for _ in range(ROUNDS):
            made, missing = _set(press, sheet, standards, pictures)
            if made is not None:
                return made, sheet
            if not missing:
                break
            lacking.update(dict.fromkeys(missing))
            sheet = _without(sheet, missing)
            _refuse_unreadable(sheet)
            sheet["missing"] = told(list(lacking))
    raise NotPrintable(reason="size")


def _set(press: Press, sheet: Sheet, standards: Sequence[str], pictures: Pictures) -> tuple[bytes | None, list[str]]:
    """What was made; or None, and the characters that no font has. Raises NotPrintable where it takes too much."""
    order = {
        "folder": str(TYPESETTING),
        "fonts": str(TYPESETTING / "fonts"),
        "template": press.template,
        "format": press.form,
        "standards": list(standards),
        "sheet": sheet,
    }
    with ExitStack() as beside:
        if pictures:  # they are files to typst, and it sees nothing outside of its folder
            folder = Path(beside.enter_context(TemporaryDirectory()))
            _lay_out(folder, press.template, pictures)
            order["folder"] = str(folder)
        ended = run_apart(pdf_child.__file__, json.dumps(order).encode(), press.limits)
    if ended.code == 0:
        return ended.said, []
    if ended.code != pdf_child.REFUSED:
        raise NotPrintable(reason="size")
    return None, [_unescaped(text) for text in MISSING.findall(ended.said.decode("utf-8", "replace"))]


def _lay_out(folder: Path, template: str, pictures: Pictures) -> None:
    """A folder with the template and the pictures."""
    shutil.copyfile(TYPESETTING / template, folder / template)
    for path, content in pictures.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)


def _without(value: Any, missing: Sequence[str]) -> Any:
    """The same values, with what no font has replaced."""
    if isinstance(value, str):
        for text in sorted(missing, key=len, reverse=True):
            value = value.replace(text, SHOWN_INSTEAD)
        return value
    if isinstance(value, dict):
        return {name: inner if name in NOT_WORDS else _without(inner, missing) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without(inner, missing) for inner in value]
    return value


def _refuse_unreadable(sheet: Sheet) -> None:
    """A text of boxes is no text."""
    words = [char for char in json.dumps(sheet["body"], ensure_ascii=False) if char.isalpha() or char == SHOWN_INSTEAD]
    if sum(char == SHOWN_INSTEAD for char in words) > MOST_MISSING * len(words):
        raise NotPrintable(reason="fonts")
