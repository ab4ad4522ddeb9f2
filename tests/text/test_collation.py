"""Names in order, word by word, in the manner of each language."""

from hypothesis import given
from hypothesis import strategies as st

from tests.text.example import SIGNATORIES
from workflow.text.collation import format_list, join_line, lookalikes, sort_key


def ordered(names, language="en"):
    return sorted(names, key=sort_key(language))


def test_word_by_word():
    assert ordered(["Rivertonian Society", "Riverton Aid", "Riverton"]) == [
        "Riverton",
        "Riverton Aid",
        "Rivertonian Society",
    ]
    assert ordered(reversed(SIGNATORIES)) == list(SIGNATORIES)
    assert ordered(["Syrian Association", "Syria Solidarity UK"])[0] == "Syria Solidarity UK"


def test_the_article_is_ignored_in_english_only():
    names = ["Valley4All", "The Lakeside Trust", "Hillside Forum", "Theatre Fund"]
    assert ordered(names) == ["Hillside Forum", "The Lakeside Trust", "Theatre Fund", "Valley4All"]
    assert ordered(["The A", "Sun"], "sv") == ["Sun", "The A"]


def test_each_language_has_its_alphabet():
    names = ["Öst", "Zebra", "Åland", "Ängel", "Alfa"]
    assert ordered(names, "sv") == ["Alfa", "Zebra", "Åland", "Ängel", "Öst"]
    assert ordered(names, "en") == ["Åland", "Alfa", "Ängel", "Öst", "Zebra"]
    assert ordered(["جسر", "أمل", "باب"], "ar") == ["أمل", "باب", "جسر"]


@given(st.lists(st.text(max_size=10), unique=True))
def test_order_does_not_depend_on_what_came_first(names):
    assert ordered(names) == ordered(reversed(names))


def test_lines_and_lists():
    assert join_line(["A", "B"]) == "A • B"
    assert format_list(["A", "B", "C"], "en") == "A, B and C"
    assert format_list(["A"], "en") == "A" and format_list([], "en") == ""
    assert "،" in format_list(["أ", "ب", "ج"], "ar") or "و" in format_list(["أ", "ب", "ج"], "ar")
    assert format_list(["A", "B"], "no such language") == "A and B"


def test_lookalikes():
    plain = ("Lakeside Relief", "Valley4All", "L’École Ōsaka", "منظمة الإغاثة", "می‌خواهم", "Жизнь UK", "日本 NGO")
    assert [name for name in plain if lookalikes(name)] == []
    # Cyrillic letters in a Latin word, a Cyrillic word that looks Latin, hidden and turning characters.
    disguised = ("Lаkeside Relief", "сосоа Relief", "Lake\u200bside", "a\u202eb", "Αιd Fund")
    assert [name for name in disguised if not lookalikes(name)] == []
