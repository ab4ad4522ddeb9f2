"""Files as people have them: the plain shape, front matter, members as CSV."""

import contextlib
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ground.effort import within
from tests.text.example import PRESS_RELEASE, SIGNATORIES
from workflow.rules.refusals import FileRefused
from workflow.text.collation import join_line, sort_key
from workflow.text.content import MediaContact, Quote
from workflow.text.importing import read_statement, without_empty_links
from workflow.text.markdown import body_html, body_text
from workflow.text.members import read_members

ROOT = Path(__file__).parents[2]
EXAMPLE = Path(os.environ.get("WORKFLOW_EXAMPLE") or ROOT.parent / "shared/examples/press-release-2015.md")

FRONT_MATTER = """+++
kind = "joint-statement"
label = "Joint statement"
date = 2026-11-27
place = "Eastvale"
headline = "Keep the bridge"
language = "en"
lead_paragraph = "A lead."
ends = "ENDS"
notes = "A [note](#)."
addressees = ["The County"]

[[contact]]
name = "Ada Holm"
mail = "ada@EXAMPLE.org"

[[quote]]
speaker = "Ben Or"
organisation = "Riverton Aid"
text = "We waited."
+++

One [two](#).

[[quote 1]]
"""


def refused(call, source):
    with pytest.raises(FileRefused) as caught:
        call(source)
    return caught.value.problem, caught.value.line


def test_the_plain_shape():
    imported = read_statement(PRESS_RELEASE)
    edition = imported.edition
    assert (edition.label, edition.kind, edition.date) == ("Press Release", "press-release", "2024-06-09")
    assert edition.headline == "Neighbours Ask for a Safe Crossing at Mill Bridge"
    assert imported.signatories == SIGNATORIES
    assert edition.body.startswith("Seven groups") and edition.body.endswith("before the winter.")
    words = [warning.params["words"] for warning in imported.warnings]
    assert words == ["Council Decision 17", "helping", "harming"]
    assert {warning.id for warning in imported.warnings} == {"link-without-target"}
    assert "(#)" not in edition.body and "](" not in edition.body, "their words were kept as plain text"
    assert "<a" not in body_html(edition) and "<strong>must</strong>" in body_html(edition)
    assert "promised in Council Decision 17 and" in body_text(edition)


@pytest.mark.skipif(not EXAMPLE.is_file(), reason=f"the real example is not here: {EXAMPLE.name}")
def test_the_real_example_loses_no_word():
    source = EXAMPLE.read_text("utf-8")
    imported = read_statement(source)
    blocks = [block.strip() for block in source.split("\n\n") if block.strip()]
    label, day, headline, *paragraphs, mark, names = blocks
    edition = imported.edition
    assert (edition.label, edition.headline, mark) == (label, headline, "Signatories:")
    assert edition.date == "-".join(reversed(day.split("/")))
    expected = [re.sub(r"\[(.*?)\]\(#\)", r"\1", text).replace("**", "").replace("*", "") for text in paragraphs]
    assert body_text(edition).split("\n\n") == expected
    assert join_line(imported.signatories) == names
    assert join_line(sorted(imported.signatories, key=sort_key("en"))) == names
    assert len(imported.signatories) == 7 and len(imported.warnings) == source.count("](#)")


@pytest.mark.parametrize(
    ("head", "label", "date", "headline"),
    [
        ("Open Letter\n\n1 May 2026\n\nHeadline", "Open Letter", "2026-05-01", "Headline"),
        ("31.12.2026\n# Headline", "", "2026-12-31", "Headline"),
        ("**PRESS RELEASE**\n2026-12-31\n**Headline**", "PRESS RELEASE", "2026-12-31", "Headline"),
    ],
)
def test_heads_people_type(head, label, date, headline):
    edition = read_statement(f"\ufeff{head}\r\n\r\nText").edition
    assert (edition.label, edition.date, edition.headline, edition.body) == (label, date, headline, "Text")
    assert edition.kind == ("open-letter" if label == "Open Letter" else "press-release")


def test_signatories_one_on_each_line_and_twice():
    head = "Label\n1/1/2026\nHeadline\n\nText\n\n"
    imported = read_statement(f"{head}**Signatories:**\n\n- Lakeside Relief\n- Hillside Forum\n- lakeside relief\n")
    assert imported.signatories == ("Lakeside Relief", "Hillside Forum")
    assert [warning.id for warning in imported.warnings] == ["signatory-twice"]
    assert read_statement(f"{head}Signatories: A • B\n").signatories == ("A", "B")
    assert read_statement(f"{head}The signatories: all of us.").signatories == ()
    assert refused(read_statement, f"{head}Signatories:\n\nA • b\u202ec")[0].id == "direction-characters"


def test_front_matter():
    imported = read_statement(FRONT_MATTER)
    edition = imported.edition
    assert (edition.kind, edition.date, edition.place) == ("joint-statement", "2026-11-27", "Eastvale")
    assert (edition.lead_paragraph, edition.ends, edition.addressees) == ("A lead.", "ENDS", ("The County",))
    assert edition.contacts == (MediaContact("Ada Holm", mail="ada@example.org"),)
    assert edition.quotes == (Quote("Ben Or", organisation="Riverton Aid", text="We waited."),)
    assert (edition.body, edition.notes) == ("One two.\n\n[[quote 1]]", "A note."), "links that lead nowhere are words"
    assert [warning.params["words"] for warning in imported.warnings] == ["two", "note"]
    assert read_statement("+++\nheadline = 'H'\n+++\nText\n\nSignatories:\nA • B").signatories == ("A", "B")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("[a **b** c](#) and [d]()", "a **b** c and d"),
        ("[over\ntwo lines]( # )", "over\ntwo lines"),
        ("[one [in] brackets](#)", "one [in] brackets"),
        ("[leads](https://example.org/#) and [there](#part)", "[leads](https://example.org/#) and [there](#part)"),
        (r"\[no link](#)", r"\[no link](#)"),
        ("[not\n\none](#)", "[not\n\none](#)"),
    ],
)
def test_the_words_of_a_link_that_leads_nowhere_are_kept_without_it(written, kept):
    assert read_statement(f"+++\nheadline='H'\n+++\n{written}").edition.body == kept


def test_many_brackets_take_no_time():
    for hostile in ("[a](", "[", "[[a]", "[a\n  ", "[x" * 3 + "](# "):
        source = "+++\nheadline='H'\n+++\n" + hostile * (30_000 // len(hostile))
        within(20, lambda source=source: without_empty_links(source))


def test_the_language_is_the_default_where_none_is_given():
    assert read_statement("+++\nheadline='H'\n+++\nx", "ar").edition.language == "ar"
    assert read_statement(PRESS_RELEASE, "fr").edition.language == "fr"


@pytest.mark.parametrize(
    ("source", "problem", "line"),
    [
        ("", "file-empty", 0),
        (" \n\n", "file-empty", 0),
        ("x" * 1_000_000, "file-too-long", 0),
        ("Just words\n\nand more words", "statement-shape", 1),
        ("\nLabel\n31/2/2026\nHeadline\n\nText", "date-unreadable", 3),
        ("+++\nheadline = 'H'\n\nText", "front-matter-unclosed", 1),
        ("+++\nkind = 'open-letter'\nheadline = H\n+++\nText", "front-matter-unreadable", 3),
        ("+++\nhedline = 'H'\n+++\nText", "front-matter-unknown", 2),
        ("+++\n[[quote]]\nwho = 'H'\n+++\nText", "front-matter-unknown", 3),
        ("+++\nheadline = 7\n+++\nText", "front-matter-kind", 2),
        ("+++\nquote = 'H'\n+++\nText", "front-matter-kind", 2),
        ("+++\nkind = 'poem'\n+++\nText", "file-field", 0),
        ("+++\na = " + "[" * 50_000 + "\n+++\nText", "too-nested", 1),
        ("+++\n" + "a." * 50_000 + "b = 1\n+++\nText", "too-nested", 1),
    ],
)
def test_statements_refused(source, problem, line):
    found, at = refused(read_statement, source)
    assert (found.id, at) == (problem, line)


@given(st.text(max_size=80), st.sampled_from(["", "+++\n", "L\n1/1/2026\nH\n"]), st.sampled_from(["", "\n+++\n"]))
def test_any_file_is_read_or_refused(text, head, tail):
    with contextlib.suppress(FileRefused):
        read_statement(head + text + tail)


HEADER = "organisation,listed_name,country,role,contact_name,contact_email,language,time_zone\n"


def test_members():
    rows = read_members(
        (
            "\ufeff" + HEADER + '"Relief, Lakeside",Lakeside Relief,GB,,Ada Holm,ada@EXAMPLE.org,,\r\n\r\n'
            "منظمة,,,Observer,ليلى,layla@example.org,ar,Asia/Amman\r\n"
        ).encode()
    )
    assert [row.organisation for row in rows] == ["Relief, Lakeside", "منظمة"]
    first, second = rows
    assert (first.listed_name, first.role, first.language, first.time_zone) == (
        "Lakeside Relief",
        "required",
        "en",
        "UTC",
    )
    assert (first.contact_email, first.line) == ("ada@example.org", 2)
    assert (second.listed_name, second.role, second.time_zone, second.line) == ("منظمة", "observer", "Asia/Amman", 4)


def test_semicolons_and_columns_left_out():
    rows = read_members(b"contact_email;Organisation;contact name\nada@example.org;Aid, Riverton;Ada\n")
    assert (rows[0].organisation, rows[0].contact_name) == ("Aid, Riverton", "Ada")


def test_alternates_and_how_many_have_to_say_the_same():
    head = HEADER.strip() + ",alternate,needed\n"
    rows = read_members((head + "Aid,,,,Ada,ada@example.org,,,,02\nAid,,,,Ben,ben@example.org,,,YES,\n").encode())
    assert [(row.alternate, row.needed) for row in rows] == [("", "2"), ("yes", "2")]
    old = read_members((HEADER + "'=Aid,,,,Ada,ada@example.org,,\n").encode())
    assert [(row.organisation, row.alternate, row.needed) for row in old] == [("=Aid", "", "")]
    for wrong in (",,maybe,", ",,,0", ",,,two", ",,,100", ",,,\u0662"):
        assert refused(read_members, (head + f"Aid,,,,Ada,ada@example.org{wrong}\n").encode())[0].id == "file-field"


def test_several_contacts_of_one_organisation():
    rows = read_members(
        (HEADER + "Aid,,,,Ada,ada@example.org,,\nAid,Riverton Aid,GB,optional,Ben,ben@example.org,,\n").encode()
    )
    assert {(row.listed_name, row.country, row.role) for row in rows} == {("Riverton Aid", "GB", "optional")}


@pytest.mark.parametrize(
    ("data", "problem", "line"),
    [
        (b"", "file-empty", 0),
        (b"\xef\xbb\xbf\n", "file-empty", 0),
        (HEADER.encode() + b"Aid,,,,Ad\xe9,a@example.org,,\n", "file-not-utf-8", 2),
        (HEADER.encode().decode().encode("utf-16"), "file-not-utf-8", 1),
        (b"organisation,country\nAid,GB\n", "columns-missing", 1),
        (HEADER.replace("country", "colour").encode(), "columns-unknown", 1),
        (b"organisation,organisation,contact_name,contact_email\n", "columns-twice", 1),
        (HEADER.encode(), "no-members", 0),
        (HEADER.encode() + b"Aid,,,boss,Ada,ada@example.org,,\n", "file-field", 2),
        (HEADER.encode() + b"Aid,,,,Ada,ada,,\n", "file-field", 2),
        (HEADER.encode() + b",,,,Ada,ada@example.org,,\n", "file-field", 2),
        (HEADER.encode() + b"Aid,,,,Ada,ada@example.org,xx,\n", "file-field", 2),
        (HEADER.encode() + b"Aid,,,,Ada,ada@example.org,,Europe/Lundun\n", "file-field", 2),
        (HEADER.encode() + b"Aid,,,,Ada,ada@example.org,,,,more\n", "too-many-fields", 2),
        (HEADER.encode() + b'"Aid,,,,Ada,ada@example.org,,\n', "file-unclosed-quotation", 2),
        (
            HEADER.encode()
            + b"A,,,,Ada,a@example.org,,\nA,,,observer,Ben,b@example.org,,\nA,,,required,C,c@example.org,,",
            "organisation-contradicted",
            4,
        ),
        (HEADER.encode() + b"A,X,,,Ada,a@example.org,,\nA,Y,,,Ben,b@example.org,,\n", "organisation-contradicted", 3),
        (HEADER.encode() + b"A,,,,Ada,a@example.org,,\nA,,,,Ben,A@example.org,,\n", "contact-twice", 3),
        (
            b"organisation,contact_name,contact_email,needed\nA,Ada,a@example.org,1\nA,Ben,b@example.org,2\n",
            "organisation-contradicted",
            3,
        ),
        (b"x" * 6_000_000, "file-too-long", 0),
    ],
)
def test_members_refused(data, problem, line):
    found, at = refused(read_members, data)
    assert (found.id, at) == (problem, line)


def test_the_missing_columns_are_named():
    assert refused(read_members, b"organisation,country\n")[0].params == {"columns": ["contact_name", "contact_email"]}


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_read_or_refused(data, with_header):
    with contextlib.suppress(FileRefused):
        read_members((HEADER.encode() if with_header else b"") + data)


def test_a_file_of_members_has_names_for_single_languages():
    rows = read_members(
        "organisation,listed_name_ar,listed_name_pt-br,contact_name,contact_email\n"
        "Harbour Aid,عون المرفأ,,Cy,cy@example.org\n"
        "Harbour Aid,,,Di,di@example.org\n".encode()
    )
    assert [one.listed_names for one in rows] == [(("ar", "عون المرفأ"),)] * 2
    with pytest.raises(FileRefused) as refused:
        read_members(b"organisation,listed_name_zz9!,contact_name,contact_email\nA,b,c,d@example.org\n")
    assert refused.value.problem.id == "columns-unknown"
