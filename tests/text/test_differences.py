"""Differences of two editions: every part counts, and nothing that changes the digest goes unseen."""

from dataclasses import fields, replace

import pytest

from tests.builders import EDITION
from workflow.text.content import MediaContact, Quote
from workflow.text.differences import differences

CHANGED = {
    "language": "fr",
    "kind": "open-letter",
    "headline": "Another",
    "body": EDITION.body.replace("**forty**", "forty"),
    "label": "Another",
    "date": "2027-03-02",
    "place": "Another",
    "lead_paragraph": "Another",
    "quotes": (Quote("Ada Example", "Chair", "Lakeside Relief", "Nobody should walk nine hours to a doctor."),),
    "ends": "Another",
    "notes": "Another",
    "contacts": (MediaContact("Lea Lead", phone="020 7946 0000"),),
    "addressees": ("The Council",),
    "cc": ("The press",),
}


def test_equal_editions_have_no_differences():
    assert {change.op for change in differences(EDITION, EDITION)} == {"equal"}


def test_every_part_is_looked_at():
    assert set(CHANGED) == {field.name for field in fields(EDITION)}


@pytest.mark.parametrize("part", CHANGED)
def test_a_change_in_any_part_is_seen(part: str):
    changes = differences(EDITION, replace(EDITION, **{part: CHANGED[part]}))
    assert {change.op for change in changes} - {"equal"}
