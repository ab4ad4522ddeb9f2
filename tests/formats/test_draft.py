"""A revision as a file: marked as a draft, each word there, right for readers who look and for those who listen."""

import re
import time
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pypdf
import pytest

from tests.builders import logo
from tests.formats.publishing import PLAIN, TWIN
from workflow.formats import pdf, setting
from workflow.formats.draft import Draft, draft_file
from workflow.formats.listing import list_view
from workflow.formats.pdf import Setting, pdf_file
from workflow.rules.listing import Entry, Mark, Style
from workflow.rules.refusals import NotPrintable
from workflow.text.content import Content, Edition, MediaContact, Quote
from workflow.text.digest import digest
from workflow.text.sheet import body_sheet

AT = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
WHOLE = replace(
    TWIN,
    place="Lakeside",
    addressees=("The Council",),
    cc=("The Clerk",),
    body=(
        "See [the report](https://valley.example.org/report), **now** and *then*.[^a]\n\n[[quote 1]]\n\n"
        "- Bread\n  1. with salt\n- Milk\n\n> A charter\\\n> says so[^a] and[^b]\n\n"
        "Write to <mailto:press@valley.example.org>.\n\n"
        "[^a]: Page nine, see[^c].\n\n[^b]: Page ten.\n\n[^c]: Page eleven."
    ),
    quotes=(Quote("Ada Example", "director", "Lakeside Relief", "Nobody should walk.\n\nNobody."),),
    notes="It carried 4,100.[^x]\n\n[^x]: In a winter.",
)
ARABIC = Edition(
    "ar",
    "joint-statement",
    "سبع جمعيات تطالب بفتح الجسر",
    "الجسر **مغلق** منذ يوم، تقول Harbour Aid (جمعية).[^1]\n\n[^1]: صفحة ٩.",
    label="بيان صحفي",
    date="2027-02-28",
    place="الوادي",
    contacts=(MediaContact("Ada Example", "", "ada@example.org"),),
)


LIST = list_view([Entry("Harbour Aid"), Entry("Lakeside Relief")], Style.LINE, (2, 0), "en", PLAIN)


def draft_of(edition: Edition, number: int = 2) -> Draft:
    return Draft(edition, number, digest(Content((edition,))), AT)


def content(edition: Edition, form: str) -> bytes:
    return draft_file(draft_of(edition), form, str).content


def read(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(data))


def words(data: bytes) -> str:
    """The words of a PDF, without the marks that set directions apart, and without line ends."""
    text = "\n".join(page.extract_text() for page in read(data).pages)
    return " ".join("".join(char for char in text if unicodedata.category(char) != "Cf").split())


@pytest.mark.parametrize("form", ["md", "txt", "pdf"])
def test_every_form_says_draft_and_digest_and_has_every_word(form):
    written = content(WHOLE, form)
    text = words(written) if form == "pdf" else written.decode()
    assert "DRAFT revision 2" in text
    assert digest(Content((WHOLE,))) in text
    said = (
        "Press Release",
        "Lakeside, 28 February 2027",
        "The Council",
        "the report",
        "https://valley.example.org/report",
    )
    said += (
        "Nobody should walk.",
        "Ada Example, director, Lakeside Relief",
        "Bread",
        "with salt",
        "A charter",
        "Page nine",
    )
    said += (
        "Page ten",
        "Page eleven",
        "ENDS",
        "It carried 4,100.",
        "In a winter.",
        "press@lakeside.example.org",
        "The Clerk",
    )
    assert [one for one in said if one not in text] == []


def test_a_pdf_is_tagged_titled_and_in_the_language_of_its_text():
    for edition, language, direction in ((WHOLE, "en", "/L2R"), (ARABIC, "ar", "/R2L")):
        root = read(content(edition, "pdf")).trailer["/Root"]
        assert root["/Lang"] == language
        assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712
        assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
        assert root["/ViewerPreferences"]["/Direction"] == direction
        assert b"pdfuaid" in root["/Metadata"].get_data()
        assert read(content(edition, "pdf")).metadata.title == edition.headline


def roles(reader: pypdf.PdfReader) -> list[str]:
    found = []

    def walk(node) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            found.append(str(node.get("/S", "")))
            walk(node.get("/K", []))

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_who_listens_hears_headings_lists_links_quotations_and_notes():
    found = set(roles(read(content(WHOLE, "pdf"))))
    assert {"/H1", "/H2", "/P", "/L", "/LI", "/Link", "/Strong", "/Em"} <= found
    assert {"/Note", "/FENote"} & found


def test_fonts_are_in_the_file_and_words_can_be_copied():
    reader = read(content(ARABIC, "pdf"))
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(described)
        assert "/ToUnicode" in font
    text = words(content(ARABIC, "pdf"))
    for word in ("الوادي", "صفحة", "Harbour", "ada@example.org"):
        assert word in text


def test_every_page_carries_the_mark_numbered_lines_and_its_number():
    long = replace(WHOLE, body="\n\n".join(f"Paragraph {n} of very many words." for n in range(150)))
    pages = [page.extract_text() for page in read(content(long, "pdf")).pages]
    assert len(pages) >= 4
    for number, page in enumerate(pages, 1):
        assert page.count("DRAFT revision 2") >= 2
        assert f"{number} / {len(pages)}" in "".join(char for char in page if unicodedata.category(char) != "Cf")
        assert digest(Content((long,))) in page
    numbers = {int(found) for page in pages for found in re.findall(r"^([0-9]+)$", page, flags=re.M)}
    assert set(range(1, 150)) <= numbers


def test_without_a_mark_there_is_none():
    """The setting of a publication, which is another one of the same template."""
    made = pdf_file(WHOLE, Setting(at=AT, signatories=LIST), str)
    text = words(made)
    assert "DRAFT" not in text
    assert "Signatories Harbour Aid • Lakeside Relief" in text
    assert not re.search(r"^[0-9]+$", read(made).pages[0].extract_text(), flags=re.M)


@pytest.mark.parametrize("style", Style)
def test_signatories_are_set_in_each_style_with_headings_and_signs(style):
    entries = [
        Entry("Birch #Aid", acronym="BA", heading="Lakeland", person="Ada Example", role="Director"),
        Entry("Meadow", heading="Rivermark", mark=Mark.UMBRELLA),
        *(Entry(f"Group {at}") for at in range(20)),
        Entry("Rana Example", individual=True),
    ]
    view = list_view(entries, style, (22, 1), "en", PLAIN)
    text = words(pdf_file(WHOLE, Setting(at=AT, signatories=view, unnamed="Two are not named"), str))
    for said in ("22 organisations", "Lakeland", "Birch #Aid (BA)", "Meadow†", "Others", "Group 19", "One individual"):
        assert said in text
    assert "† Signs for itself, and not for its members" in text and "Two are not named" in text
    assert ("Ada Example, Director Birch" in text) is (style is Style.PERSONS)
    assert ("23. Rana Example" in text) is (style is Style.NUMBERED)


def test_logos_are_set_above_names_that_stay_words_and_a_missing_one_leaves_its_name():
    pictures = [logo(shade) for shade in range(3)]
    entries = [Entry(f"Group #{at}", logo=one.digest) for at, one in enumerate(pictures)]
    view = list_view((*entries, Entry("In Letters")), Style.LOGOS, (4, 0), "en", PLAIN)
    shown = {one.digest: one.content for one in pictures[:2]}
    setting = Setting(at=AT, signatories=view, logos=shown)
    made = pdf_file(WHOLE, setting, str)
    text = words(made)
    assert all(name in text for name in ("Group #0", "Group #1", "Group #2", "In Letters"))
    assert sum(len(page.images) for page in read(made).pages) == 2
    assert roles(read(made)).count("/Figure") == 2
    assert pdf_file(WHOLE, setting, str) == made


def test_the_same_revision_gives_the_same_bytes():
    first = content(WHOLE, "pdf")
    time.sleep(1.1)  # a time of day in it would tell
    assert content(WHOLE, "pdf") == first
    assert content(WHOLE, "pdf") != content(replace(WHOLE, place="Hillside"), "pdf")
    assert read(content(WHOLE, "pdf")).metadata.creation_date == AT


def test_the_words_are_data_and_never_markup():
    hostile = '#panic("x") $x$ @a <b> *c* _d_ `e` = f // g /* \\ #read("/etc/passwd") #import "@preview/a:1.0.0": *'
    edition = replace(WHOLE, headline=hostile, label=hostile, ends=hostile, quotes=(Quote(hostile, "", "", hostile),))
    assert words(content(edition, "pdf")).count('#read("/etc/passwd")') >= 4


def test_what_no_font_has_is_a_box_and_said():
    text = words(content(replace(WHOLE, body=f"{WHOLE.body}\n\nSo 日 and 😀 be it."), "pdf"))
    assert "So □ and □ be it." in text
    assert "U+65E5 U+1F600" in text
    root = read(content(replace(WHOLE, headline="日 and so on"), "pdf")).trailer["/Root"]
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_a_text_of_boxes_is_refused_and_its_words_can_be_had():
    edition = replace(WHOLE, body="日本語の文章です。" * 20)
    with pytest.raises(NotPrintable):
        content(edition, "pdf")
    assert "日本語" in content(edition, "txt").decode()


def test_any_other_fault_of_the_typesetter_is_a_refusal(monkeypatch, tmp_path):
    (tmp_path / "statement.typ").write_text("#panic()")
    monkeypatch.setattr(setting, "TYPESETTING", tmp_path)
    with pytest.raises(NotPrintable):
        content(WHOLE, "pdf")


def test_a_text_of_very_many_parts_is_refused_before_it_takes_the_machine(monkeypatch):
    tight = replace(pdf.DRAFT.limits, memory=700 * 2**20, seconds=4)
    monkeypatch.setattr(pdf, "DRAFT", replace(pdf.DRAFT, limits=tight))
    with pytest.raises(NotPrintable) as caught:
        content(replace(WHOLE, body="- a\n" * 40_000), "pdf")
    assert caught.value.params == {"reason": "size"}


def test_a_text_without_anything_in_it_can_be_printed():
    assert "Without a headline yet" in words(content(Edition("en", "press-release", "", ""), "pdf"))


@pytest.mark.parametrize(
    ("headline", "name", "plain_name"),
    [
        ("A bridge", "a-bridge-draft-2.pdf", "a-bridge-draft-2.pdf"),
        ("الجسر", "الجسر-draft-2.pdf", "draft-2.pdf"),
        ('x"; filename=/etc/passwd\r\n', "x-filename-etc-passwd-draft-2.pdf", "x-filename-etc-passwd-draft-2.pdf"),
    ],
)
def test_names_of_files(headline, name, plain_name):
    made = draft_file(draft_of(replace(WHOLE, headline=headline)), "pdf", str)
    assert (made.name, made.plain_name) == (name, plain_name)


def test_a_note_that_only_a_note_refers_to_stands_behind_the_text():
    sheet = body_sheet(WHOLE)
    assert list(sheet["notes"]) == ["0", "1"]
    assert sheet["parts"][-1]["runs"][0]["text"].startswith("Page eleven")
