"""Listing: the order is the key's, whatever order the signatories came in."""

from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.listing import line, ordered


def plain(name: str) -> bytes:
    return name.lower().encode()


def test_the_key_decides_and_the_name_settles_ties():
    assert ordered(["b", "a", "B", "A"], str, plain) == ["A", "a", "B", "b"]


def test_what_is_ordered_is_the_item_by_its_name():
    assert ordered([(1, "Hillside"), (2, "Harbour")], lambda item: item[1], plain) == [
        (2, "Harbour"),
        (1, "Hillside"),
    ]


@given(st.lists(st.text(alphabet="abAB ", max_size=3), max_size=6), st.randoms())
def test_the_order_of_arrival_does_not_matter(names, chance):
    shuffled = list(names)
    chance.shuffle(shuffled)
    assert ordered(shuffled, str, plain) == ordered(names, str, plain)


def test_names_stand_on_one_line():
    assert line([]) == ""
    assert line(["Harbour Aid"]) == "Harbour Aid"
    assert line(iter(["Harbour Aid", "Hillside Forum"])) == "Harbour Aid • Hillside Forum"
