"""Comparison word by word: always exact, always in time."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.redlines import hostile
from tests.ground.effort import within
from workflow.text.redline import MOST, Change, compare, steps

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


def shown(old: str, new: str) -> str:
    """What a reader sees, with [what went] and {what came}."""
    marks = {"equal": "{}", "delete": "[{}]", "insert": "{{{}}}"}
    return "".join(marks[change.op].format(change.text) for change in compare(old, new))


READABLE = {
    "a word": ("closed for forty days", "closed for forty-seven days", "closed for [forty]{forty-seven} days"),
    "a number": ("killed 1,200 people", "killed 1,300 people", "killed [1,200]{1,300} people"),
    "a sentence rewritten is one change": (
        "We ask the council to reopen the road this week, and to keep it open.",
        "The coalition demands that the minister opens a bridge by Friday, and that he keeps the peace.",
        "[We ask the council to reopen the road this week, and to keep it open]"
        "{The coalition demands that the minister opens a bridge by Friday, and that he keeps the peace}.",
    ),
    "what stayed for long stays": (
        "They met. The road to the clinic has been closed for a long time. It rained.",
        "We saw them. The road to the clinic has been closed for a long time. Snow fell.",
        "[They met]{We saw them}. The road to the clinic has been closed for a long time. [It rained]{Snow fell}.",
    ),
    "a sentence that came stands as one": (
        "The cat sat. The dog ran.",
        "The cat sat. The cow stood. The dog ran.",
        "The cat sat. {The cow stood. }The dog ran.",
    ),
    "words that came between others": ("We sign today.", "We all gladly sign today.", "We {all gladly }sign today."),
    "a sign": ("We sign, today.", "We sign today.", "We sign[,] today."),
    "a line that was broken": ("one two", "one\ntwo", "one[ ]{\n}two"),
    "Arabic": ("على المدينة ولا نقبل", "على القرية ولا نقبل", "على [المدينة]{القرية} ولا نقبل"),
    "Hebrew": ("אנחנו קוראים למועצה", "אנחנו קוראים לממשלה", "אנחנו קוראים [למועצה]{לממשלה}"),
    "Persian": ("ما می\u200cخواهیم", "ما نمی\u200cخواهیم", "ما [می\u200cخواهیم]{نمی\u200cخواهیم}"),
    "Chinese": ("我们要求开放道路。", "我们要求关闭道路。", "我们要求[开放]{关闭}道路。"),
    "Thai": ("เราขอให้เปิดถนน", "เราขอให้ปิดถนน", "เราขอให้[เปิด]{ปิด}ถนน"),
    "a family is no single person": (
        "We 👩\u200d👩\u200d👧\u200d👦 met",
        "We 👩\u200d👩\u200d👧 met",
        "We [👩\u200d👩\u200d👧\u200d👦]{👩\u200d👩\u200d👧} met",
    ),
    "flags and tones": ("👍🏽🇸🇾 x", "👍🏿🇬🇧 x", "[👍🏽🇸🇾]{👍🏿🇬🇧} x"),
}


@pytest.mark.parametrize("name", READABLE)
def test_a_redline_can_be_read(name):
    old, new, expected = READABLE[name]
    assert shown(old, new) == expected


ONE = "The valley road has been closed for forty days, and nobody can say when it will be reopened."
TWO = "Families from both sides of the river cannot reach the clinic, and the school is empty."
THREE = "We ask the council to reopen the road this week and to keep it open in the winter."


def test_a_paragraph_that_moved_goes_and_comes_whole():
    assert shown(f"{ONE}\n\n{TWO}\n\n{THREE}\n", f"{TWO}\n\n{THREE}\n\n{ONE}\n").count("[") == 1
    moved = compare(f"{ONE}\n\n{TWO}\n\n{THREE}", f"{TWO}\n\n{ONE}\n\n{THREE}")
    assert sorted(change.text.strip() for change in moved if change.op != "equal") in ([ONE, ONE], [TWO, TWO])


def test_a_paragraph_that_was_rewritten_beside_others_is_compared_with_itself():
    old, new = f"{ONE}\n\n{TWO}", f"{THREE}\n\n{ONE.replace('forty', 'fifty')}\n\n{TWO.replace('both', 'all')}"
    expected = f"{{{THREE}\n\n}}{ONE}\n\n{TWO}".replace("forty", "[forty]{fifty}").replace("both", "[both]{all}")
    assert shown(old, new) == expected


def test_a_paragraph_that_was_split_shows_where():
    assert shown(f"{ONE} {TWO}\n\n{THREE}", f"{ONE}\n\n{TWO}\n\nWe sign.\n\n{THREE}").startswith(
        f"{ONE}[ ]{{\n\n}}{TWO}"
    )
    assert shown(f"{ONE}\n\n{TWO}", f"{ONE} {TWO}") == f"{ONE}[\n\n]{{ }}{TWO}"


def test_the_same_two_texts_always_give_the_same_answer():
    old, new = hostile()["drawn words"]
    assert compare(old, new) == compare(old, new)


def test_steps_of_any_sequence():
    assert steps([], []) == []
    assert steps([1, 2, 3], [2, 3, 4]) == [("delete", 1), ("equal", 2), ("insert", 1)]
    assert steps(("a",), ("b", "c")) == [("delete", 1), ("insert", 2)]


def test_characters_that_cannot_be_encoded_come_back_too():
    assert "".join(change.text for change in compare("a \ud83d\ude00 b", "a b") if change.op != "insert") == (
        "a \ud83d\ude00 b"
    )


def test_more_different_words_than_private_characters():
    old = " ".join(str(number) for number in range(70_000))
    new = old.replace("35000", "changed")
    changed = [change for change in compare(old, new) if change.op != "equal"]
    assert changed == [Change("delete", "35000"), Change("insert", "changed")]


HOSTILE = {
    **hostile(),
    "framed": ("x " + "a b " * 50_000 + "y", "z " + "a b " * 40_000 + "w"),
    "backwards": (" ".join(map(str, range(30_000))), " ".join(map(str, range(30_000, 0, -1)))),
    "nothing": ("a b " * 50_000, ""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_answered_in_time(name):
    old, new = HOSTILE[name]
    changes = within(30, lambda: compare(old, new))
    assert "".join(change.text for change in changes if change.op != "insert") == old
    assert "".join(change.text for change in changes if change.op != "delete") == new
    assert len(changes) <= 3 * MOST
