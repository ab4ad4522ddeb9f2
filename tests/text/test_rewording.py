"""Other words for a passage: exactly there and nowhere else, or a refusal."""

from dataclasses import replace

import pytest

from workflow.rules.refusals import SuggestionConflict
from workflow.text.anchoring import Place
from workflow.text.blocks import blocks
from workflow.text.content import Edition, Quote
from workflow.text.rewording import reworded

TEXT = Edition(
    language="en",
    kind="press-release",
    label="Press release",
    headline="The valley road must open",
    addressees=("The council", "The mayor"),
    lead_paragraph="Families have waited\nfor forty days.",
    body=(
        "The road has been closed for **forty** days. The road is the only way.\n\n"
        "We ask the council to *reopen\nthe road* [this week](https://council.example.org/the-road).\n\n"
        "> Nobody should walk\n> nine hours to a doctor.\n\n"
        "- the road  \n  by night\n- the bridge\n\n"
        "Costs of 5\\*5 and a\\_b are low.[^1] They stay low.\n\n"
        "[[quote 1]]\n\n"
        "[^1]: See the road report, page 4."
    ),
    quotes=(Quote("Ada Example", "Director", "Lakeside Relief", "Nobody should walk.\n\nNobody should wait."),),
    ends="ENDS",
    notes="The road was built in 1957.\n\nThe road is 12 km long.",
)


def place(words: str, key: str, nth: int = 0, edition: Edition = TEXT) -> Place:
    """The n-th of these words in a block."""
    text = next(block.text for block in blocks(edition) if block.key == key)
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Place(key, start, key, start + len(words), words)


def texts(edition: Edition) -> dict[str, str]:
    return {block.key: block.text for block in blocks(edition)}


@pytest.mark.parametrize(
    ("key", "words", "nth", "proposed", "now"),
    [
        ("headline", "must open", 0, "has to open", "The valley road has to open"),
        ("label", "Press", 0, "Joint press", "Joint press release"),
        ("to2", "The mayor", 0, "The mayors", "The mayors"),
        ("lead", "waited for forty", 0, "waited fifty", "Families have waited fifty days."),
        ("ends", "ENDS", 0, "END", "END"),
        ("b1", "The road", 0, "This road", "This road has been closed for forty days. The road is the only way."),
        ("b1", "The road", 1, "It", "The road has been closed for forty days. It is the only way."),
        ("b1", "forty", 0, "fifty", "The road has been closed for fifty days. The road is the only way."),
        ("b2", "reopen the road", 0, "open it", "We ask the council to open it this week."),
        ("b2", "this week", 0, "now", "We ask the council to reopen the road now."),
        ("b3", "walk nine", 0, "walk\neight", "Nobody should walk eight hours to a doctor."),
        ("b4", "road by night", 0, "path", "the path"),
        ("b6", "5*5 and a_b", 0, "these", "Costs of these are low. They stay low."),
        ("f1", "page 4", 0, "page 5", "See the road report, page 5."),
        ("n1", "1957", 0, "1958", "The road was built in 1958."),
        ("n2", "The road", 0, "It", "It is 12 km long."),
        ("q1", "wait.", 0, "wait any longer.", "Nobody should walk. Nobody should wait any longer. Ada Example,"
         " Director, Lakeside Relief"),
        ("b1", "The road is the only way.", 0, "", "The road has been closed for forty days."),
        ("b3", "Nobody should walk nine hours to a doctor.", 0, "It is far.", "It is far."),
        ("b1", "only", 0, "**only** <b>one</b> [x](https://y.example.org) & [^1] `z`",
         "The road has been closed for forty days. The road is the **only** <b>one</b> [x](https://y.example.org) &"
         " [^1] `z` way."),
        ("b4", "the road by night", 0, "1. # - the path", "1. # - the path"),
    ],
)  # fmt: skip
def test_the_words_are_replaced_where_a_reader_sees_them_and_nothing_else(key, words, nth, proposed, now):
    told = texts(reworded(TEXT, place(words, key, nth), proposed))
    assert told == {**texts(TEXT), key: now}


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f", "\u2009"])
def test_blanks_that_do_not_break_are_blanks(blank):
    edition = replace(TEXT, body=f"Depuis dix{blank}jours la route est fermée.")
    now = reworded(edition, place("dix jours", "b1", edition=edition), "onze jours")
    assert texts(now)["b1"] == "Depuis onze jours la route est fermée."


def test_several_paragraphs_do_not_become_one_unseen():
    with pytest.raises(SuggestionConflict) as refused:
        reworded(TEXT, place("The road", "b1"), "We ask.\n \nThe road")
    assert refused.value.params == {"why": "paragraphs"}


def test_a_paragraph_that_is_struck_is_gone_and_leaves_the_others():
    whole = texts(TEXT)["n1"]
    told = reworded(TEXT, place(whole, "n1"), "")
    assert told.notes == "The road is 12 km long."


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("b1", "for forty days"),  # bold begins among the words
        ("b2", "the road this"),
        ("b6", "low. They"),  # the mark of a footnote
        ("q1", "Ada Example"),  # who is quoted is no part of the quote's words
    ],
)
def test_what_could_only_be_guessed_is_refused(key, words):
    with pytest.raises(SuggestionConflict) as refused:
        reworded(TEXT, place(words, key), "other words")
    assert refused.value.params == {"why": "marks"}


def test_words_that_go_over_several_blocks_are_refused():
    over = Place("b1", 0, "b2", 3, "whatever")
    with pytest.raises(SuggestionConflict):
        reworded(TEXT, over, "other words")


def test_a_place_that_is_not_there_is_refused():
    for wrong in (Place("b99", 0, "b99", 3, "The"), Place("b1", 1, "b1", 4, "The")):
        with pytest.raises(SuggestionConflict):
            reworded(TEXT, wrong, "other words")


def test_what_could_not_be_saved_is_refused_as_that():
    with pytest.raises(SuggestionConflict) as refused:
        reworded(TEXT, place("must open", "headline"), "long " * 100)
    assert refused.value.params == {"why": "unfit"}


def test_words_that_equal_others_in_two_markings_are_refused():
    twice = replace(TEXT, body="[very](https://very.example.org) very long", quotes=(), notes="", lead_paragraph="")
    with pytest.raises(SuggestionConflict):
        reworded(twice, place("very", "b1", 1, twice), "")


def test_many_equal_words_in_a_long_text_are_not_all_read_through():
    body = ("word " * 30 + "\n\n") * 1200
    long = replace(TEXT, body=body.strip(), quotes=(), notes="", lead_paragraph="")
    with pytest.raises(SuggestionConflict):
        reworded(long, place("word", "b600", 29, long), "other")
