"""Passages: chosen by what a form brings, kept as JSON, quoted short."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.refusals import InputRefused
from workflow.text.blocks import blocks
from workflow.text.content import Edition, Quote
from workflow.text.passages import Passage, chosen, quoted, whole
from workflow.text.sentences import say

EDITION = Edition(
    "en",
    "press-release",
    "The bridge and the road",
    "The road is closed. The  road\nis *long*. نُدين القصف.\n\nThe road is closed.\n\n[[quote 1]]",
    quotes=(Quote("Ada", text="We waited.\n\nWe wait."),),
)
TEXT = "The road is closed. The road is long. نُدين القصف."


def refused(*told):
    with pytest.raises(InputRefused) as found:
        chosen(EDITION, *told)
    return found.value


def test_words_in_a_block_with_what_stands_beside_them():
    assert chosen(EDITION, "b1", "road is long", "The road is closed. The") == Passage(
        "body",
        "b1",
        24,
        "road is long",
        "The road is closed. The ",
        ". نُدين القصف. The road is closed. We waited. We wait. Ada",
    )
    assert chosen(EDITION, "b1", " نُدين \n القصف", "whatever").start == TEXT.index("نُدين")
    assert chosen(EDITION, "q1", "We waited. We wait. Ada").part == "quote"


def test_without_words_it_is_the_whole_block():
    for one in blocks(EDITION):
        assert chosen(EDITION, one.key, " ") == whole(one) == Passage(one.part, one.key, 0, one.text)


def test_the_words_before_decide_between_equal_ones():
    assert chosen(EDITION, "b1", "The road", "").start == 0
    assert chosen(EDITION, "b1", "The road", " The road\nis closed. ").start == 20
    problem = refused("b1", "road", "")
    assert problem.field == "passage_exact" and problem.problem.id == "passage.several"
    assert refused("b1", "road is", "road").problem.id == "passage.several"
    assert "paragraph 1" in say(problem.problem, str)


def test_within_a_word():
    assert chosen(EDITION, "headline", "ridge", "The b") == Passage(
        "headline", "headline", 5, "ridge", "The b", " and the road The road is closed. The road is long. نُدين ال"
    )


def test_over_several_blocks():
    passage = chosen(EDITION, "b1", "القصف. The road is closed. We", TEXT.removesuffix(" القصف."))
    assert passage.block == "b1" and passage.exact == "القصف. The road is closed. We"
    assert passage.suffix.startswith(" waited.")


def test_what_does_not_stand_there_is_refused():
    assert refused("b9", "The road").problem.id == "passage.unknown"
    assert refused("b9", "").field == "passage_block"
    assert refused("", "x").problem.id == "passage.unknown"
    assert refused("b2", "is long").problem.id == "passage.not-there"
    # The words stand in the next block, not in this one.
    assert refused("headline", "is closed.").problem.id == "passage.not-there"


@pytest.mark.parametrize(
    "exact",
    ["a" * 200_000, "The\u202eroad", "\0", "The\u200broad", "\ud800", "road " * 40_000, "\u2066The road\u2069"],
    ids=["long", "turned", "nothing", "unseen", "half a character", "many words", "isolated"],
)
def test_hostile_words_are_refused_with_a_sentence(exact):
    assert refused("b1", exact, exact).problem.id == "passage.not-there"


def test_equal_letters_of_another_making_are_the_same():
    edition = Edition("en", "press-release", "Café", "x")
    assert chosen(edition, "headline", "Cafe\u0301").exact == "Café"


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
def test_whatever_is_selected_is_found_where_it_was(first, last):
    first, last = sorted((first, last))
    exact = TEXT[first:last]
    if not exact.strip():
        return
    passage = chosen(EDITION, "b1", exact, TEXT[:first])
    assert passage.exact == exact.strip()
    assert passage.start == first + len(exact) - len(exact.lstrip())


def test_it_is_kept_as_json():
    passage = chosen(EDITION, "b1", "road is long")
    assert Passage.from_json(json.loads(json.dumps(passage.to_json()))) == passage


KEPT = Passage("body", "b1", 4, "road is", "The", "closed.").to_json()


@pytest.mark.parametrize(
    "kept",
    [
        *(None, [], "b1", 3, {}),
        {**KEPT, "more": ""},
        {name: value for name, value in KEPT.items() if name != "suffix"},
        *({**KEPT, "start": value} for value in (-1, 1.0, True, "1", None)),
        *({**KEPT, name: 1} for name in ("part", "block", "exact", "prefix", "suffix")),
        *({**KEPT, "part": value} for value in ("", "cc", "Body")),
        *({**KEPT, "block": value} for value in ("", "b1\n", "B1", "../b1", "b" * 30)),
        *({**KEPT, "exact": value} for value in ("", " ", "a  b", "a\nb", " a")),
    ],
)
def test_anything_else_is_no_passage(kept):
    with pytest.raises(ValueError, match="passage"):
        Passage.from_json(kept)


def test_quoted_short():
    assert quoted("The road is long.") == "The road is long."
    assert quoted("The road is long.", 10) == "The road …"
    assert quoted("a" * 300, 10) == "aaaaaaaaaa …"
    assert quoted("aaaaaaaaae\u0301e", 10) == "aaaaaaaaa …"


@given(st.text(max_size=40), st.integers(2, 20))
def test_quoting_never_grows_and_never_fails(text, limit):
    assert len(quoted(text, limit)) <= max(len(text), limit) + 2
