"""The blocks of a text: in the order of the page, with the words of the page, called as people call them."""

import re
from html import unescape

import pytest

from tests.ground.effort import within
from tests.text.example import PRESS_RELEASE
from workflow.text.blocks import blocks, label
from workflow.text.content import Edition, Quote
from workflow.text.importing import read_statement
from workflow.text.markdown import body_html, notes_html
from workflow.text.marked import marked_body_html, marked_notes_html, passage_id
from workflow.text.sentences import say

EDITION = Edition(
    "en",
    "open-letter",
    "Open  the *bridge*",
    "One **two**\nthree[^1]\n\n- x\n  - y\n- z\n\n  second of z\n\n> said\n\n[[quote 1]]\n\n[^1]: foo\n\n    bar",
    label="Open letter",
    lead_paragraph="We ask.",
    quotes=(Quote("Ada", "Chair", "Aid", "Not <b>\n\nthis\nbridge"), Quote("Ben", text="Later.")),
    ends="ENDS",
    notes="1. a\n2. [c](https://example.org)",
    addressees=("The council", "The county"),
)


def test_every_block_in_the_order_of_the_page():
    assert [(one.key, one.text) for one in blocks(EDITION)] == [
        ("label", "Open letter"),
        ("headline", "Open the *bridge*"),
        ("to1", "The council"),
        ("to2", "The county"),
        ("lead", "We ask."),
        ("b1", "One two three"),
        ("b2", "x"),
        ("b3", "y"),
        ("b4", "z"),
        ("b5", "second of z"),
        ("b6", "said"),
        ("q1", "Not <b> this bridge Ada, Chair, Aid"),
        ("q2", "Later. Ben"),
        ("f1", "foo"),
        ("f2", "bar"),
        ("ends", "ENDS"),
        ("n1", "a"),
        ("n2", "c"),
    ]


def test_what_people_call_them():
    called = {one.key: say(label(one), str) for one in blocks(EDITION)}
    assert called["headline"] == "the headline" and called["lead"] == "the lead paragraph"
    assert called["b3"] == "paragraph 3" and called["q2"] == "quote 2" and called["n2"] == "the notes, paragraph 2"
    assert called["f1"] == called["f2"] == "footnote 1" and called["to2"] == "addressee 2"
    assert called["ends"] == "the closing line" and called["label"] == "the label"


def words_of(html: str, key: str) -> str:
    """What stands in the element of a block, as plain words."""
    opening = rf'<(span|figure) class="[^"]*passage[^"]*" id="{passage_id(key)}" data-block="{key}">'
    inner = re.search(rf"{opening}(.*?)</\1>", html, re.DOTALL)[2]
    inner = re.sub(r'<sup class="footnote-ref">.*?</sup>', "", inner)
    return " ".join(
        unescape(
            re.sub(r"</?(?:p|br|blockquote|figcaption)>", " ", re.sub(r"</?(?:em|strong|a)\b[^>]*>", "", inner))
        ).split()
    )


@pytest.mark.parametrize("edition", [EDITION, read_statement(PRESS_RELEASE).edition], ids=["letter", "release"])
def test_the_page_has_the_same_blocks_with_the_same_words(edition):
    html = marked_body_html(edition, {}) + marked_notes_html(edition, {})
    shown = [one for one in blocks(edition) if one.part in ("body", "quote", "footnote", "notes")]
    assert re.findall(r'data-block="(\w+)"', html) == [one.key for one in shown]
    for one in shown:
        assert words_of(html, one.key) == one.text


def test_nothing_else_changes_on_a_page_with_addresses():
    for marked, plain in (
        (marked_body_html(EDITION, {}), body_html(EDITION)),
        (marked_notes_html(EDITION, {}), notes_html(EDITION)),
    ):
        bare = re.sub(
            r'<span class="passage"[^>]*>|</span>', "", re.sub(r' passage" id="[^"]*" data-block="\w+"', '"', marked)
        )
        assert "".join(bare.split()) == "".join(plain.split())


def test_a_mark_stands_behind_its_block_and_can_run_nothing():
    marks = {
        key: f'<span class="passage-tools evil" onclick="x()"><a class="passage-link" href="?on={key}#comment">C</a>'
        '<a href="javascript:x()">D</a><script>x()</script></span>'
        for key in ("b1", "b2", "q1", "n1")
    }
    html = marked_body_html(EDITION, marks) + marked_notes_html(EDITION, marks)
    assert html.count('<a class="passage-link" href="?on=') == 4
    assert 'data-block="b1">One <strong>two</strong>' in html
    assert re.search(r'</sup></span><span class="passage-tools"><a class="passage-link" href="\?on=b1#comment"', html)
    assert re.search(r"</figcaption><span class=\"passage-tools\">.*?</figure>", html, re.DOTALL)
    assert not re.search(r"onclick|javascript|<script|evil", html)


def test_a_text_cannot_make_blocks_of_its_own():
    body = '<span class="passage" id="text-b9" data-block="b9">x</span>'
    html = marked_body_html(Edition("en", "press-release", "H", body.split("\n\n", maxsplit=1)[0]), {})
    assert re.findall(r'<span class="passage"[^>]* data-block="(\w+)"', html) == ["b1"]
    assert "&lt;span" in html


def test_ten_thousand_blocks_and_long_ones_in_time():
    many = Edition("en", "press-release", "H", "\n\n".join(f"x{n}" for n in range(10_000)))
    long = Edition("en", "press-release", "H", "word " * 39_000)

    def work():
        assert len(blocks(many)) == 10_001 and len(blocks(long)) == 2
        marked_body_html(many, dict.fromkeys((f"b{n}" for n in range(1, 10_001)), "<span>x</span>"))

    within(50, work)
