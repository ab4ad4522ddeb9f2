"""The colours: what is read stands out 7:1, what is seen (edges, focus) 3:1, in light and in dark."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
TOKEN = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6});")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
THEMES = ("light", "dark")

PAPERS = ("paper", "paper-sunk", "paper-raised")
TINTS = ("info", "good", "warn", "bad", "calm", "mark")
READ = {
    *((ink, paper) for ink in ("ink", "ink-quiet", "link", "link-hover", "bad-ink") for paper in PAPERS),
    *((f"{tint}-ink", f"{tint}-paper") for tint in TINTS),
    *((ink, f"{tint}-paper") for ink in ("ink", "link") for tint in TINTS),
    *(("on-accent", paper) for paper in ("accent", "accent-hover")),
    *(("on-danger", paper) for paper in ("danger", "danger-hover")),
    *((ink, paper) for ink in ("accent", "accent-hover") for paper in PAPERS),
}
SEEN = {(edge, paper) for edge in ("line-strong", "focus", "accent", "danger") for paper in PAPERS}


def colours(text: str) -> dict[str, dict[str, str]]:
    """The colour tokens of each theme; dark takes from light what it does not set itself."""
    light, dark = text.split("@media screen and (prefers-color-scheme: dark)")
    first = dict(TOKEN.findall(light))
    return {"light": first, "dark": {**first, **dict(TOKEN.findall(dark))}}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def too_close(tokens: dict[str, str], pairs: set[tuple[str, str]], least: float) -> list[str]:
    """The pairs that are told apart by less than `least`, each with its ratio."""
    found = ((ink, paper, ratio(tokens[ink], tokens[paper])) for ink, paper in sorted(pairs))
    return [f"{ink} on {paper}: {reached:.2f}" for ink, paper, reached in found if reached < least]


def pairs_in_rules() -> set[tuple[str, str]]:
    """Every pair of tokens that one rule of a stylesheet sets as text and as what it stands on."""
    found = set()
    for sheet in CSS.glob("*.css"):
        for _, body in RULE.findall(sheet.read_text()):
            ink = re.search(r"(?<![-\w])color:\s*var\(--([a-z-]+)\)", body)
            paper = re.search(r"background(?:-color)?:\s*var\(--([a-z-]+)\)", body)
            if ink and paper:
                found.add((ink[1], paper[1]))
    return found


@pytest.fixture(scope="module")
def themes() -> dict[str, dict[str, str]]:
    return colours((CSS / "tokens.css").read_text())


def test_the_ratio_is_the_one_of_the_standard():
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_grey_that_is_too_light_is_found():
    assert too_close({"ink": "#777777", "paper": "#ffffff"}, {("ink", "paper")}, 7) == ["ink on paper: 4.48"]


@pytest.mark.parametrize("theme", THEMES)
def test_text_stands_out_seven_to_one(themes, theme):
    assert too_close(themes[theme], READ, 7) == []


@pytest.mark.parametrize("theme", THEMES)
def test_edges_and_focus_stand_out_three_to_one(themes, theme):
    assert too_close(themes[theme], SEEN, 3) == []


@pytest.mark.parametrize("theme", THEMES)
def test_what_a_rule_puts_together_can_be_read(themes, theme):
    pairs = pairs_in_rules()
    assert len(pairs) > 10
    assert too_close(themes[theme], pairs, 7) == []


def test_every_colour_of_light_has_one_in_dark():
    light, dark = (dict(TOKEN.findall(part)) for part in (CSS / "tokens.css").read_text().split("@media")[:2])
    assert light.keys() == dark.keys()
