"""Which words are the same in two texts; where two could be it, none is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.text.aligning import PLACE_MARK, Alignment

BEGIN, END = f"{PLACE_MARK}begin", f"{PLACE_MARK}end"
# Words enough around what is tried that they are an anchor by themselves.
TEXT = (
    "the council withdrew the last crossing in january without asking a single village families wait for hours beside"
    " an empty quay while reports praise its new lamps"
)
BEFORE, AFTER = TEXT.split()[:13], TEXT.split()[13:]


def aligned(old, new):
    """For each word of `old` between the texts around it: which of `new` it is, by number; None where nobody knows."""
    texts = [[BEGIN, *BEFORE, *text.split(), *AFTER, END] for text in (old, new)]
    found = Alignment(*texts)
    first = len(BEFORE) + 1
    return [to - first if to >= 0 else None for to in found.to[first : first + len(old.split())]]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("one boat stays", "one boat stays", [0, 1, 2]),
        ("one boat stays", "one lamp stays", [0, None, 2]),
        ("one boat stays", "one new boat stays", [0, 2, 3]),
        ("one boat stays", "", [None, None, None]),
        # Of two equal ones side by side, one went, or one came: which?
        ("nobody asked nobody asked", "nobody asked", [None, None, None, None]),
        ("nobody asked", "nobody asked nobody asked", [None, None]),
        ("to the ferry", "to the boat the ferry", [0, None, 4]),
    ],
)
def test_words_between_what_stayed(old, new, expected):
    assert aligned(old, new) == expected


def test_whole_paragraphs_that_change_places():
    old, new = [BEGIN, *BEFORE, *AFTER, END], [BEGIN, *AFTER, *BEFORE, END]
    found = Alignment(old, new)
    assert [new[to] for to in found.to] == old and sorted(found.to) == list(range(len(old)))


def test_a_text_of_nothing_but_other_words():
    assert set(Alignment(BEFORE, AFTER).to) == {-1}
    assert Alignment([], AFTER).to == [] and Alignment(BEFORE[:1], []).to == [-1]


@given(*[st.lists(st.sampled_from(["a", "b", "c", "the", "quay", "lamp", BEGIN, END]), max_size=40)] * 2)
def test_no_word_is_two_and_none_is_another(old, new):
    found = Alignment(old, new)
    for at, to in enumerate(found.to):
        if to >= 0:
            assert old[at] == new[to] and found.come_from[to] == at
    there = [to for to in found.to if to >= 0]
    assert len(there) == len(set(there))
