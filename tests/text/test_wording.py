"""Words in every script: none is lost, none is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.text.wording import is_word, wording


@given(st.text(max_size=200))
def test_words_and_blanks_make_the_text(text):
    found = wording(text)
    pieces = [found.gap(0)]
    for at, word in enumerate(found.words):
        pieces += [word, found.gap(at + 1)]
    assert "".join(pieces) == text == found.between(0, len(found.words))
    assert all(found.gap(at) == "" or found.gap(at).isspace() for at in range(len(found.words) + 1))
    assert not any(word.isspace() or not word for word in found.words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We don’t sign.", ["We", "don’t", "sign", "."]),
        ("forty-seven, then – 1,200.50", ["forty-seven", ",", "then", "–", "1,200.50"]),
        ("a - b --c", ["a", "-", "b", "-", "-", "c"]),
        ("well-\u0301known", ["well", "-\u0301", "known"]),
        ("state-of-the-art", ["state-of-the-art"]),
        ("نُدينُ ١٬٢٠٠", ["نُدينُ", "١٬٢٠٠"]),
        ("می\u200cخواهیم", ["می\u200cخواهیم"]),
        ("我们要求", ["我们", "要求"]),
        ("👩\u200d👧👍🏽🇸🇾🇬🇧1\ufe0f\u20e3", ["👩\u200d👧", "👍🏽", "🇸🇾", "🇬🇧", "1\ufe0f\u20e3"]),
        ("𝒜 b", ["𝒜", "b"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_words(text, words):
    assert wording(text).words == words


def test_signs_are_no_words():
    assert [word for word in wording("We, 3 – “and”!").words if is_word(word)] == ["We", "3", "and"]
