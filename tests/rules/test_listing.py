"""Listing: the order is the key's, whatever order the signatories came in."""

from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.listing import (
    MOST_SECTIONS,
    Candidate,
    Entry,
    Manner,
    Mark,
    Order,
    Style,
    arranged,
    check_manner,
    disclosed_entry,
    disclosed_value,
    line,
    logo_beside,
    moved,
    only_shown,
    ordered,
)


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


def candidates(*said: dict) -> list[Candidate]:
    """One candidate for each, by its name and what is said of it."""
    made = []
    for at, one in enumerate(said):
        entry = Entry(one.pop("name"), individual=one.pop("individual", False))
        made.append(Candidate(at, at, entry, **one))
    return made


def names(found: list[Candidate]) -> list[str]:
    return [one.entry.name for one in found]


def headings(found: list[Candidate]) -> list[tuple[str, str]]:
    return [(one.entry.heading, one.entry.name) for one in found]


FIVE = (
    {"name": "Meadow", "country": "Lakeland", "section": "Supporters"},
    {"name": "Harbour", "country": "International", "section": "Organisers"},
    {"name": "Orchard", "country": "Rivermark", "lead": True},
    {"name": "Birch", "country": "Lakeland", "section": "Supporters"},
    {"name": "Quay", "section": "Friends"},
)


def five() -> list[Candidate]:
    return candidates(*(dict(one) for one in FIVE))


def test_without_a_word_it_is_the_alphabet():
    found = arranged(five(), Manner(), plain)
    assert headings(found) == [("", name) for name in ("Birch", "Harbour", "Meadow", "Orchard", "Quay")]


def test_the_lead_can_stand_first():
    assert names(arranged(five(), Manner(lead_first=True), plain))[:2] == ["Orchard", "Birch"]


def test_by_country_international_comes_last_or_first_and_who_has_none_after_all():
    last = arranged(five(), Manner(Order.COUNTRY), plain)
    assert headings(last) == [
        ("Lakeland", "Birch"),
        ("Lakeland", "Meadow"),
        ("Rivermark", "Orchard"),
        ("International", "Harbour"),
        ("", "Quay"),
    ]
    first = arranged(five(), Manner(Order.COUNTRY, international_first=True), plain)
    assert headings(first)[0] == ("International", "Harbour")
    assert headings(first)[-1] == ("", "Quay")


def test_the_lead_that_stands_first_stands_under_no_heading():
    found = arranged(five(), Manner(Order.COUNTRY, lead_first=True), plain)
    assert headings(found)[0] == ("", "Orchard")


def test_sections_stand_as_they_were_put_those_that_were_not_after_them():
    found = arranged(five(), Manner(Order.SECTION, sections=("Organisers", "Supporters")), plain)
    assert headings(found) == [
        ("Organisers", "Harbour"),
        ("Supporters", "Birch"),
        ("Supporters", "Meadow"),
        ("Friends", "Quay"),
        ("", "Orchard"),
    ]


def test_by_hand_the_numbers_count_and_who_has_none_follows_by_name():
    found = candidates({"name": "c", "number": 1}, {"name": "b"}, {"name": "d", "number": 2}, {"name": "a"})
    assert names(arranged(found, Manner(Order.HAND), plain)) == ["c", "d", "a", "b"]


def test_individuals_come_after_all_organisations_and_under_no_heading():
    found = candidates(
        {"name": "Zed", "individual": True, "country": "Lakeland"},
        {"name": "Ada", "individual": True, "country": "Rivermark"},
        {"name": "Meadow", "country": "Lakeland"},
    )
    assert headings(arranged(found, Manner(Order.COUNTRY), plain)) == [("Lakeland", "Meadow"), ("", "Ada"), ("", "Zed")]


def test_the_place_of_who_is_not_named_tells_nothing():
    for order in Order:
        found = candidates(
            {"name": "a", "withheld": True, "number": 1, "country": "A", "section": "A", "lead": True},
            {"name": "b", "number": 2, "country": "B", "section": "B"},
            {"name": "c", "individual": True},
        )
        assert names(arranged(found, Manner(order, lead_first=True), plain)) == ["b", "c", "a"]


@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6, unique=True), st.integers(0, 5), st.integers(-9, 9))
def test_moving_keeps_everybody_and_the_order_of_the_others(ids, at, by):
    at = min(at, len(ids) - 1)
    found = moved(ids, at, by)
    assert sorted(found) == sorted(ids)
    assert [one for one in found if one != ids[at]] == [one for one in ids if one != ids[at]]
    assert found.index(ids[at]) == max(0, min(len(ids) - 1, at + by))


@given(
    st.builds(
        Entry,
        name=st.text(min_size=1),
        acronym=st.text(),
        heading=st.text(),
        mark=st.sampled_from([None, *Mark]),
        individual=st.booleans(),
        logo=st.text(),
    )
)
def test_what_is_disclosed_says_all_that_is_listed_and_nothing_empty(entry):
    value = disclosed_value(entry)
    assert disclosed_entry(value) == entry
    assert all(value.values()) and value["listed_name"] == entry.name


def test_a_plain_name_is_disclosed_as_it_always_was():
    assert disclosed_value(Entry("Lakeside Relief")) == {"listed_name": "Lakeside Relief"}


def test_sections_have_bounds():
    assert check_manner(["Organisers"]) is None
    assert check_manner(["x"] * (MOST_SECTIONS + 1)).id == "listing.sections-many"
    assert check_manner(["x" * 121]).id == "too-long"


def test_a_list_shows_persons_or_logos_or_neither():
    entry = Entry("Lakeside Relief", person="Ada", role="Chair", logo="d")
    assert only_shown(entry, Style.PERSONS) == Entry("Lakeside Relief", person="Ada", role="Chair")
    assert only_shown(entry, Style.LOGOS) == Entry("Lakeside Relief", logo="d")
    for style in (Style.LINE, Style.NUMBERED, Style.COLUMNS):
        assert only_shown(entry, style) == Entry("Lakeside Relief")
    assert disclosed_value(only_shown(entry, Style.LOGOS)) == {"listed_name": "Lakeside Relief", "logo": "d"}


def test_a_logo_stands_only_as_long_as_it_is_the_one_that_was_agreed_to():
    assert logo_beside("new", "", signed=False) == "new"
    assert logo_beside("new", "new", signed=True) == "new"
    for agreed in ("", "old"):
        assert logo_beside("new", agreed, signed=True) == ""
    assert logo_beside("", "old", signed=True) == ""
