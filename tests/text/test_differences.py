"""Differences of two editions: every part counts, and nothing that changes the digest goes unseen."""

from dataclasses import fields, replace

import pytest

from tests.builders import EDITION
from workflow.rules.refusals import Message
from workflow.text.content import MediaContact, Quote
from workflow.text.differences import changes_by_part, differences
from workflow.text.sentence_table import SENTENCES

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
    told = changes_by_part(EDITION, replace(EDITION, **{part: CHANGED[part]}))
    assert told and all(one.part.message.id in SENTENCES for one in told)


def by_part(old, new):
    return [(one.part.name, one.part.number, one.removed, one.added) for one in changes_by_part(old, new)]


def test_every_change_has_its_part():
    new = replace(
        EDITION,
        headline=EDITION.headline.replace("Seven", "Eight"),
        place="",
        body=EDITION.body.replace("forty", "fifty").replace("The road", "This road"),
        quotes=(replace(EDITION.quotes[0], text="Nobody should walk ten hours to a doctor."),),
        notes="For the press.",
    )
    assert by_part(EDITION, new) == [
        ("place", 0, "Lakeside\n\n", ""),
        ("headline", 0, "Seven", "Eight"),
        ("paragraph", 1, "forty", "fifty"),
        ("quote", 1, "nine", "ten"),
        ("paragraph", 3, "The", "This"),
        ("notes", 0, "", "For the press.\n\n"),
    ]
    assert changes_by_part(EDITION, new)[2].part.message == Message("part.paragraph", {"number": 1})


def test_a_paragraph_that_went_is_named_as_it_was_counted_then():
    new = replace(EDITION, body=EDITION.body.replace("\n\nThe road is the only way to the school.", ""))
    assert by_part(EDITION, new)[0][:2] == ("earlier-paragraph", 3)
    assert by_part(new, EDITION)[0][:2] == ("paragraph", 3)


def test_list_items_count_as_paragraphs_and_footnotes_by_their_marks():
    old = replace(EDITION, quotes=(), body="One.\n\n- two\n- the third\n\n> the fourth\n\nFive.[^a]\n\n[^a]: A note.")
    new = replace(old, body=old.body.replace("third", "3rd").replace("fourth", "4th").replace("A note", "The note"))
    assert [one[:2] for one in by_part(old, new)] == [("paragraph", 3), ("paragraph", 4), ("footnote", 1)]
    # An item that is another from its first word to its last is itself, not the one before.
    new = replace(old, body=old.body.replace("the third", "something else altogether"))
    assert [one[:2] for one in by_part(old, new)] == [("paragraph", 3)]


def test_a_part_with_the_same_words_is_shown_as_it_is_typed_beside_changed_ones():
    new = replace(EDITION, headline="Another", body=EDITION.body.replace("**forty**", "forty"))
    assert ("body", 0, "**", "") in by_part(EDITION, new)
    assert [one[:2] for one in by_part(EDITION, replace(EDITION, contacts=(MediaContact("Lea", role="x"),)))] == [
        ("contacts", 0)
    ]


def test_what_reads_the_same_and_has_another_digest_is_seen():
    old = replace(EDITION, contacts=(MediaContact("Lea", role="020"),))
    assert by_part(old, replace(EDITION, contacts=(MediaContact("Lea", phone="020"),))) != []
    quote = EDITION.quotes[0]
    joined = Quote(f"{quote.speaker}, {quote.role}", "", quote.organisation, quote.text)
    assert by_part(EDITION, replace(EDITION, quotes=(joined,))) != []


def test_joined_the_changes_are_both_editions():
    new = replace(EDITION, headline="Another", place="", notes="Notes.", body="All is new here.")
    changes = differences(EDITION, new)
    before = "".join(change.text for change in changes if change.op != "insert")
    after = "".join(change.text for change in changes if change.op != "delete")
    # Compared with itself an edition is one stretch: all its parts.
    assert before == "".join(change.text for change in differences(EDITION, EDITION))
    assert after == "".join(change.text for change in differences(new, new))
