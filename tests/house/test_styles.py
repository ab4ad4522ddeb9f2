"""Style sheets use logical properties only, so that right to left needs no second set."""

import re

from tests.house.reading import STATIC, line_of, nothing

SIDE = "(?:left|right)"
PHYSICAL = [
    re.compile(rf"(?<![\w-])(?:margin|padding|scroll-margin|scroll-padding|border)-{SIDE}(?:-\w+)?\s*:"),
    re.compile(rf"(?<![\w-])border-(?:top|bottom)-{SIDE}-radius\s*:"),
    re.compile(rf"(?<![\w-]){SIDE}\s*:"),
    re.compile(
        rf"(?<![\w-])(?:text-align|float|clear|caption-side|justify-(?:content|items|self))\s*:[^;}}]*\b{SIDE}\b"
    ),
    # Four values name the sides: where the second and the fourth differ, left and right do.
    re.compile(
        r"(?<![\w-])(?:margin|padding|inset|border-(?:width|style|color))\s*:"
        r"\s*[^\s;}()]+\s+([^\s;}()]+)\s+[^\s;}()]+\s+(?!\1\s*[;}])[^\s;}()]+\s*[;}]"
    ),
]
COMMENT = re.compile(r"/\*.*?\*/", re.S)


def physical(css: str) -> list[tuple[int, str]]:
    """Every physical side in a style sheet, as line and words."""
    plain = COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), css)
    return [(line_of(plain, m.start()), m.group().strip()) for pattern in PHYSICAL for m in pattern.finditer(plain)]


def test_style_sheets_know_no_left_and_right():
    sheets = sorted(STATIC.rglob("*.css"))
    assert sum(len(sheet.read_text(encoding="utf-8").splitlines()) for sheet in sheets) >= 100
    found = [
        f"{sheet.relative_to(STATIC.parent)}:{line} {words}"
        for sheet in sheets
        for line, words in physical(sheet.read_text(encoding="utf-8"))
    ]
    nothing(found)


def test_a_physical_side_is_seen():
    for css in (
        "a{margin-left:1px}", "a { padding-right : 1px }", "a{left:0}", "a{text-align: left}",
        "a{float:right}",
        "a{border-left-color:red}", "a{border-top-left-radius:1px}", "a{margin:0 1px 0 2px}",
    ):  # fmt: skip
        assert physical(css), css
    for css in (
        "a{margin-inline-start:1px}",
        "a{inset-inline:0}",
        "a{text-align:start}",
        "/* left: */",
        "a{margin:0 1px}",
        "a{padding:0 1px 2px 1px}",
    ):
        assert not physical(css), css
