"""Three-way merging: both changes are taken where they do not touch, both wordings are kept where they do."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import EDITION
from workflow.text.content import MediaContact, Quote
from workflow.text.merging import Choice, Clash, merge, merge_editions, passages

WORDS = st.sampled_from(["a", "b", "c", "d", "The road.", "الطريق مغلق.", "🌊", "- one\n- two"])
TEXTS = st.lists(WORDS, max_size=9)


def wordings(pieces, side):
    """The text as it is when every clash goes to one side."""
    return [part for one in pieces for part in (getattr(one, side) if isinstance(one, Clash) else (one,))]


@given(TEXTS, TEXTS)
def test_where_one_side_changed_nothing_the_other_is_taken(base, other):
    assert merge(base, base, other) == other
    assert merge(base, other, base) == other
    assert merge(base, other, other) == other


@st.composite
def reworked(draw, base, name):
    """`base` with passages taken out, put in and reworded; what is new is told by `name`."""
    parts = []
    for at, part in enumerate(base):
        parts += [f"{name} before {at}"] * draw(st.booleans())
        parts += draw(st.sampled_from([[part], [part], [part], [], [f"{name} instead of {at}"]]))
    return parts + [f"{name} at the end"] * draw(st.booleans())


@given(st.integers(0, 8).map(lambda size: [f"passage {at}" for at in range(size)]), st.data())
def test_a_passage_goes_only_where_one_of_the_two_took_it_out(base, data):
    theirs, mine = data.draw(reworked(base, "theirs")), data.draw(reworked(base, "mine"))
    pieces = merge(base, theirs, mine)
    for side, own, other in (("theirs", theirs, mine), ("mine", mine, theirs)):
        there = wordings(pieces, side)
        assert len(there) == len(set(there)), "a passage stands twice"
        assert [part for part in own if part not in there and (part not in base or part in other)] == []
        assert [part for part in there if part not in own and part not in other] == []


@given(TEXTS, TEXTS, TEXTS)
def test_the_two_sides_are_treated_alike(base, theirs, mine):
    one, other = merge(base, theirs, mine), merge(base, mine, theirs)
    turned = [Clash(p.base, p.mine, p.theirs) if isinstance(p, Clash) else p for p in other]
    assert one == turned


UNIQUE = st.integers(2, 12).map(lambda size: [f"passage {at}" for at in range(size)])


@given(UNIQUE, st.data())
def test_changes_in_different_passages_are_both_there_and_nothing_clashes(base, data):
    mine_at = data.draw(st.sets(st.integers(0, len(base) - 1)))
    theirs_at = data.draw(st.sets(st.integers(0, len(base) - 1))) - mine_at
    mine = [f"{part} (mine)" if at in mine_at else part for at, part in enumerate(base)]
    theirs = [f"{part} (theirs)" if at in theirs_at else part for at, part in enumerate(base)]
    assert merge(base, theirs, mine) == [
        mine[at] if at in mine_at else theirs[at] if at in theirs_at else base[at] for at in range(len(base))
    ]


@given(UNIQUE, st.data())
def test_a_passage_that_both_reworded_clashes_and_holds_both_wordings(base, data):
    at = data.draw(st.integers(0, len(base) - 1))
    theirs, mine = [*base], [*base]
    theirs[at], mine[at] = "their wording", "my wording"
    assert merge(base, theirs, mine) == [
        *base[:at],
        Clash((base[at],), ("their wording",), ("my wording",)),
        *base[at + 1 :],
    ]


def test_what_one_took_out_and_the_other_reworded_is_not_guessed():
    assert merge(["a", "b"], ["a"], ["a", "b, reworded"]) == ["a", Clash(("b",), (), ("b, reworded",))]


def test_two_passages_put_into_one_place_clash_and_both_can_be_taken():
    (first, clash) = merge(["a"], ["a", "theirs"], ["a", "mine"])
    assert (first, clash) == ("a", Clash((), ("theirs",), ("mine",)))
    assert clash.settled(Choice.BOTH) == ("theirs", "mine")
    assert (clash.settled(Choice.MINE), clash.settled(Choice.THEIRS)) == (("mine",), ("theirs",))


def test_passages_end_at_blank_lines():
    assert passages("One\ntwo.\n\n- a\n- b\n \n\nLast.") == ["One\ntwo.", "- a\n- b", "Last."]
    assert passages("") == []


def test_a_text_of_many_thousand_passages_is_merged_at_once():
    base = [f"{at % 7}" for at in range(60_000)]
    theirs, mine = ["new", *base], [*base[:-1], "new at the end"]
    assert merge(base, theirs, mine) == ["new", *base[:-1], "new at the end"]


# Editions ---------------------------------------------------------------------------------------


def test_changes_of_different_fields_and_passages_come_together():
    theirs = replace(EDITION, headline="Their headline", body=EDITION.body.replace("forty", "fifty"))
    mine = replace(EDITION, place="Hillside", body=EDITION.body + "\n\nOne more.")
    merged = merge_editions(EDITION, theirs, mine)
    assert merged.clashes == []
    assert merged.settled() == replace(theirs, place="Hillside", body=theirs.body + "\n\nOne more.")


@pytest.mark.parametrize("changed", ["theirs", "mine"])
def test_an_edition_changed_on_one_side_alone_is_taken_to_the_letter(changed):
    other = replace(EDITION, body="One.\n\n\n\nTwo.", cc=("The press",), contacts=(MediaContact("Lea"),))
    merged = merge_editions(EDITION, *((other, EDITION) if changed == "theirs" else (EDITION, other)))
    assert (merged.clashes, merged.settled()) == ([], other)


def test_what_clashes_is_settled_by_a_choice_for_each():
    theirs = replace(EDITION, headline="Theirs", body="Their body.")
    mine = replace(EDITION, headline="Mine", body="My body.", ends="STOP")
    merged = merge_editions(EDITION, theirs, mine)
    assert [field for field, _ in merged.clashes] == ["headline", "body"]
    assert merged.settled([Choice.THEIRS, Choice.MINE]) == replace(mine, headline="Theirs")
    assert merged.settled([Choice.MINE, Choice.BOTH]).body == "Their body.\n\nMy body."


def test_quotes_are_held_against_each_other_one_by_one():
    two = (*EDITION.quotes, Quote("Ben Example", "", "Hillside Forum", "Open it."))
    base = replace(EDITION, quotes=two)
    theirs = replace(base, quotes=(replace(two[0], text="Their words."), two[1]))
    mine = replace(base, quotes=(two[0], replace(two[1], text="My words.")))
    merged = merge_editions(base, theirs, mine)
    assert merged.clashes == []
    assert [one.text for one in merged.settled().quotes] == ["Their words.", "My words."]


def test_a_quote_that_one_adds_at_the_end_leaves_the_numbers_as_they_are():
    more = (*EDITION.quotes, Quote("Ben Example", "", "Hillside Forum", "Open it."))
    theirs, mine = replace(EDITION, quotes=more), replace(EDITION, quotes=(replace(EDITION.quotes[0], text="Mine."),))
    merged = merge_editions(EDITION, theirs, mine)
    assert merged.clashes == []
    assert [one.text for one in merged.settled().quotes] == ["Mine.", "Open it."]


@pytest.mark.parametrize("change", ["words", "place"])
def test_quotes_that_one_renumbered_are_not_placed_by_the_numbers_of_the_other(change):
    first = Quote("Ben Example", "", "Hillside Forum", "Open it.")
    theirs = replace(EDITION, quotes=(first, *EDITION.quotes), body=EDITION.body.replace("quote 1", "quote 2"))
    if change == "words":
        mine = replace(EDITION, quotes=(replace(EDITION.quotes[0], text="Mine."),))
    else:
        mine = replace(EDITION, body="[[quote 1]]\n\n" + EDITION.body)
    assert "quotes" in [field for field, _ in merge_editions(EDITION, theirs, mine).clashes]
