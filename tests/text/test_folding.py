"""A redline as a reader goes through it: numbers, moves, folds, and never a word lost."""

from hypothesis import given
from hypothesis import strategies as st

from workflow.text.folding import EXCERPT, FOLD, Kept, PartChange, edges, excerpt, folded, numbered
from workflow.text.redline import Change, Part, compare

STAYED = "The road has been closed for a long time, and nobody can say when it will be open again. "


def text_of(stretches, side):
    return "".join(one.text if isinstance(one, Kept) else getattr(one, side) for one in stretches)


@given(st.text("ab \n", max_size=60), st.text("ab \n", max_size=60), st.integers(0, 12), st.sampled_from(["", "\n\n"]))
def test_both_texts_come_back_exactly(old, new, times, end):
    old, new = f"{old}{STAYED * times}{end}", f"{new}{STAYED * times}{end}"
    stretches = folded(compare(old, new))
    assert text_of(stretches, "removed") == old
    assert text_of(stretches, "added") == new


def test_a_change_has_one_number_whether_it_came_went_or_both():
    changes = [
        Change("delete", "a"),
        Change("insert", "b"),
        Change("equal", "c"),
        Change("insert", "d"),
        Change("equal", "e"),
        Change("delete", "f"),
    ]
    assert numbered(changes) == [
        PartChange(1, "a", "b"),
        "c",
        PartChange(2, "", "d"),
        "e",
        PartChange(3, "f", ""),
    ]


def test_what_went_in_one_part_and_came_in_the_next_are_two_changes():
    changes = [Change("delete", "a", Part("label")), Change("insert", "b", Part("place"))]
    assert [one.part for one in numbered(changes)] == [Part("label"), Part("place")]


def test_what_only_moved_is_told_with_where_it_went():
    moved = "These five words have moved."
    changes = [Change("delete", f"{moved}\n\n"), Change("equal", "It stays."), Change("insert", f"\n\n{moved}")]
    first, _, last = numbered(changes)
    assert (first.moved, last.moved) == (2, 1)
    first, _, last = numbered([Change("delete", "it"), Change("equal", " is "), Change("insert", "it")])
    assert (first.moved, last.moved) == (0, 0)


def test_long_stretches_are_folded_between_lines():
    lines = "\n\n".join([STAYED.strip()] * 12)
    found = folded([Change("insert", "New."), Change("equal", f" Line.\n\n{lines}\n\nHere "), Change("delete", "x")])
    assert [type(one) for one in found] == [PartChange, Kept, Kept, Kept, PartChange]
    before, fold, behind = found[1:4]
    assert (before.text, behind.text) == (" Line.\n\n", "Here ")
    assert fold.folded and fold.text == f"{lines}\n\n"
    assert fold.words == 12 * len(STAYED.split())
    assert not (before.torn_behind or behind.torn_before)


def test_one_long_line_is_folded_between_words_and_says_so():
    found = folded([Change("insert", "x"), Change("equal", STAYED * 12), Change("insert", "y")])
    before, fold, behind = found[1:4]
    assert fold.folded and before.torn_behind and behind.torn_before
    assert before.text.split()[-1] in STAYED.split() and behind.text.split()[0] in STAYED.split()
    assert len(before.text) < 150 and len(behind.text) < 150


def test_no_emoji_is_cut_by_a_fold():
    family = "👩\u200d👩\u200d👧\u200d👦"
    before, _, behind = folded([Change("insert", "x"), Change("equal", family * 200), Change("insert", "y")])[1:4]
    assert before.text == family * (len(before.text) // len(family))
    assert behind.text == family * (len(behind.text) // len(family))


def test_what_is_short_is_not_folded_and_what_never_changed_is():
    assert folded([("insert", "x"), ("equal", "a" * (FOLD - 1)), ("insert", "y")])[1] == Kept("a" * (FOLD - 1))
    (alone,) = folded(compare(STAYED * 12, STAYED * 12))
    assert alone.folded
    assert folded([]) == []


def test_an_excerpt_is_short_and_cut_between_words():
    assert excerpt("a\n\n b") == "a b"
    cut = excerpt(STAYED * 3)
    assert len(cut) <= EXCERPT + 1 and cut.endswith("…")
    assert cut[:-1] in STAYED and cut[:-1].split()[-1] in STAYED.split()
    assert excerpt("a" * 500) == "…"


def test_of_much_that_stayed_beside_a_change_the_edges_are_shown():
    words = " ".join(f"word{number}" for number in range(500))
    first, last = edges(words)
    assert words.startswith(first) and words.endswith(last)
    assert 100 < len(first) + len(last) <= 240
    assert edges("a few words") == ("a few words", "")
    assert edges("x" * 900) == ("x" * 900, "")
