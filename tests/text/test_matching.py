"""What two sequences share: truly the same, in order, and as much as there is where that can be paid for."""

from hypothesis import given
from hypothesis import strategies as st

from workflow.text import matching
from workflow.text.matching import Run, matched

LETTERS = st.lists(st.sampled_from("abcdef"), max_size=40)


def check(old, new, runs):
    at_old = at_new = 0
    for run in runs:
        assert run.length > 0
        assert run.old >= at_old and run.new >= at_new
        assert old[run.old : run.old + run.length] == new[run.new : run.new + run.length]
        at_old, at_new = run.old + run.length, run.new + run.length
    assert at_old <= len(old) and at_new <= len(new)


def longest(old, new):
    """The length of the longest common subsequence, by the book."""
    row = [0] * (len(new) + 1)
    for one in old:
        before = row[:]
        for at, other in enumerate(new):
            row[at + 1] = before[at] + 1 if one == other else max(before[at + 1], row[at])
    return row[-1]


@given(LETTERS, LETTERS)
def test_as_much_as_there_is(old, new):
    runs = matched(old, new)
    check(old, new, runs)
    assert sum(run.length for run in runs) == longest(old, new)


@given(st.lists(st.integers(0, 60), max_size=80), st.lists(st.integers(0, 60), max_size=80))
def test_what_is_too_long_is_matched_between_what_is_unique_or_piece_by_piece(old, new):
    paid = matching.AFFORDABLE
    try:
        matching.AFFORDABLE = 50
        runs = matched(old, new)
    finally:
        matching.AFFORDABLE = paid
    check(old, new, runs)


def test_unique_neighbours_hold_the_rest_together(monkeypatch):
    monkeypatch.setattr(matching, "AFFORDABLE", 200)
    old = [*range(100), "x", *range(100, 200)]
    new = [*range(100), "y", "z", *range(100, 200)]
    assert matched(old, new) == [Run(0, 0, 100), Run(101, 102, 100)]
    swapped = [*range(50), *range(120, 150), *range(50, 120), *range(150, 200)]
    assert sum(run.length for run in matched(list(range(200)), swapped)) == 170


def test_a_long_repetition_is_matched_piece_by_piece(monkeypatch):
    monkeypatch.setattr(matching, "AFFORDABLE", 400)
    runs = matched(["a", "b"] * 50 + ["x"], ["a", "c"] * 50 + ["y"])
    assert sum(run.length for run in runs) == 50
