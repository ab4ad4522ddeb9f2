"""What becomes public: addresses for headlines, and a record in which position tells nothing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.publication import LONGEST_SLUG, MOST_BYTES_OF_SLUG, SignedBy, record, slug, slugs


@pytest.mark.parametrize(
    ("headline", "made"),
    [
        ("Seven organisations ask for the valley road", "seven-organisations-ask-for-the-valley-road"),
        ("  Reopen — the ROAD, now!  ", "reopen-the-road-now"),
        ("Où est l’accès ? Élan à Málaga", "ou-est-l-acces-elan-a-malaga"),
        ("Straße nach Ærø", "straße-nach-ærø"),
        ("snake_case 2027", "snake-case-2027"),
        ("سبع منظمات تطالب بفتح طريق الوادي", "سبع-منظمات-تطالب-بفتح-طريق-الوادي"),
        ("أُعيد فتحُ الطريق", "أعيد-فتح-الطريق"),
        ("道路を開放してください", "道路を開放してください"),
        ("ガザ", "ガザ"),
        ("सड़क फिर खोलें", unicodedata.normalize("NFC", "सड़क-फिर-खोलें")),
        ("Й и ё", "й-и-ё"),
        ("ﬁve ½", "five-1-2"),
        ("", "statement"),
        ("— … ! ؟ •", "statement"),
        ("..", "statement"),
        ("\u0301", "statement"),
    ],
)
def test_the_address_of_a_headline(headline, made):
    assert slug(headline) == made


def test_a_long_headline_ends_after_a_whole_word():
    made = slug("organisation " * 20)
    assert len(made) <= LONGEST_SLUG
    assert set(made.split("-")) == {"organisation"}
    assert slug("x" * 200) == "x" * LONGEST_SLUG
    assert len(slug("𞤀" * 200).encode()) <= MOST_BYTES_OF_SLUG, "a file can be called so"


@given(st.text(max_size=200))
def test_an_address_is_short_plain_and_the_same_again(headline):
    made = slug(headline)
    assert 0 < len(made) <= LONGEST_SLUG
    assert not set(made) & set("/?#%.&<>\"' _\\:;")
    assert not any(char.isspace() or unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in made)
    assert made[0] != "-" != made[-1]
    assert "--" not in made
    assert slug(made) == made


@given(st.text(max_size=100))
def test_addresses_to_try_differ_fit_the_column_and_end(headline):
    tried = list(slugs(headline, "0123456789abcdef0123"))
    assert len(set(tried)) == len(tried) == 10
    assert tried[0] == slug(headline)
    assert tried[1] == f"{tried[0]}-2"
    assert tried[-1] == f"{tried[0]}-0123456789abcdef0123"
    assert max(map(len, tried)) <= 120


def test_commitments_are_sorted_in_the_record():
    signed = [SignedBy(commitment, 1, "d", "2027-03-01T09:00:00Z") for commitment in ("cc", "aa", "bb")]
    made = record(
        slug="the-road",
        kind="press-release",
        revision=1,
        digest="d",
        content={"headline": "The road"},
        rule={"required": "all", "at_least": 0},
        instants={"published": "2027-03-01T09:00:00Z"},
        signatories=signed,
        chain_head="h",
    )
    assert [one["commitment"] for one in made["signatories"]] == ["aa", "bb", "cc"]
    assert made["format"] == "publication-record/1"
    assert made["statement"] == {
        "kind": "press-release",
        "revision": 1,
        "digest": "d",
        "content": {"headline": "The road"},
    }
    assert (made["slug"], made["chain_head"]) == ("the-road", "h")
