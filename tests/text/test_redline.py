"""Comparison word by word: always exact, always in time."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.text.redline import Change, compare

WORDS = st.lists(st.sampled_from(["we", "sign", "لا", "نُدين", " ", "  ", "\n", "\n\n", ".", "don't", "é", "e\u0301"]))
TEXT = st.one_of(st.text(max_size=60), WORDS.map("".join))


@given(TEXT, TEXT)
def test_both_texts_come_back_exactly(old, new):
    changes = compare(old, new)
    assert "".join(change.text for change in changes if change.op != "insert") == old
    assert "".join(change.text for change in changes if change.op != "delete") == new
    assert all(change.text for change in changes)
    kinds = [change.op for change in changes]
    assert all(a != b for a, b in itertools.pairwise(kinds))
    assert ("insert", "delete") not in list(itertools.pairwise(kinds))


def test_words_are_compared_not_letters():
    assert compare("We sign today.", "We signed today.") == [
        Change("equal", "We "),
        Change("delete", "sign"),
        Change("insert", "signed"),
        Change("equal", " today."),
    ]
    assert compare("the old long words stay", "the new short words stay")[1:3] == [
        Change("delete", "old long"),
        Change("insert", "new short"),
    ]


def test_arabic_words_with_vowel_signs_stay_whole():
    changes = compare("نُدينُ القصف على المدينة", "نُدينُ القصف على القرية")
    assert [change.text for change in changes if change.op != "equal"] == ["المدينة", "القرية"]
    assert [c.text for c in compare("نُدين", "نَدين")] == ["نُدين", "نَدين"]


def test_nothing_and_the_same():
    assert compare("", "") == []
    assert compare("a", "a") == [Change("equal", "a")]
    assert compare("", "a") == [Change("insert", "a")]


def test_more_different_words_than_private_characters():
    old = " ".join(str(number) for number in range(70_000))
    new = old.replace("35000", "changed")
    changed = [change for change in compare(old, new) if change.op != "equal"]
    assert changed == [Change("delete", "35000"), Change("insert", "changed")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x " + "a b " * 50_000 + "y", "z " + "a b " * 40_000 + "w"),
        ("a\nb\n" * 40_000, "a\nc\n" * 40_000),
        (" ".join(map(str, range(30_000))), " ".join(map(str, range(30_000, 0, -1)))),
    ],
)
def test_hostile_texts_are_answered_in_time(old, new):
    start = time.process_time()
    changes = compare(old, new)
    assert time.process_time() - start < 5
    assert "".join(change.text for change in changes if change.op != "insert") == old
    assert "".join(change.text for change in changes if change.op != "delete") == new
