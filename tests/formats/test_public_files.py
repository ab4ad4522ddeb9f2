"""The files of a publication: for paper, as a picture, all in one; right for those who look and those who listen."""

import hashlib
import io
import json
import re
import struct
import zipfile
import zlib
from dataclasses import replace
from datetime import timedelta

import pypdf
import pytest

from tests.builders import logo
from tests.formats.given import ADDRESS, AT, commitment, published
from tests.formats.publishing import TWIN, TWIN_WORDS
from tests.formats.test_draft import roles, words
from workflow.formats.card import card, card_words
from workflow.formats.describing import MOST_AUTHORS, linked_data, oembed, oembed_xml
from workflow.formats.issuing import Artwork, Picture
from workflow.formats.kit import kit
from workflow.formats.made import drawn_with, file_of, make_files, standing_digest
from workflow.formats.public_parts import MadeFile, PublicNote
from workflow.formats.public_pdf import public_pdf
from workflow.formats.sitemap import sitemap
from workflow.formats.speaking import saying
from workflow.rules.noting import NoteKind
from workflow.rules.publication import FileKind
from workflow.text.content import Edition
from workflow.text.signing_forms import Signatures

ENGLISH, ARABIC_WORDS = saying("en"), saying("ar")
ARABIC = Edition(
    "ar",
    "joint-statement",
    "سبع جمعيات تطالب بفتح الجسر",
    "الجسر **مغلق** منذ يوم، تقول Harbour Aid (جمعية).",
    label="بيان صحفي",
    date="2027-02-28",
)
HIDDEN = "The Orchard Trust"
NOTES = (
    PublicNote(NoteKind.CORRECTION, AT + timedelta(days=1), "It carried 4,200 people."),
    PublicNote(NoteKind.WITHDRAWAL, AT + timedelta(days=2), "We were misled.", commitment("Meadow4Valley")),
)


def _dot() -> bytes:
    """A PNG of one red dot."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


DOT = _dot()


@pytest.fixture(scope="module")
def noted():
    """Corrected, one withdrawn, one withheld; circulated by a lead that signed, in a coalition with a name."""
    return published(
        notes=NOTES,
        withheld=[HIDDEN],
        coalition="Valley Campaign",
        coalition_slug="valley-campaign",
        lead_commitment=commitment("Harbour for Peace"),
    )


@pytest.fixture(scope="module")
def paper(noted):
    """The same for paper, with a logo at its head."""
    return public_pdf(noted, ADDRESS, ENGLISH, Artwork(Picture(DOT, "png", "Valley Campaign")))


def test_a_pdf_has_every_word_and_what_came_since_and_how_to_check_it(noted, paper):
    text = words(paper)
    said = (
        *("Valley Campaign", "Circulated by Harbour for Peace", *TWIN_WORDS, "6 signatories", "Lakeside Zebra Union"),
        *("one of which asked for its name to be withheld", "Since the publication", "It carried 4,200 people."),
        *("Meadow4Valley · Withdrew its sign-off", "We were misled.", "6 signatories as of 3 March 2027, 7 at"),
        *("Check this document", ADDRESS, noted.digest, noted.record_digest, "1 / "),
    )
    assert [one for one in said if one not in text] == []
    assert HIDDEN not in text
    order = [text.index(one) for one in ("Valley Campaign", "Press Release", "ENDS", "Since the", "Check this")]
    assert order == sorted(order)


def test_a_pdf_fulfils_what_can_be_seen_of_ua_and_archives(paper):
    reader = pypdf.PdfReader(io.BytesIO(paper))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert reader.metadata.title == TWIN.headline and reader.metadata.author == "Valley Campaign"
    told = root["/Metadata"].get_data()
    assert b"<pdfaid:part>3</pdfaid:part>" in told and b"<pdfaid:conformance>A</pdfaid:conformance>" in told
    assert b"<pdfuaid:part>1</pdfuaid:part>" in told
    assert "/OutputIntents" in root and "/Encrypt" not in reader.trailer
    assert [one.title for one in reader.outline if not isinstance(one, list)] == [TWIN.headline]
    below = [one.title for part in reader.outline if isinstance(part, list) for one in part]
    assert {"6 signatories", "Since the publication", "Media contacts", "Check this document"} <= set(below)
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    for font in fonts:
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(described) and "/ToUnicode" in font
    assert {"/H1", "/H2", "/P", "/Figure", "/Strong", "/Em", "/Link"} <= set(roles(reader))


def test_a_pdf_carries_its_record_to_the_byte(noted, paper):
    reader = pypdf.PdfReader(io.BytesIO(paper))
    assert hashlib.sha256(reader.attachments["record.json"][0]).hexdigest() == noted.record_digest


def test_an_arabic_retraction_runs_from_the_right_and_says_so_first():
    found = published(ARABIC, ["جمعية البحيرة", "Harbour Aid"], [PublicNote(NoteKind.RETRACTION, AT, "سحبناه.")])
    data = public_pdf(found, f"{ADDRESS}/%D8%B3", ARABIC_WORDS)
    root = pypdf.PdfReader(io.BytesIO(data)).trailer["/Root"]
    assert (root["/Lang"], root["/ViewerPreferences"]["/Direction"]) == ("ar", "/R2L")
    text = words(data)
    for word in ("البحيرة", "مغلق", "Harbour", "انظروا", "valley/س"):
        assert word in text
    assert "/%D8" not in text, "an address is shown as it is read"


def test_a_logo_that_cannot_be_drawn_does_not_cost_the_pdf():
    data = public_pdf(published(coalition="Valley"), ADDRESS, ENGLISH, Artwork(Picture(b"no picture", "png", "Valley")))
    assert words(data).startswith("Valley Press Release")


def test_a_letter_without_a_font_is_a_box_and_the_rest_is_as_before():
    data = public_pdf(published(replace(TWIN, body="So 日 it is.\ue000")), ADDRESS, ENGLISH)
    assert "So □ it is." in words(data) and "U+65E5" in words(data)
    assert b"pdfuaid" in pypdf.PdfReader(io.BytesIO(data)).trailer["/Root"]["/Metadata"].get_data()


def test_a_card_is_a_picture_of_the_size_that_is_said_and_names_no_signatory(noted):
    made = card(noted, ADDRESS, ENGLISH)
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", made[16:24]) == (1200, 630)
    said = card_words(noted, ENGLISH)
    assert said == f"Press Release · 28 February 2027 · {TWIN.headline} · Valley Campaign · 6 signatories"
    retracted = replace(noted, notes=(PublicNote(NoteKind.RETRACTION, AT, ""),))
    assert card_words(retracted, ENGLISH).startswith("Retracted · ")


def test_a_press_kit_holds_every_form_and_is_the_same_each_time(noted):
    logos = [Picture(DOT, "png", "Harbour for Peace"), Picture(b"<svg/>", "svg", "جمعية البحيرة")]
    made = kit(noted, ADDRESS, ENGLISH, pdf=b"%PDF", card=DOT, logos=logos)
    assert made == kit(noted, ADDRESS, ENGLISH, pdf=b"%PDF", card=DOT, logos=logos)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        names = archive.namelist()
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        readme, record = archive.read("README.txt").decode(), archive.read("record.json")
        everything = b"".join(archive.read(one) for one in names)
        assert json.loads(archive.read("statement.json"))["record_digest"] == noted.record_digest
    assert names == sorted(names) and {"logos/001-harbour-for-peace.png", "logos/002.svg"} <= set(names)
    assert hashlib.sha256(record).hexdigest() == noted.record_digest
    assert [one for one in names if "/" not in one and one != "README.txt" and one not in readme] == []
    assert ADDRESS in readme and noted.digest in readme
    assert HIDDEN.encode() not in everything
    with zipfile.ZipFile(io.BytesIO(kit(noted, ADDRESS, ARABIC_WORDS, pdf=None, card=None))) as archive:
        assert not {"statement.pdf", "card.png"} & set(archive.namelist())
        assert "statement.pdf" not in archive.read("README.txt").decode()


def test_a_press_kit_holds_the_signatures_of_its_record(noted):
    signed = Signatures(b"\x07" * 64, "untrusted comment: key\n", "-----BEGIN SSH SIGNATURE-----\n")
    made = kit(replace(noted, signatures=signed), ADDRESS, ENGLISH, pdf=None, card=None)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.read("record.sig") == signed.raw
        assert archive.read("record.minisig").decode() == signed.minisign
        assert archive.read("record.sshsig").decode() == signed.ssh
        said = archive.read("README.txt").decode()
    assert "record.sig – the signature of record.json, for openssl" in said
    assert {"record.minisig", "record.sshsig"} <= set(said.split())


def test_logos_of_the_list_stand_on_paper_and_lie_in_the_press_kit():
    shown = logo()
    found = published(names=["Birch Aid", "Harbour Aid"], style="logos")
    first, second = found.disclosures
    found = replace(found, disclosures=(first, replace(second, value=second.value | {"logo": shown.digest})))
    made = make_files(found, ADDRESS, Artwork(logos={shown.digest: shown.content}))
    sheet = pypdf.PdfReader(io.BytesIO(made[FileKind.PDF]))
    assert [image.name for page in sheet.pages for image in page.images if image.name.endswith(".png")]
    assert roles(sheet).count("/Figure") == 2, "the logo, and the code to be scanned"
    with zipfile.ZipFile(io.BytesIO(made[FileKind.KIT])) as archive:
        assert [one for one in archive.namelist() if "/" in one] == ["logos/001-harbour-aid.png"]
        assert archive.read("logos/001-harbour-aid.png") == shown.content


def test_what_cannot_be_set_in_type_leaves_the_other_forms():
    made = make_files(published(replace(TWIN, headline="日本語の", body="日本語の文章です。" * 30)), ADDRESS)
    assert made[FileKind.PDF] is None and made[FileKind.CARD] is None
    with zipfile.ZipFile(io.BytesIO(made[FileKind.KIT])) as archive:
        assert "日本語" in archive.read("statement.txt").decode()


def test_a_file_is_only_that_of_exactly_this_state(noted):
    state, by = standing_digest(noted), drawn_with("https://sign.example.org")
    changed = (
        replace(noted, notes=noted.notes[:1]),
        replace(noted, disclosures=noted.disclosures[1:]),
        replace(noted, coalition="Another"),
        replace(noted, lead_commitment=""),
        replace(noted, notes=(replace(noted.notes[0], text=""), noted.notes[1])),
    )
    assert len({state, *map(standing_digest, changed)}) == 1 + len(changed)
    made = MadeFile("en", FileKind.PDF, state, by, 5)
    assert file_of(replace(noted, files=(made,)), FileKind.PDF, "https://sign.example.org") == made
    for one in changed:
        assert file_of(replace(one, files=(made,)), FileKind.PDF, "https://sign.example.org") is None
    assert file_of(replace(noted, files=(made,)), FileKind.PDF, "https://elsewhere.example.org") is None
    assert file_of(replace(noted, files=(made,)), FileKind.CARD, "https://sign.example.org") is None


# Told to machines ---------------------------------------------------------------------------------


def test_linked_data_says_who_what_when_and_what_became_of_it(noted):
    data = linked_data(noted, ADDRESS, {"image/png": f"{ADDRESS}/card.png", "application/pdf": f"{ADDRESS}.pdf"})
    assert data["dateModified"] == "2027-03-03T09:00:00Z"
    assert data["publisher"]["name"] == "Valley Campaign"
    assert data["identifier"]["value"] == noted.digest
    assert data["image"] == f"{ADDRESS}/card.png"
    assert [one["encodingFormat"] for one in data["encoding"]] == ["application/pdf"]
    assert data["correction"][0]["text"] == "It carried 4,200 people."
    assert "Meadow4Valley" not in json.dumps(data["author"]) and HIDDEN not in json.dumps(data)
    many = published(names=[f"Group {number}" for number in range(MOST_AUTHORS + 1)])
    assert linked_data(many, ADDRESS, {})["author"] == []


def test_oembed_is_as_large_as_it_may_be_and_nobody_can_break_out_of_it():
    found = published(replace(TWIN, headline='"><script>alert(1)</script> & co'))
    told = oembed(found, ADDRESS, "https://sign.example.org/", "", (400, 10_000))
    assert (told["width"], told["height"]) == (400, 420)
    assert oembed(found, ADDRESS, "", "", (1, 1))["width"] == 300
    assert "<script" not in told["html"] and f'src="{ADDRESS}/embed"' in told["html"]
    assert "thumbnail_url" not in told and "author_name" not in told
    written = oembed_xml(told).decode()
    assert "<script" not in written and '<title>"&gt;&lt;script&gt;' in written


def test_a_sitemap_says_when_each_page_was_changed():
    written = sitemap([("https://a.example.org/", None), (ADDRESS, AT)]).decode()
    assert re.findall("<loc>(.*?)</loc>", written) == ["https://a.example.org/", ADDRESS]
    assert re.findall("<lastmod>(.*?)</lastmod>", written) == ["2027-03-01T09:00:00Z"]
