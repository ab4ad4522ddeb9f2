"""What people type: made regular, or refused with the field and the reason."""

import pytest

from tests.ground.effort import within
from workflow.rules.refusals import FormRefused, InputRefused
from workflow.text.checking import check, clean_language, clean_line, clean_mail, clean_text
from workflow.text.content import Edition, MediaContact, Quote

ZWNJ = "\u200c"


def refusal(call, *args, **named):
    with pytest.raises(InputRefused) as refused:
        call(*args, field="name", **named)
    assert refused.value.field == "name"
    return refused.value.problem.id


def problems(complete=False, **parts):
    with pytest.raises(FormRefused) as refused:
        check(
            Edition(**{"language": "en", "kind": "open-letter", "headline": "", "body": "", **parts}), complete=complete
        )
    return {field: problem.id for field, problem in refused.value.problems.items()}


def test_names_are_made_regular():
    assert clean_line("  Lakeside \t Relief\r\n", field="name") == "Lakeside Relief"
    assert clean_line("Cafe\u0301\u00a0Aid", field="name") == "Café Aid"
    assert clean_line("Lake\u200bside\ufeff Re\u00adlief\u2060", field="name") == "Lakeside Relief"
    assert clean_line(f"Lake{ZWNJ}side{ZWNJ}", field="name") == "Lakeside"


@pytest.mark.parametrize("name", ["منظمة الإغاثة", f"می{ZWNJ}خواهم کمک", "ארגון השלום", "سازمان ۴۲", "Ōsaka", "日本"])
def test_names_in_other_scripts_survive(name):
    assert clean_line(name, field="name") == name


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("a\x00b", "control-characters"),
        ("a\x1b[31m", "control-characters"),
        ("a\x85b", "control-characters"),
        ("a\ud800", "control-characters"),
        ("a\uffff", "control-characters"),
        ("a\u202eb", "direction-characters"),
        ("a\u2066b", "direction-characters"),
        ("=?UTF-8?Q?Org=0ABcc=3A?=", "encoded-word"),
        ("a" * 301, "too-long"),
        ("a" * 10_000_000, "too-long"),
        ("a" + "\u0301" * 60, "too-many-marks"),
        ("", "missing"),
        (" \u200b ", "missing"),
    ],
)
def test_names_refused(typed, problem):
    assert refusal(clean_line, typed) == problem


def test_an_empty_line_is_fine_where_it_may_be():
    assert clean_line(" ", field="name", required=False) == ""


def test_lines_keep_their_order_and_lose_their_ends():
    assert clean_text("\n\n a \r\nb\t\r\rc\u2028d \n\n", field="x", limit=99) == " a\nb\n\nc\nd"
    assert refusal(clean_text, "a\u202eb", limit=9) == "direction-characters"
    assert refusal(clean_text, "abc", limit=2) == "too-long"


def test_mail():
    assert clean_mail(" Ada.Holm+press@Example.ORG ", field="mail") == "Ada.Holm+press@example.org"


@pytest.mark.parametrize(
    "typed",
    [
        *("", "ada", "ada@", "@example.org", "ada@example", "ada@@example.org", "a b@example.org", "ada@exa mple.org"),
        *("ada@example.org, ben@example.org", "Ada <ada@example.org>", "ada@example..org", ".ada@example.org"),
        *("=?utf-8?q?x?=@example.org", "ada@-example.org", "ada@example.org\nBcc: x@example.org", "a\x00@example.org"),
        *("ada@example.org.", "ada@[127.0.0.1]", '"a b"@example.org', "ä@example.org", "a" * 65 + "@example.org"),
        "a@" + "b." * 130 + "org",
    ],
)
def test_mail_refused(typed):
    assert refusal(clean_mail, typed) in ("mail-implausible", "control-characters", "too-long")


def test_languages():
    assert [clean_language(tag) for tag in ("EN", "pt-br", "zh-hant", " ar ")] == ["en", "pt-BR", "zh-Hant", "ar"]
    for tag in ("", "xx", "english", "en_GB", "e", "en-" * 50):
        assert refusal(clean_language, tag) == "language-unknown"


def test_an_edition_is_made_regular():
    edition = check(
        Edition(
            language="EN",
            kind="open-letter",
            headline=" Two\nlines ",
            body="\r\na  \r\nb \r\n\r\n",
            date=" 2026-11-27 ",
            quotes=(Quote(" Ada ", text="x \n"), Quote("", text=" ")),
            contacts=(MediaContact("Ben", mail="Ben@EXAMPLE.org"), MediaContact("")),
            addressees=("  The County ", " "),
        )
    )
    assert edition.headline == "Two lines"
    assert edition.body == "a  \nb"
    assert edition.date == "2026-11-27"
    assert edition.quotes == (Quote("Ada", text="x"),)
    assert edition.contacts == (MediaContact("Ben", mail="Ben@example.org"),)
    assert edition.addressees == ("The County",)
    assert check(edition) == edition


def test_a_draft_may_be_incomplete_and_a_circulated_text_may_not():
    draft = Edition("en", "open-letter", "", "")
    assert check(draft) == draft
    assert problems(complete=True) == {"headline": "missing", "body": "missing"}


def test_all_problems_are_told_at_once():
    found = problems(
        language="xx",
        kind="poem",
        headline="h" * 301,
        label="l" * 101,
        date="2026-02-30",
        place="a\x00",
        lead_paragraph="l" * 2001,
        body="[[quote 2]]",
        notes="n" * 50_001,
        quotes=(Quote("", text="t" * 5001),),
        contacts=(MediaContact("Ada", mail="ada"),),
        addressees=("a",) * 201,
        cc=("c" * 301,),
    )
    assert found == {
        "language": "language-unknown",
        "kind": "kind-unknown",
        "headline": "too-long",
        "label": "too-long",
        "date": "date-unreadable",
        "place": "control-characters",
        "lead_paragraph": "too-long",
        "body": "quote-place-empty",
        "notes": "too-long",
        "quotes-0-text": "too-long",
        "contacts-0-mail": "mail-implausible",
        "addressees": "too-many",
        "cc": "too-long",
    }


@pytest.mark.parametrize("date", ["27/11/2026", "2026-11", "20261127", "2026-W01-1", "٢٠٢٦-١١-٢٧", "0000-01-01"])
def test_dates_refused(date):
    assert problems(date=date) == {"date": "date-unreadable"}


@pytest.mark.parametrize(
    "body",
    [
        "x" * 10_000_000,
        " " * 10_000_000,
        "e" + "\u0301\u0316" * 150_000,
        "> " * 100_000,
        "a\x00",
        "\udfff",
        "a\u202eb",
    ],
)
def test_hostile_bodies_are_refused_at_once(body):
    assert "body" in within(20, lambda: problems(body=body))


def test_many_parts():
    assert problems(quotes=(Quote("A", text="t"),) * 10_000) == {"quotes": "too-many"}
    assert problems(contacts=(MediaContact("A"),) * 51) == {"contacts": "too-many"}
