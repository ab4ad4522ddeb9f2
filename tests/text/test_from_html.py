"""HTML from elsewhere becomes our Markdown: each word once, in order, with the marks that we have, and no other."""

import contextlib
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ground.effort import within
from tests.text.clipboards import GOOGLE, GOOGLE_MARKDOWN, LIBREOFFICE, WORD, WORD_MARKDOWN
from workflow.rules.refusals import InputRefused
from workflow.text.commonmark import parse
from workflow.text.from_html import PARTS_LIMIT, from_html


def said(html: str) -> str:
    return from_html(html).markdown


def test_what_word_puts_on_the_clipboard():
    assert said(WORD) == WORD_MARKDOWN
    assert from_html(WORD).warnings == ()


def test_what_google_docs_puts_on_the_clipboard():
    assert said(GOOGLE) == GOOGLE_MARKDOWN


def test_footnotes_of_libreoffice():
    assert said(LIBREOFFICE) == "A[^1] b\n\n[^1]: The note."


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<b style='font-weight:400'>plain</b>", "plain"),
        ("<span style='font-weight: 600'>bold</span>", "**bold**"),
        ("<b>bold <span style='font-weight:normal'>not</span></b>", "**bold** not"),
        ("<b> edges </b>x", "**edges** x"),
        ("«<b>Yes,</b>»he said", "«**Yes,**»he said"),
        ("<a href='https://a.example'>it</a> a<i>b</i><b>c</b>", "[it](https://a.example) a*b***c**"),
        ("<p>one<br>two<br><br>three</p>", "one\\\ntwo\n\nthree"),
        ("10<sup>5</sup> and 28<sup>th</sup>", "10⁵ and 28th"),
        ("1. not a list", "1\\. not a list"),
        ("- no<br>+ no<br># no<br>> no", "\\- no\\\n\\+ no\\\n\\# no\\\n\\> no"),
        ("[^1]: no note", "\\[^1\\]: no note"),
        ("[[quote 1]]", "\\[\\[quote 1\\]\\]"),
        ("well![no](x) &amp;amp; &lt;b&gt;", "well!\\[no\\](x) \\&amp; \\<b>"),
        ("Yes!<a href='https://a.example'>go</a>", "Yes\\![go](https://a.example)"),
        ("<a href='https://a.example/x (y)'>z</a>", "[z](https://a.example/x%20%28y%29)".replace("%20", "")),
        ("<a href='https://a.example/'>https://a.example/</a>", "<https://a.example/>"),
        ("<a href='https://a.example/?b&amp;copy;=1'>z</a>", "[z](https://a.example/?b\\&copy;=1)"),
        ("<ol start=3><li>c</li></ol><ol start=4><li>d</li></ol>", "3. c\n4. d"),
        ("<ul><li>a</li></ul><ol><li>b</li></ol>", "- a\n\n1. b"),
        ("<ol><li>a</li></ol><ol><li>b</li></ol>", "1. a\n\n1) b"),
        ("<ul><li><p>a</p><p>b</p></li><li>c</li></ul>", "- a\n\n  b\n\n- c"),
        ("<blockquote><p>a</p><ul><li>b</li></ul></blockquote>", "> a\n>\n> - b"),
        ("<style>x</style><script>alert(1)</script><p onclick=x>a</p><!-- c -->", "a"),
        ("<span style='display:none'>hidden</span>a<span style='mso-hide:all'>b</span>", "a"),
        ("a\u00adb\u200bc\x00d", "abcd"),
        ("12\u00a0000 x \u00a0 y", "12\u00a0000 x y"),
        ("", ""),
    ],
)
def test_small_things(html, markdown):
    assert said(html) == markdown


@pytest.mark.parametrize(
    ("html", "warning", "markdown"),
    [
        ("<p>a<img src=x>b</p>", "pictures-left-out", "ab"),
        ("<table><tr><td>a</td><td><p>b</p><p>c</p></td></tr></table>", "tables-as-lines", "a | b c"),
        ("<a href='javascript:alert(1)'>a</a>", "links-without-place", "a"),
        ("<a href='file:///c:/x'>a</a>", "links-without-place", "a"),
        ("a <s>b</s>", "struck-words", "a b"),
        ("a <del>b</del>c", "removed-words", "a c"),
        ("a<a href='#cmnt1' id='cmnt_ref1'>[x]</a><div><a href='#cmnt_ref1' id='cmnt1'>[x]</a></div>", "remarks", "a"),
    ],
)
def test_what_is_left_out_or_read_otherwise_is_said(html, warning, markdown):
    converted = from_html(html)
    assert [one.id for one in converted.warnings] == [warning]
    assert converted.markdown == markdown


def test_a_link_to_a_place_on_the_page_keeps_its_words_and_is_nothing_to_tell():
    assert from_html("<a name=top></a><a href='#top'>up</a>").warnings == ()
    assert said("<a name=top></a><a href='#top'>up</a>") == "up"


# Whatever is typed ------------------------------------------------------------------------------

WORDS = st.text(
    st.sampled_from("ab Aé1.)(*_`~#>-+=[]!&;<\\^:|/\"'“»،مر\u0301\u00a0 \n"), min_size=1, max_size=12
).filter(lambda text: text.strip())
MARKS = st.sampled_from(["", "b", "i", "b i", "a"])
PARAGRAPHS = st.lists(st.tuples(WORDS, MARKS), min_size=1, max_size=5)
KINDS = st.sampled_from(["p", "h2", "ul", "ol", "blockquote", "td"])
PAGES = st.lists(st.tuples(KINDS, PARAGRAPHS), min_size=1, max_size=5)
HREF = "https://a.example/?x=1&y=(2)"


def html_of(page) -> str:
    parts = []
    for kind, runs in page:
        inner = ""
        for text, marks in runs:
            shown = escape(text)
            for mark in marks.split():
                attribute = f' href="{escape(HREF)}"' if mark == "a" else ""
                shown = f"<{mark}{attribute}>{shown}</{mark}>"
            inner += shown
        wrapped = {
            "ul": "<ul><li>{}</li></ul>",
            "ol": "<ol><li>{}</li></ol>",
            "td": "<table><tr><td>{}</td></tr></table>",
        }
        parts.append(wrapped.get(kind, f"<{kind}>{{}}</{kind}>").replace("{}", inner))
    return "".join(parts)


def read_back(markdown: str):
    """Every character with its marks, as our parser reads it."""
    found = []
    for token in parse(markdown).tokens:
        bold = italic = 0
        href = ""
        for child in token.children or []:
            if child.type.startswith("strong"):
                bold += child.nesting
            elif child.type.startswith("em"):
                italic += child.nesting
            elif child.type.startswith("link"):
                href = child.attrGet("href") if child.nesting == 1 else ""
            else:
                found += [(char, bold > 0, italic > 0, bool(href)) for char in child.content if not char.isspace()]
    return found


@given(PAGES)
def test_every_word_is_read_back_once_and_in_order(page):
    text = "".join(text for _, runs in page for text, _ in runs)
    markdown = said(html_of(page))
    assert "".join(char for char, *_ in read_back(markdown)) == "".join(text.split())


@given(
    st.lists(st.tuples(st.sampled_from(["word", "two words", "الطريق", "Ä,", "(so)"]), MARKS), min_size=1, max_size=6)
)
def test_marks_on_words_are_kept(runs):
    spaced = [(f"{text} ", marks) for text, marks in runs]
    wanted = [
        (char, "b" in marks.split(), "i" in marks.split(), marks == "a")
        for text, marks in spaced
        for char in text
        if char.isalnum()
    ]
    assert [one for one in read_back(said(html_of([("p", spaced)]))) if one[0].isalnum()] == wanted


@given(st.text(st.sampled_from("<>/bpulia= '\"x&;!-[]^1#hrefon\n"), max_size=200))
def test_any_html_is_read_or_refused(html):
    try:
        parse(said(html))
    except InputRefused as refused:
        assert refused.problem.id == "too-nested"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000,
        "<div></z>" * 100_000,
        "<ul><li>" * 100_000,
        "<table><tr><td>" * 50_000 + "x",
        "<b>" * 100_000 + "x",
        "<blockquote>" * 400 + "x",
        "<b><p></b>" * 60_000,
        "<a href=#a id=b>x</a><a href=#b id=a>y</a>" * 15_000,
        "[" * 390_000,
        "*_" * 190_000,
        "<p>" + "<b>a</b><i>b</i>" * 30_000,
        "<p>" + "<b>a</b><i>b</i>" * 12_000,
        "<p>*a" * 45_000,
        "<p>" + "<b>a</b><i>b</i>" * 100 + ("<p>" + "<b>a</b><i>b</i>" * 100) * 100,
        "<p>a" * 190_000,
        "<!--" * 100_000,
        "x" * 2_000_000,
    ],
)
def test_hostile_html_is_soon_done(html):
    def work():
        with contextlib.suppress(InputRefused):
            said(html)

    within(80, work)


def test_a_text_of_more_paragraphs_than_a_statement_has_is_refused_with_their_number():
    with pytest.raises(InputRefused) as refused:
        said("<p>a" * (PARTS_LIMIT + 1))
    assert (refused.value.problem.id, refused.value.problem.params["count"]) == ("too-many-paragraphs", PARTS_LIMIT + 1)
    assert said("<p>a" * 3).count("a") == 3
