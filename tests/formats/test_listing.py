"""The list of signatories in every style and form: everybody is in it, in order, and what is hostile stays words."""

import re

import pytest

from tests.formats.publishing import PLAIN
from workflow.formats.listing import list_view, markdown_lines, text_lines, unnamed_said
from workflow.rules.listing import Entry, Mark, Style

THREE = (
    Entry("Birchwood Aid", acronym="BA", person="Ada Example", role="Director"),
    Entry("Hillside Forum", mark=Mark.UMBRELLA),
    Entry("Lakeside Relief"),
)
ADA = Entry("Ada Example, Harbour University", mark=Mark.IDENTIFICATION, individual=True)
RANA = Entry("Rana Example", individual=True)


def text(entries, style=Style.LINE, counts=(3, 0), language="en"):
    return "\n\n".join(text_lines(list_view(entries, style, counts, language, PLAIN)))


FEET = "† Signs for itself, and not for its members"


@pytest.mark.parametrize(
    ("style", "said"),
    [
        (Style.LINE, "Birchwood Aid (BA) • Hillside Forum† • Lakeside Relief"),
        (Style.NUMBERED, "1. Birchwood Aid (BA)\n2. Hillside Forum†\n3. Lakeside Relief"),
        (Style.COLUMNS, "Birchwood Aid (BA)\nHillside Forum†\nLakeside Relief"),
        (Style.PERSONS, "Ada Example, Director, Birchwood Aid (BA)\nHillside Forum†\nLakeside Relief"),
    ],
)
def test_each_style_in_plain_text(style, said):
    assert text(THREE, style) == f"{said}\n\n{FEET}"


def test_who_signed_stands_only_where_that_is_the_style():
    for style in (Style.LINE, Style.NUMBERED, Style.COLUMNS):
        assert "Ada" not in text(THREE, style)


def test_headings_come_where_they_change_and_who_has_none_stands_with_others():
    entries = [Entry("Orchard"), Entry("Birch", heading="Lakeland"), Entry("Meadow", heading="Lakeland"), Entry("Quay")]
    assert text(entries) == "Orchard\n\nLakeland\n\nBirch • Meadow\n\nOthers\n\nQuay"


def test_numbers_go_on_over_headings_and_individuals():
    entries = [Entry("Birch", heading="A"), Entry("Meadow", heading="B"), RANA]
    assert text(entries, Style.NUMBERED, (2, 1)) == (
        "2 organisations\n\nA\n\n1. Birch\n\nB\n\n2. Meadow\n\nOne individual\n\n3. Rana Example"
    )


def test_individuals_have_a_heading_and_a_count_of_their_own():
    found = text([*THREE, ADA, RANA], counts=(4, 2))
    assert "4 organisations\n\nBirchwood Aid" in found
    assert "2 individuals\n\nAda Example, Harbour University* • Rana Example" in found
    assert found.endswith(f"* Affiliation for identification only\n{FEET}")


def test_names_stay_words_in_markdown():
    entries = [Entry("# *One*", heading="# A", acronym="<b>", mark=Mark.IDENTIFICATION)]
    for style in Style:
        found = "\n\n".join(markdown_lines(list_view(entries, style, (1, 0), "en", PLAIN)))
        assert "### \\# A" in found.splitlines(), "no level is left out below the heading of the list"
        assert "\\*One\\* (\\<b\\>)\\*" in found


@pytest.mark.parametrize(("individuals", "levels"), [((), [3, 3]), ((RANA,), [3, 4, 4, 3])])
def test_headings_in_markdown_go_down_one_level_at_a_time(individuals, levels):
    entries = [Entry("Birch", heading="A"), Entry("Meadow", heading="B"), *individuals]
    found = "\n".join(markdown_lines(list_view(entries, Style.LINE, (2, len(individuals)), "en", PLAIN)))
    assert [len(one) for one in re.findall("^#+", found, re.MULTILINE)] == levels


def test_a_numbered_list_is_one_in_markdown():
    found = markdown_lines(list_view(THREE, Style.NUMBERED, (3, 0), "en", PLAIN))
    assert found[0].splitlines() == ["1. Birchwood Aid (BA)", "2. Hillside Forum†", "3. Lakeside Relief"]


@pytest.mark.parametrize(
    ("counts", "unnamed", "said"),
    [
        ((9, 0), 0, ""),
        ((1, 0), 1, "One organisation, which asked for its name to be withheld for safety"),
        ((9, 0), 1, "9 organisations, one of which asked for its name to be withheld for safety"),
        ((9, 0), 2, "9 organisations, two of which asked for their names to be withheld for safety"),
        ((90, 0), 13, "90 organisations, 13 of which asked for their names to be withheld for safety"),
        ((3, 0), 3, "All 3 organisations asked for their names to be withheld for safety"),
        (
            (9, 1),
            2,
            "9 organisations and one individual, two of which asked for their names to be withheld for safety",
        ),
    ],
)
def test_who_is_counted_and_not_named(counts, unnamed, said):
    assert unnamed_said(counts, unnamed, "en", PLAIN) == said
