"""Names that may be one organisation twice are found, others are not, and thousands take no time."""

import pytest

from tests.bench.listings import names
from tests.ground.effort import within
from workflow.text.nearly import LONGEST_KEY, Likeness, beside, name_key, pairs, same_as


def likeness(first: str, second: str) -> Likeness | None:
    found = pairs(["Birchwood Aid", first, "Meadow Watch", second])
    assert len(found) <= 1
    return found[0].likeness if found else None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Lakeside Relief", "LAKESIDE  relief"),
        ("Lakeside Relief", "Lakeside-Relief"),
        ("Lakeside Relief", "Lakeside Relief, Inc."),
        ("Lakeside Relief Ltd", "Lakeside Relief Limited"),
        ("Seehilfe e.V.", "Seehilfe eV"),
        ("Seehilfe gGmbH", "Seehilfe"),
        ("The Orchard Trust", "Orchard Trust"),
        ("Women’s Cooperative", "Womens Cooperative"),
        ("Women's Cooperative", "Women’s Cooperative"),
        ("Birch & Meadow", "Birch and Meadow"),
        ("Élan Forum", "Elan Forum"),
        ("Meadow4Valley", "Meadow 4 Valley"),
        ("جمعية البحيرة", "جمعيه البحيره"),
        ("جمعية الأمل", "جمعية الامل"),
        ("U.K. Forum", "UK Forum"),
    ],
)
def test_written_otherwise(first, second):
    assert likeness(first, second) is Likeness.WRITTEN


@pytest.mark.parametrize(
    ("first", "second"), [("Hillside Forum", "Forum Hillside"), ("Relief for the Lake", "The Lake for Relief")]
)
def test_the_same_words_in_another_order(first, second):
    assert likeness(first, second) is Likeness.ORDER


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Lakeside Relief", "Lakeside Reli\u0435f"),  # a Cyrillic e
        ("Orchard Trust", "0rchard Trust"),
        ("Hillside Forum", "HiIlside Forum"),  # a capital I for an l
        ("Hillside Forum", "Hi11side Forum"),
        ("Modern Forum", "Modem Forum"),
    ],
)
def test_letters_that_look_alike(first, second):
    assert likeness(first, second) is Likeness.LETTERS


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Lakeside Relief", "Lakeside Relief Fund"),
        ("North Forum", "South Forum"),
        ("Eastern Forum", "Western Forum"),
        ("Forum 2027001", "Forum 2027002"),
        ("Roads", "Road"),
        ("Group 1", "Group 2"),
        ("Company", "Ltd"),
        ("", ""),
        ("—", "•"),
        ("And", "The"),
        ("جمعية البحيرة", "جمعية التل"),
    ],
)
def test_what_is_not_alike_is_not_pointed_out(first, second):
    assert likeness(first, second) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Harbor Aid", "Harbour Aid"),
        ("Valley Organisation", "Valley Organization"),
        ("Lakeside Relief", "Lakesdie Relief"),
        ("Lakeside Relief", "Lakside Relief Ltd"),
        ("Teacher Union", "Teachers Union"),
    ],
)
def test_one_letter_of_a_long_word(first, second):
    assert likeness(first, second) is Likeness.NEAR


def test_whose_names_are_beside_others():
    found = beside(["Harbor Aid", "Mill Group"], ["Harbour Aid", "Meadow", "meadow", "Mill Group"])
    assert [(one.first, one.second) for one in found] == [("Harbour Aid", "Harbor Aid")]


def test_three_alike_are_two_pairs():
    found = pairs(["Lakeside Relief", "Meadow", "lakeside relief", "Lakeside Relief Ltd"])
    assert [(one.first, one.second) for one in found] == [
        ("Lakeside Relief", "lakeside relief"),
        ("lakeside relief", "Lakeside Relief Ltd"),
    ]


SAME = [
    ("Lakeside Relief", "LAKESIDE  relief"),
    ("Lakeside Relief", "Relief, Lakeside"),
    ("Lakeside Relief", "Lakeside Relief Inc."),
    ("Lakeside Relief", "The Lakeside-Relief (e.V.)"),
    ("Lakeside Relief", "L\u0430k\u0435side Relief"),
    ("Lakeside Relief", "Lakes1de Re1ief"),
    ("Hillside Forum", "\u041dillside Forum"),
    ("Café Söderberg", "Cafe Soderberg"),
    ("Peace & Bread", "Peace and Bread"),
    ("منظمة السلام", "منظمةُ السلام"),
    ("Harbour Aid", "Harbor Aid"),
    ("Valley Organisation", "Valley Organization"),
    ("Millers Union", "Milers Union"),
]
OTHER = [
    ("Lakeside Relief", "Lakeside Forum"),
    ("Lakeside Relief", "Lakeside Relief North"),
    ("Мир", "Миф"),
    ("منظمة السلام", "منظمة الأمل"),
    ("The", "Of"),
    ("Eastern Forum", "Western Forum"),
    ("Mirror", "Mortar"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_alike_names_share_a_key(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_different_names_do_not(one, other):
    assert name_key(one) != name_key(other)


def test_every_name_has_a_key_that_a_row_can_hold():
    for name in ("", "…", "&", "x" * 300, "ﷺ" * 300, "The", "\U0001f600"):
        assert len(name_key(name)) <= LONGEST_KEY
    assert name_key("The")  # a name of nothing but unimportant words is told by them


def test_who_is_written_to_is_found_among_the_signatories():
    asked = ["Hillside Forum", "Ministry of Roads", "Lakeside Relief"]
    assert same_as(asked, ["The Ministry of Roads, Lakeside", "The Council"]) == ["Ministry of Roads"]
    assert same_as(asked, ["forum hillside"]) == ["Hillside Forum"]
    assert same_as(asked, []) == same_as([], ["The Council"]) == same_as(asked, [",", ""]) == []


@pytest.mark.parametrize("hostile", [["x" * 300] * 11_000, ["\u0301" * 300] * 11_000, names(11_000)])
def test_eleven_thousand_names_take_seconds_at_most(hostile):
    assert len(within(100, lambda: pairs(hostile))) < 11_000 * 3
