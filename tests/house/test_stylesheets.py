"""What style sheets take: colours only from tokens, every token set and used, every file beside them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CSS = ROOT / "static" / "css"
SHEETS = sorted(CSS.glob("*.css"))
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|\b(?:rgb|hsl|oklch|oklab|lab|lch)a?\(")
CONDITION = re.compile(r"@(?:media|container)[^{]*\{")


def words(sheet: Path) -> str:
    """A stylesheet without its comments and without the conditions of its media queries."""
    return CONDITION.sub("{", re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL))


def test_a_colour_is_seen():
    assert COLOUR.search("a { color: #fff }")
    assert COLOUR.search("a { color: rgb(0 0 0) }")
    assert not COLOUR.search("#main { color: var(--ink) }")


@pytest.mark.parametrize("sheet", [s for s in SHEETS if s.name != "tokens.css"], ids=lambda sheet: sheet.name)
def test_colours_come_from_tokens(sheet):
    assert COLOUR.findall(words(sheet)) == []


def test_every_token_used_is_set():
    text = "\n".join(words(sheet) for sheet in SHEETS)
    used = set(re.findall(r"var\((--[\w-]+)", text))
    assert used - set(re.findall(r"(--[\w-]+)\s*:", text)) == set()


def test_every_token_set_is_used():
    text = "\n".join(words(sheet) for sheet in SHEETS)
    assert set(re.findall(r"(--[\w-]+)\s*:", text)) - set(re.findall(r"var\((--[\w-]+)", text)) == set()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_what_a_sheet_fetches_lies_beside_it(sheet):
    for address in re.findall(r"url\(\"?([^)\"]+)\"?\)", words(sheet)):
        assert (sheet.parent / address).resolve().is_file(), address
    assert "@import" not in words(sheet)


def test_every_font_has_its_licence_and_its_line():
    fonts = ROOT / "static" / "fonts"
    readme = (fonts / "README.md").read_text()
    for font in fonts.glob("*.woff2"):
        (line,) = [line for line in readme.splitlines() if f"`{font.name}`" in line]
        named = re.search(r"`(\w+-LICENSE\.txt)`", line)
        assert named is None or (fonts / named[1]).is_file()
        assert named or "the same" in line
    assert sum(font.stat().st_size for font in fonts.glob("*.woff2")) < 700_000
