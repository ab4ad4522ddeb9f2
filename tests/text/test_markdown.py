"""What a reader sees: only what a statement may use, all words kept, nothing that runs."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.text.example import PRESS_RELEASE
from workflow.rules.refusals import InputRefused
from workflow.text.commonmark import parse
from workflow.text.content import Edition, Quote
from workflow.text.markdown import (
    body_html,
    body_markdown,
    body_text,
    links_without_target,
    notes_html,
    notes_text,
)


def edition(body, *quotes, notes="", language="en"):
    return Edition(language, "press-release", "H", body, quotes=quotes, notes=notes)


def html(body, *quotes):
    return str(body_html(edition(body, *quotes))).strip()


def test_what_may_be_used():
    assert html("a **b** *c* [d](https://example.org/x)") == (
        '<p>a <strong>b</strong> <em>c</em> <a href="https://example.org/x" rel="noopener">d</a></p>'
    )
    assert "<ol>" in html("1. one\n2. two")
    assert '<ol start="4">' in html("4. four")
    assert "<ul>" in html("- one")
    assert "<blockquote>" in html("> said")
    assert "<br>" in html("one\\\ntwo")
    assert "<br>" in html("one  \ntwo")
    assert 'href="mailto:press@example.org"' in html("<press@example.org>")


@pytest.mark.parametrize(
    "source",
    [
        "# Title",
        "Title\n=====",
        "Title\n---",
        "---",
        "* * *",
        "`code`",
        "```\ncode\n```",
        "    indented",
        "![picture](https://example.org/x.png)",
        "<b>bold</b>",
        "<script>alert(1)</script>",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "<!-- hidden -->",
    ],
)
def test_everything_else_stays_as_typed(source):
    shown = re.sub(r"</?p>", "", html(source))
    assert "<" not in shown
    from html import unescape

    assert unescape(shown).split() == source.split()


@pytest.mark.parametrize(
    "target",
    [
        "#",
        "",
        "<>",
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        "data:text/html,x",
        "/path",
        "//example.org",
        "ftp://example.org",
    ],
)
def test_a_link_that_leads_nowhere_allowed_keeps_its_words(target):
    shown = html(f"see [these *words*]({target}) here")
    assert shown == "<p>see these <em>words</em> here</p>"
    assert body_text(edition(f"see [these *words*]({target}) here")) == "see these words here"


def test_links_without_target_are_found():
    assert links_without_target(PRESS_RELEASE) == ["Council Decision 17", "helping", "harming"]
    assert links_without_target("[a **b**]() [c](https://example.org) [d](javascript:x)") == ["a b"]


def test_quotes_stand_where_they_are_placed_and_the_others_at_the_end():
    one, two = Quote("Ada <b>", "Chair", "Aid & Co", "*Not* italic\n\n<i>x</i>"), Quote("Ben", text="Later.")
    shown = html("First\n\n[[quote 1]]\n\nLast[^1]\n\n[^1]: note", one, two)
    figure = (
        '<figure class="quote"><blockquote><p>*Not* italic</p><p>&lt;i&gt;x&lt;/i&gt;</p></blockquote>'
        "<figcaption>Ada &lt;b&gt;, Chair, Aid &amp; Co</figcaption></figure>"
    )
    assert figure in shown
    assert shown.index("First") < shown.index("Ada") < shown.index("Last") < shown.index("Ben")
    assert shown.index("Ben") < shown.index("footnotes")
    assert html("[[quote 3]]", one, two).startswith("<p>[[quote 3]]</p>")


def test_footnotes_of_two_texts_on_one_page_do_not_meet():
    both = edition("a[^1]\n\n[^1]: x", notes="b[^1]\n\n[^1]: y")
    ids = re.findall(r'id="([^"]+)"', body_html(both) + notes_html(both))
    assert len(ids) == len(set(ids)) == 4


def test_plain_text():
    body = (
        "One **two** _three_ [four](https://example.org/4) <https://example.org>\nfive[^n]\n\n"
        "1. first\n2. second\n   - a\n   - b\n\n> said\n\n[[quote 1]]\n\n[^n]: the note"
    )
    quote = Quote("Ada Holm", "Chair", "Riverton Aid", "We waited.")
    assert body_text(edition(body, quote)) == (
        "One two three four (https://example.org/4) https://example.org five[1]\n\n"
        "1. first\n2. second\n   • a\n   • b\n\n> said\n\n"
        "“We waited.” — Ada Holm, Chair, Riverton Aid\n\n[1] the note"
    )
    assert notes_text(edition("", notes="- x\n- y")) == "• x\n• y"
    assert body_text(edition("")) == "" and body_html(edition("")) == ""


def test_markdown_keeps_the_source_and_writes_quotes_out():
    quote = Quote("Ada", "Chair", "", "1. *Not* a list [x](y)\n# nor a title")
    source = "A **b**\n\n[[quote 1]]\n\nEnd"
    written = body_markdown(edition(source, quote))
    assert written.startswith("A **b**\n\n> “") and written.endswith("\n\nEnd")
    assert "— Ada, Chair" in written
    shown = body_text(edition(written))
    assert "1. *Not* a list [x](y)" in shown and "# nor a title" in shown


SPEECH = st.text(st.sampled_from("ab1 .*_[]()<>&#`\\!^~-+=|\n\"'ء"), min_size=1, max_size=40)


@given(SPEECH, SPEECH)
def test_words_of_people_are_never_markup(words, name):
    quote = Quote(name, text=words)
    for source in ("", body_markdown(edition("", quote))):
        shown = str(body_html(edition(source, *(() if source else (quote,)))))
        tags = set(re.findall(r"<(\w+)", shown))
        assert tags <= {"figure", "blockquote", "p", "figcaption", "br"}, shown


@given(st.text(max_size=200))
def test_no_input_makes_anything_but_the_allowed_tags(source):
    shown = str(body_html(edition(source)))
    tags = set(re.findall(r"<(\w+)", shown))
    allowed = {"p", "br", "em", "strong", "a", "ol", "ul", "li", "blockquote", "section", "sup"}
    assert tags <= allowed
    body_text(edition(source))
    body_markdown(edition(source))


N = 20_000
HOSTILE = {
    pattern: (pattern * N)[:N]
    for pattern in (
        *(
            "[",
            "*",
            "_",
            ">",
            "<",
            "`",
            "\\",
            "&",
            "!",
            "![",
            "[a](",
            "[](",
            "[a]: b\n",
            "[^1]",
            "[^1]: ",
            "[^a",
        ),
        *("- ", "1. ", "> - ", "*a_ ", "**a ", "<a", "[a\n", "[[]", '"[', "- a\n  - b\n", "[[quote 1]]\n\n"),
    )
} | {
    "footnotes without end": "[^1]: x\n\n" + "[^" * (N // 2),
    "brackets": "[" * (N // 2) + "a" + "]" * (N // 2),
    "stars": "*" * (N // 2) + "a" + "*" * (N // 2),
    "references": "[a]: https://example.org\n\n" + "[a]" * (N // 3),
    "stairs": "\n".join(">" * i for i in range(200)),
    "many footnotes": "".join(f"[^{i}]: x\n\n[^{i}]\n\n" for i in range(1000)),
}


# What else runs on the machine only ever adds to a time: one try within the bound is enough.
TRIES = 3


def rendered_in(source):
    start = time.process_time()
    try:
        body_html(edition(source, Quote("A", text="b")))
        body_text(edition(source, Quote("A", text="b")))
        body_markdown(edition(source, Quote("A", text="b")))
    except InputRefused:
        pass
    return time.process_time() - start


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_take_no_longer_than_busy_ones(name):
    tries = []
    for _ in range(TRIES):
        busy = rendered_in("*a* [b](https://example.org) **c** d\n\n" * (N // 37))
        hostile = rendered_in(HOSTILE[name])
        tries.append((hostile, busy))
        if hostile < 10 * busy + 0.5:
            return
    pytest.fail(f"seconds for it, and for a busy text: {tries}")


def test_too_long_and_too_deep_are_refused():
    for source, problem in (
        ("a" * 10_000_000, "too-long"),
        ("[" * 100_000, "too-many-brackets"),
        ("> " * 50 + "hidden", "too-nested"),
    ):
        with pytest.raises(InputRefused) as refused:
            body_html(edition(source))
        assert refused.value.problem.id == problem


def test_arabic_survives():
    assert body_text(edition("نُدين **بشدة** [القصف](#)", language="ar")) == "نُدين بشدة القصف"
    quoted = edition("", Quote("ليلى", "رئيسة", text="كفى"), language="ar")
    assert "ليلى، رئيسة" in body_html(quoted)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("Text.\n\n[^x]: secret words", "footnote-unseen"),
        ("Text[^x].\n\n[^x]: shown\n\n[^x]: written twice", "footnote-unseen"),
        ('A [link](https://example.org "secret words").', "link-title"),
    ],
)
def test_words_that_no_page_would_show_are_refused(source, problem):
    with pytest.raises(InputRefused) as refused:
        parse(source)
    assert refused.value.problem.id == problem


def test_a_link_definition_stays_as_it_was_typed():
    edition = Edition(language="en", kind="open-letter", headline="H", body='Text.\n\n[a]: https://example.org "words"')
    assert "words" in body_html(edition)
    assert "words" in body_text(edition)
