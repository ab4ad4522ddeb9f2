"""A publication as a file: every word is there, in order, and what is hostile stays words."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import rfc8785

from tests.builders import EDITION, NOW
from tests.formats.publishing import PLAIN, SEVEN_LISTED, TWIN, TWIN_WORDS
from workflow.formats.feed import ATOM, atom_file
from workflow.formats.markdown_file import markdown_file
from workflow.formats.plain import text_file
from workflow.formats.public_parts import Disclosed, PublicNote
from workflow.formats.record import PublicStatement
from workflow.formats.record_file import json_file, record_file
from workflow.rules.noting import NoteKind
from workflow.rules.publication import SignedBy, record
from workflow.text.content import Content, Edition, Quote
from workflow.text.digest import canonical, commitment, digest

ADDRESS = "https://sign.example.org/statements/closing"
HOME = "https://sign.example.org/"
HOSTILE = ('<script>alert("1")</script>', '"><img src=x onerror=alert(1)>', "Evil \u202egnihton\u202c", "& <b> ]]> *x*")


NAMES = tuple(SEVEN_LISTED.split(" • "))


def public(edition: Edition = TWIN, names=NAMES, erased=()) -> PublicStatement:
    values = [{"listed_name": name} for name in names]
    disclosures = [Disclosed(commitment(f"{n:032x}", value), f"{n:032x}", value) for n, value in enumerate(values)]
    content = Content((edition,))
    values = record(
        slug="closing",
        kind=edition.kind,
        revision=1,
        digest=digest(content),
        content=json.loads(canonical(content)),
        rule={"required": "all", "at_least": 0},
        instants={"published": "2027-03-01T09:00:00Z"},
        signatories=[SignedBy(one.commitment, 1, digest(content), "2027-03-01T09:00:00Z") for one in disclosures],
        chain_head="c" * 64,
    )
    written = rfc8785.dumps(values).decode()
    return PublicStatement(
        statement_id=1,
        slug="closing",
        record=written,
        record_digest=hashlib.sha256(written.encode()).hexdigest(),
        published_at=NOW,
        listing=tuple(one.commitment for one in disclosures),
        disclosures=tuple(one for one in disclosures if one.value["listed_name"] not in erased),
    )


def in_order(text: str, parts) -> None:
    """Every part stands in the text, each after the one before it."""
    at = 0
    for part in parts:
        found = text.find(part, at)
        assert found >= 0, f"{part!r} is not behind {text[max(0, at - 60) : at]!r}"
        at = found + len(part)


def feed(*publications: PublicStatement) -> ET.Element:
    written = atom_file(publications, HOME, lambda slug: f"{HOME}statements/{slug}", PLAIN, "en")
    return ET.fromstring(written)


def texts(parent: ET.Element, path: str) -> list[str | None]:
    return [one.text for one in parent.iterfind("/".join(f"{{{ATOM}}}{step}" for step in path.split("/")))]


def test_plain_text_holds_every_word_in_order_and_wraps_nothing():
    text = text_file(public(), ADDRESS, PLAIN)
    rest = ("Notes to editors", "4,100 people", "Ada Example, Press officer, press@lakeside.example.org")
    in_order(text, (*TWIN_WORDS, *rest, "Signatories:\n\n" + SEVEN_LISTED, ADDRESS, public().digest))
    assert "\n\n\n" not in text and text.endswith("\n") and not text.startswith("\n")
    assert "**" not in text and "](" not in text


def test_markdown_holds_every_word_in_order():
    text = markdown_file(public(), ADDRESS, PLAIN)
    plain = re.sub(r"\[([^\]]*)\]\(#\)|\*", lambda match: match[1] or "", text)
    in_order(plain, (*TWIN_WORDS, "4,100 people", "Ada Example", "## Signatories", SEVEN_LISTED, f"<{ADDRESS}>"))
    assert "The council **must** reopen" in text
    assert "# Valley groups condemn" in text


def test_quotes_addressees_and_copies_are_there_in_every_form():
    edition = replace(EDITION, addressees=("The Council",), cc=("The Ministry",), lead_paragraph="We write.")
    found = public(edition)
    parts = ("The Council", "We write.", "forty", "Nobody should walk nine hours", "Ada Example", "only way", "ENDS")
    content = texts(feed(found), "entry/content")[0]
    for shown in (text_file(found, ADDRESS, PLAIN), markdown_file(found, ADDRESS, PLAIN), content):
        in_order(shown, parts)
        assert "The Ministry" in shown


def test_people_s_words_are_text_in_markdown():
    found = public(replace(TWIN, label="*not bold*", headline="[x](http://a.example)"), names=("# One", "<b>Two</b>"))
    text = markdown_file(found, ADDRESS, PLAIN)
    assert r"**\*not bold\***" in text
    assert r"# \[x\](http://a.example)" in text
    assert r"\<b\>Two\</b\>" in text


def test_the_record_is_what_its_digest_is_of_and_the_json_is_canonical():
    found = public()
    assert hashlib.sha256(record_file(found)).hexdigest() == found.record_digest
    written = json_file(found)
    values = json.loads(written)
    assert rfc8785.dumps(values) == written
    assert set(values) == {"record", "record_digest", "disclosures"}
    assert rfc8785.dumps(values["record"]) == record_file(found)
    recorded = {one["commitment"] for one in values["record"]["signatories"]}
    for one in values["disclosures"]:
        bound = rfc8785.dumps([one["salt"], one["value"]])
        assert hashlib.sha256(bound).hexdigest() == one["commitment"] in recorded


def test_a_name_taken_back_is_counted_and_in_no_file():
    found = public(erased=("Meadow4Valley",))
    for written in (
        text_file(found, ADDRESS, PLAIN),
        markdown_file(found, ADDRESS, PLAIN),
        json_file(found).decode(),
        record_file(found).decode(),
        atom_file([found], HOME, str, PLAIN, "en").decode(),
    ):
        assert "Meadow4" not in written
    assert "organisations, one of which asked for its name to be withheld" in text_file(found, ADDRESS, PLAIN)
    assert "organisations, one of which asked for its name to be withheld" in markdown_file(found, ADDRESS, PLAIN)
    assert "withheld for safety" not in text_file(public(), ADDRESS, PLAIN)


def test_who_signed_alone_and_unnamed_is_one_organisation():
    alone = replace(public(), listing=("c" * 64,), disclosures=())
    assert "One organisation, which asked for its name to be withheld for safety" in text_file(alone, ADDRESS, PLAIN)


def test_the_feed_is_what_rfc_4287_asks_for():
    newer = replace(public(), slug="newer", published_at=NOW + timedelta(hours=1))
    root = feed(newer, public())
    assert root.tag == f"{{{ATOM}}}feed"
    assert texts(root, "id") == [f"{HOME}feed.atom"]
    assert texts(root, "updated") == ["2027-03-01T10:00:00Z"]
    assert len(texts(root, "title")) == len(texts(root, "author/name")) == 1
    assert texts(root, "entry/id") == [f"{HOME}statements/newer", f"{HOME}statements/closing"]
    assert texts(root, "entry/title") == [TWIN.headline] * 2
    assert texts(root, "entry/updated") == ["2027-03-01T10:00:00Z", "2027-03-01T09:00:00Z"]
    entry = root.find(f"{{{ATOM}}}entry")
    assert texts(entry, "author/name") == SEVEN_LISTED.split(" • ")
    content = entry.find(f"{{{ATOM}}}content")
    assert content.get("type") == "html"
    assert "<strong>must</strong>" in content.text
    in_order(re.sub(r"<[^>]+>", "", content.text), (*TWIN_WORDS[:2], *TWIN_WORDS[3:], SEVEN_LISTED))
    links = {(one.get("rel"), one.get("href")) for one in root.iterfind(f"{{{ATOM}}}link")}
    assert links == {("self", f"{HOME}feed.atom"), ("alternate", HOME)}


def test_the_feed_names_its_parts_and_what_came_since_stands_last_under_its_heading():
    since = PublicNote(NoteKind.CORRECTION, NOW, "It carried 4,200 people.")
    content = texts(feed(replace(public(replace(TWIN, cc=("The Ministry",))), notes=(since,))), "entry/content")[0]
    parts = (
        *("ENDS", "<h2>Notes to editors</h2>", "4,100 people", "<h2>Media contacts</h2>", "Ada Example, Press officer"),
        *("<h2>Copies to</h2>", "The Ministry", "<h2>Signatories</h2>", SEVEN_LISTED),
        *("<h2>Since the publication</h2>", "Correction", "4,200 people"),
    )
    in_order(content, parts)
    assert content.endswith("4,200 people.</p>\n</div>")
    plain = texts(feed(public(replace(TWIN, notes="", contacts=()))), "entry/content")[0]
    assert not [one for one in ("Notes to", "Media contacts", "Copies to", "Since the") if one in plain]


def test_the_feed_speaks_of_each_statement_in_its_language():
    arabic = replace(TWIN, language="ar")
    content = texts(feed(public(arabic)), "entry/content")[0]
    assert "<h2>Notes to editors</h2>" not in content and "<h2>Signatories</h2>" not in content
    retracted = replace(public(arabic), notes=(PublicNote(NoteKind.RETRACTION, NOW, ""),))
    assert texts(feed(retracted), "entry/title") == [f"سُحب: \u2068{TWIN.headline}\u2069"]


def test_an_empty_feed_is_a_feed():
    root = feed()
    assert texts(root, "updated") == ["1970-01-01T00:00:00Z"]
    assert texts(root, "entry") == []


def test_hostile_words_stay_words_in_the_feed():
    edition = replace(
        TWIN,
        headline="<script>x</script> \x00\x0b\ufffe\ud800",
        body="<img src=x onerror=x> [x](javascript:alert(1)) ]]>",
        quotes=(Quote("<b>", "", "", "<script>y</script>"),),
    )
    found = public(replace(edition, headline=edition.headline.replace("\ud800", "")), names=HOSTILE)
    object.__setattr__(found, "edition", edition)  # not even a lone surrogate, which no record can hold
    root = feed(found)
    assert texts(root, "entry/title") == ["<script>x</script> " + "\ufffd" * 4]
    content = texts(root, "entry/content")[0]
    assert "<script" not in content and "<img" not in content and "javascript:alert(1)&quot;" not in content
    assert "href" not in content
    assert texts(root, "entry/author/name")[:2] == list(HOSTILE[:2])


def test_no_name_turns_its_neighbours_around():
    assert public(names=HOSTILE).names[2] == "Evil gnihton"
    for written in (
        text_file(public(names=HOSTILE), ADDRESS, PLAIN),
        markdown_file(public(names=HOSTILE), ADDRESS, PLAIN),
    ):
        assert "\u202e" not in written


def test_an_arabic_statement_keeps_its_words_and_its_direction():
    headline, body = "سبع جمعيات تطالب بفتح الطريق", "الطريق **مغلق** منذ أربعين يوماً."
    edition = Edition("ar", "joint-statement", headline, body, date="2027-03-01", place="الوادي")
    found = public(edition, names=("جمعية البحيرة", "Harbour Aid"))
    text = text_file(found, ADDRESS, PLAIN)
    in_order(
        text,
        ("الوادي، ", headline, "الطريق مغلق منذ أربعين يوماً.", "جمعية البحيرة • Harbour Aid"),
    )
    content = texts(feed(found), "entry/content")[0]
    assert content.startswith('<div lang="ar" dir="rtl">')
