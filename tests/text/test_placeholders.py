"""Counts in a text: what is understood, how numbers are said, and that Markdown stays what it was."""

from dataclasses import replace

import pytest

from tests.ground.effort import within
from workflow.text.content import Content, Edition, Quote
from workflow.text.digest import digest
from workflow.text.markdown import body_text
from workflow.text.placeholders import (
    counts_of,
    doubtful,
    filled,
    open_line,
    placeholders,
    small_beginnings,
    uncounted,
    with_capital,
)

NOUNS = "{organisations|words|one:one organisation|other:# organisations}"
ARABIC = "{organisations|one:منظمة|two:منظمتان|few:# منظمات|many:# منظمة|other:# منظمة}"


def text(body: str, language: str = "en", **parts) -> Edition:
    return Edition(language, "open-letter", parts.pop("headline", "Headline"), body, **parts)


def said(body: str, organisations: int, individuals: int = 0, language: str = "en") -> str:
    return filled(text(body, language), counts_of(organisations, individuals)).body


@pytest.mark.parametrize(
    ("written", "language", "read"),
    [
        ("We, {organisations}, ask.", "en", "We, 41, ask."),
        ("{Organisations|words} ask.", "en", "Forty-one ask."),
        ("{signatories} and {individuals|words}", "en", "43 and two"),
        ("{organisations|words}", "sv", "fyrtioett"),
        ("{organisations|words|feminine}", "es", "cuarenta y una"),
        ("{organisations|words|feminine}", "en", "forty-one"),
        (NOUNS, "en", "forty-one organisations"),
        (ARABIC, "ar", "41 منظمة"),
        ("{organisations|one:{x}}", "en", "{organisations|one:{x}}"),
        ("{organizations} {organisations|wrods} {organisations|one:x}", "en", None),
        (r"\{organisations}", "en", None),
    ],
)
def test_what_is_written_and_what_is_read(written, language, read):
    assert said(written, 41, 2, language) == (written if read is None else read)


@pytest.mark.parametrize(("number", "read"), [(1, "منظمة"), (2, "منظمتان"), (3, "3 منظمات"), (11, "11 منظمة")])
def test_the_form_is_that_of_the_language(number, read):
    assert said(ARABIC, number, language="ar") == read


ORGANISATIONS = {
    3: ("ثلاثة", "ثلاث"),
    7: ("سبعة", "سبع"),
    8: ("ثمانية", "ثماني"),
    10: ("عشرة", "عشر"),
    11: ("أحد عشر", "إحدى عشرة"),
    12: ("اثنا عشر", "اثنتا عشرة"),
    13: ("ثلاثة عشر", "ثلاث عشرة"),
    20: ("عشرون", "عشرون"),
    21: ("واحد وعشرون", "إحدى وعشرون"),
    43: ("ثلاثة وأربعون", "ثلاث وأربعون"),
    100: ("مائة", "مائة"),
    311: ("ثلاثمائة وأحد عشر", "ثلاثمائة وإحدى عشرة"),
    2005: ("ألفان وخمسة", "ألفان وخمس"),
    9999: ("تسعة آلاف وتسعمائة وتسعة وتسعون", "تسعة آلاف وتسعمائة وتسع وتسعون"),
}


@pytest.mark.parametrize("number", ORGANISATIONS)
def test_arabic_numbers_have_the_gender_of_what_is_counted(number):
    plain, feminine = ORGANISATIONS[number]
    assert said("{organisations|words}", number, language="ar") == plain
    assert said("{organisations|words|feminine}", number, language="ar") == feminine


def test_one_is_one():
    assert said(NOUNS, 1) == "one organisation"


def test_thousands_are_said_in_the_manner_of_the_language():
    assert said("{organisations}", 11_000) == "11,000"
    assert said("{organisations|words}", 1_234) == "one thousand two hundred and thirty-four"


def test_a_number_begins_no_list():
    edition = filled(text("{organisations}. That many.\n\n> {organisations}) More."), counts_of(7, 0))
    assert body_text(edition) == body_text(text("7\\. That many.\n\n> 7\\) More."))
    assert "7. That many." in body_text(edition)


def test_every_part_is_filled_and_what_is_signed_is_as_written():
    places = "{organisations}"
    edition = text(
        places,
        headline=f"{places} ask",
        lead_paragraph=places,
        ends=places,
        notes=places,
        quotes=(Quote("Ada {organisations}", text=places),),
    )
    before = digest(Content((edition,)))
    found = filled(edition, counts_of(7, 0))
    assert (found.headline, found.body, found.lead_paragraph, found.ends, found.notes) == ("7 ask", "7", "7", "7", "7")
    assert found.quotes[0].text == "7" and found.quotes[0].speaker == "Ada {organisations}"
    assert digest(Content((edition,))) == before != digest(Content((found,)))
    assert filled(edition, None) == edition


def test_what_is_there_and_what_only_looks_like_it():
    edition = text("{organisations} {organisations} {Individuals|words} {organizations} {name} {}")
    assert placeholders(edition) == ("{organisations}", "{Individuals|words}")
    assert doubtful(edition) == ("{organizations}", "{name}")
    assert placeholders(replace(edition, body="plain")) == doubtful(replace(edition, body="plain")) == ()


def test_ten_thousand_braces_take_no_time():
    for hostile in ("{" * 100_000, "{organisations|" * 10_000, "{organisations" + "|x" * 50_000 + "}"):
        assert said(hostile, 7) == hostile


def test_a_line_before_its_counts_are_known():
    for text, expected in (
        ("{Organisations|words} groups", "[number] groups"),
        ("{organisations|words|one:one group|other:# groups} ask", "[number] groups ask"),
        ("{organisations} {organisations|one:organisation|other:organisations}", "[number] organisations"),
        ("{organizations} and \\{organisations}", "{organizations} and \\{organisations}"),
    ):
        assert open_line(text, "[number]") == expected


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("{organisations|words} ask.", ["{organisations|words}"]),
        ("{Organisations|words} ask.", []),
        ("{organisations} ask.", []),
        ("We, {organisations|words}, ask.", []),
        ("We ask:\n{organisations|words} of us.", []),
        ("We ask.\n\n- *{signatories|one:one|other:many of us}*", ["{signatories|one:one|other:many of us}"]),
        ("We ask.\n\n12. {organisations|words}", ["{organisations|words}"]),
        ("## {organisations|words}\n\n“{organisations|words}”", ["{organisations|words}"]),
        (r"\{organisations|words} ask.", []),
        ("{organizations|words} ask.", []),
    ],
)
def test_a_small_letter_at_the_beginning_of_a_paragraph_is_found(body, found):
    assert list(small_beginnings(text(body), counts_of(41, 2))) == found


def test_a_small_letter_at_the_beginning_of_a_headline_is_found_and_none_where_there_are_none():
    headline = text("Words.", headline="{organisations|words} groups ask")
    assert small_beginnings(headline, counts_of(7, 0)) == ("{organisations|words}",)
    arabic = text("Words.", "ar", headline="{organisations|words} منظمات")
    assert small_beginnings(arabic, counts_of(7, 0)) == ()
    assert with_capital("{organisations|words|feminine}") == "{Organisations|words|feminine}"


def test_a_text_before_its_counts_are_known_stays_what_it_is_in_markdown():
    opened = uncounted(text("{organisations}: who we are.", headline="{Organisations|words} ask"), "[number]")
    assert (opened.headline, body_text(opened)) == ("[number] ask", "[number]: who we are.")


@pytest.mark.parametrize("part", ["\n", " \n", ">\n", "> ", "1. ", "\n\n{", "-*"])
def test_beginnings_are_looked_for_in_time_that_grows_with_the_text(part):
    long = text(part * (200_000 // len(part)))
    assert within(5, lambda: small_beginnings(long, counts_of(41, 2))) == ()
