"""The digest binds words, not the way they were typed."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.text.content import Content, Edition, MediaContact, Quote
from workflow.text.digest import canonical, commitment, digest, parse

FULL = Edition(
    language="en",
    kind="open-letter",
    headline="Café",
    body="One\n\nTwo {organisations}",
    date="2026-11-27",
    quotes=(Quote("Ada Holm", "Chair", "Riverton Aid", "We waited."),),
    contacts=(MediaContact("Ben Or", mail="press@example.org"),),
    addressees=("The County",),
)


def test_canonical_bytes_are_these_bytes_for_ever():
    content = Content((Edition("en", "press-release", "H", "B"),))
    expected = (
        b'{"editions":[{"body":"B","headline":"H","kind":"press-release","language":"en"}],"format":"statement-text/1"}'
    )
    assert canonical(content) == expected
    assert digest(content) == hashlib.sha256(expected).hexdigest()


def test_the_same_words_typed_elsewhere_have_the_same_digest():
    typed = Edition("en", "open-letter", "Cafe\u0301", "a\r\nb\rc")
    stored = Edition("en", "open-letter", "Caf\u00e9", "a\nb\nc")
    assert digest(Content((typed,))) == digest(Content((stored,)))


def test_every_part_is_covered():
    base = digest(Content((FULL,)))
    from dataclasses import fields, replace

    other = {
        "quotes": (Quote("X", text="y"),),
        "contacts": (MediaContact("Z"),),
        "addressees": (),
        "cc": ("C",),
    }
    for field in fields(Edition):
        changed = replace(FULL, **{field.name: other.get(field.name, "else")})
        assert digest(Content((changed,))) != base, field.name


def test_parse_is_the_inverse():
    content = Content((FULL, Edition("ar", "open-letter", "", "")))
    assert parse(canonical(content)) == content
    assert parse(canonical(content).decode()) == content


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=4, max_size=4))
def test_parse_and_back_is_stable(texts):
    data = canonical(Content((Edition("en", "open-letter", *texts[:2], ends=texts[2], cc=(texts[3],)),)))
    assert canonical(parse(data)) == data


@pytest.mark.parametrize("data", ["{}", "[]", '{"format":"x","editions":[{}]}', "nonsense"])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(ValueError):
        parse(data)


def test_an_unknown_part_is_refused():
    with pytest.raises(ValueError):
        parse(json.dumps({"format": "statement-text/1", "editions": [{"colour": "red"}]}))


def test_commitments_hide_behind_the_salt():
    expected = hashlib.sha256(b'["s",{"a":1,"b":"\xc3\xa9"}]').hexdigest()
    assert commitment("s", {"b": "é", "a": 1}) == expected
    assert commitment("t", {"b": "é", "a": 1}) != expected
