"""Word files: what is taken from good ones, and that hostile ones are refused at once, cheaply, in a sentence."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from tests.text import word_files as make
from tests.text.word_files import HEAD, NAMESPACES, link, note, notes, para, relations, run, table, word_file
from workflow.rules.refusals import FileRefused
from workflow.text import word
from workflow.text.bringing import merged, read_brought
from workflow.text.content import Edition, MediaContact
from workflow.text.sentence_table import SENTENCES

HEAD_OF_RELEASE = (
    para("Press release"),
    para("28 February 2027"),
    para("Valley groups ask for the bridge", style="Title"),
)


def refused(data: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        read_brought(data)
    assert caught.value.problem.id in SENTENCES
    return caught.value.problem.id


def body(*blocks: str, **more) -> str:
    return read_brought(word_file(*HEAD_OF_RELEASE, *blocks, **more)).edition.body


def told(*blocks: str, **more) -> dict[str, dict]:
    return {one.id: one.params for one in read_brought(word_file(*HEAD_OF_RELEASE, *blocks, **more)).warnings}


# What is taken --------------------------------------------------------------------------------------


def test_a_press_release_with_all_that_we_keep():
    imported = read_brought(
        word_file(
            *HEAD_OF_RELEASE,
            para("It was ", run("closed", "b"), " and ", run("nobody", "i"), " was ", run("asked", "b", "i"), "."),
            para("See ", link("the report", "https://valley.example.org/r?a=1"), ".", note(2), note(1, "endnote")),
            para("Bread", number=(1, 0)),
            para("with salt", number=(1, 1)),
            para("Milk", number=(1, 0)),
            para("First", number=(2, 0)),
            para("Second", number=(2, 0)),
            para("Nobody asked us.", style="Quote"),
            para("A section", style="Heading2"),
            para("1. typed * by hand"),
            para(run("Signatories:", "b"), run(" Lakeside Relief • Harbour Aid")),
            parts={
                "word/footnotes.xml": notes({2: "Page nine."}),
                "word/endnotes.xml": notes({1: "In the archive."}, "endnote"),
            },
        )
    )
    edition = imported.edition
    assert (edition.label, edition.date, edition.headline) == (
        "Press release",
        "2027-02-28",
        "Valley groups ask for the bridge",
    )
    assert edition.body.split("\n\n") == [
        "It was **closed** and *nobody* was ***asked***.",
        "See [the report](https://valley.example.org/r?a=1).[^1][^2]",
        "- Bread\n  - with salt\n- Milk",
        "1. First\n2. Second",
        "> Nobody asked us.",
        "**A section**",
        "1\\. typed \\* by hand",
        "[^1]: Page nine.",
        "[^2]: In the archive.",
    ]
    assert imported.signatories == ("Lakeside Relief", "Harbour Aid")
    assert imported.warnings == ()


def test_an_arabic_release_in_runs_from_right_to_left():
    right = "<w:bidi/>"
    imported = read_brought(
        word_file(
            para(run("بيان صحفي", "rtl"), more=right),
            para(run("٢٨ شباط ٢٠٢٧", "rtl"), more=right),
            para(run("سبع جمعيات تطالب بفتح الجسر", "rtl", "b", "bCs"), more=right),
            para(run("الجسر ", "rtl"), run("مغلق،", "rtl", "b"), run("منذ يوم (NGO).", "rtl"), more=right),
            para(run("الموقعون:", "rtl", "b"), more=right),
            para(run("جمعية البحيرة • Harbour Aid", "rtl"), more=right),
        )
    )
    edition = imported.edition
    assert (edition.language, edition.label, edition.date) == ("ar", "بيان صحفي", "2027-02-28")
    assert edition.headline == "سبع جمعيات تطالب بفتح الجسر"
    assert edition.body == "الجسر **مغلق**،منذ يوم (NGO)."
    assert imported.signatories == ("جمعية البحيرة", "Harbour Aid")


@pytest.mark.parametrize(
    ("blocks", "label", "date", "place", "headline", "first"),
    [
        ([para("H", style="Titre1"), para("9/6/2027"), para("x")], "", "2027-06-09", "", "H", "x"),
        ([para("Lakeside, 9 June 2027"), para("H", style="Title"), para("x")], "", "2027-06-09", "Lakeside", "H", "x"),
        ([para("Letterhead"), para("Street 1"), para("H", style="Title")], "Letterhead", "", "", "H", "Street 1"),
        ([para("Open Letter"), para("2027-06-09"), para("H"), para("x")], "Open Letter", "2027-06-09", "", "H", "x"),
        ([para("Press release"), para(run("H", "b")), para("x")], "Press release", "", "", "H", "x"),
        ([para(run("H", "b")), para("x")], "", "", "", "H", "x"),
        ([para("31/2/2027"), para("x")], "", "", "", "", "31/2/2027\n\nx"),
        ([para("Dear all"), para("x")], "", "", "", "", "Dear all\n\nx"),
        ([para("H" * 400, style="Title"), para("x")], "", "", "", "", f"**{'H' * 400}**\n\nx"),
    ],
)
def test_heads_of_word_files(blocks, label, date, place, headline, first):
    imported = read_brought(word_file(*blocks))
    edition = imported.edition
    assert (edition.label, edition.date, edition.place, edition.headline) == (label, date, place, headline)
    assert edition.body == first
    assert edition.kind == ("open-letter" if label == "Open Letter" else "press-release")
    assert ("headline-not-found" in [one.id for one in imported.warnings]) == (not headline)


def test_tracked_changes_are_taken_in_and_out_and_the_lead_is_told():
    changed = para(
        run("We ask"),
        f'<w:ins w:id="1">{run(" all")}</w:ins>',
        '<w:del w:id="2"><w:r><w:delText> some</w:delText></w:r></w:del>',
        run(" of you."),
    )
    assert body(changed) == "We ask all of you."
    assert told(changed) == {"word-tracked": {"inserted": 1, "deleted": 1}}


def test_what_is_left_out_is_said():
    picture = (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic '
        'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip r:embed="rId5"/>'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    remark = '<w:r><w:commentReference w:id="7"/></w:r>'
    header = f"{HEAD}<w:hdr {NAMESPACES}>{para('Valley Office')}</w:hdr>"
    footer = f"{HEAD}<w:ftr {NAMESPACES}>{para('3')}</w:ftr>"
    found = told(
        para("a", picture, remark, run(" struck", "strike")),
        table(["a", "b"], ["c", "d"]),
        parts={"word/header1.xml": header, "word/media/image1.png": b"\x89PNG"},
    )
    assert set(found) == {"pictures-left-out", "tables-as-lines", "remarks", "struck-words", "word-heads"}
    assert {one["count"] for one in found.values()} == {1}
    assert told(para("a"), parts={"word/footer1.xml": footer}) == {}


def test_a_footnote_of_the_headline_is_not_lost():
    imported = read_brought(
        word_file(para("H", note(2), style="Title"), para("x"), parts={"word/footnotes.xml": notes({2: "Page nine."})})
    )
    assert (imported.edition.headline, imported.edition.body) == ("H", "x\n\nPage nine.")


def test_what_is_brought_into_a_statement_leaves_its_other_parts():
    contact = MediaContact("Ada Example")
    before = Edition("fr", "open-letter", "Old", "Old", ends="FIN", contacts=(contact,), label="Lettre")
    after = merged(before, Edition("en", "press-release", "New", "Text", date="2027-01-01"))
    assert after == Edition(
        "fr", "open-letter", "New", "Text", ends="FIN", contacts=(contact,), label="Lettre", date="2027-01-01"
    )


def test_files_of_text_are_read_as_before():
    assert read_brought(b"L\n1/1/2027\nH\n\nText").edition.headline == "H"
    assert refused(b"L\n\xff") == "file-not-utf-8"


# What is refused ------------------------------------------------------------------------------------

EXTERNAL = {
    "template": ("word/_rels/settings.xml.rels", "attachedTemplate", "http://a.example/x.dotm"),
    "picture": ("word/_rels/document.xml.rels", "image", "http://a.example/x.png"),
    "object": ("word/_rels/document.xml.rels", "oleObject", "file:///etc/passwd"),
}
GOOD = {"[Content_Types].xml": make.TYPES, "_rels/.rels": make.ROOT_RELATIONS}
UTF_16 = make.document(para("x")).replace('encoding="UTF-8"', 'encoding="UTF-16"').replace("?>\n", "?><!DOCTYPE a>", 1)

HOSTILE = {
    "bomb": (make.bomb, "word-bomb"),
    "bomb that lies": (make.lying_bomb, "word-unreadable"),
    "a hundred thousand entries": (make.crowded, "word-bomb"),
    "ten thousand entries": (lambda: word_file(parts={f"a{n}.xml": "<a/>" for n in range(10_000)}), "word-bomb"),
    "entities": (make.laughing, "word-entities"),
    "entities in another part": (
        lambda: word_file(para("x"), parts={"customXml/item1.xml": f"{make.LAUGHS}<a>&a9;</a>"}),
        "word-entities",
    ),
    "an outer entity": (
        lambda: word_file(
            whole='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + make.document(para("x")).partition("\n")[2]
        ),
        "word-entities",
    ),
    "a doctype in UTF-16": (
        lambda: word_file(para("x"), parts={"word/document.xml": UTF_16.encode("utf-16")}),
        "word-entities",
    ),
    **{
        f"outside: {name}": (
            lambda path=path, kind=kind, target=target: word_file(
                para("x"), parts={path: relations(("rId1", kind, target), external=True)}
            ),
            "word-outside",
        )
        for name, (path, kind, target) in EXTERNAL.items()
    },
    **{
        f"name: {name!r}": (lambda name=name: word_file(para("x"), parts={name: "<a/>"}), "word-names")
        for name in ("../../etc/x.xml", "/etc/x.xml", "word/../../x.xml", "..\\x.xml", "C:/x.xml")
    },
    "a file in it": (lambda: word_file(para("x"), parts={"word/embeddings/a.docx": make.zipped(GOOD)}), "word-packed"),
    "macros": (lambda: word_file(para("x"), parts={"word/vbaProject.bin": b"x"}), "word-macros"),
    "deep": (lambda: word_file("<w:p>" * 50_000 + "</w:p>" * 50_000), "word-too-much"),
    "wide": (lambda: word_file("<w:p/>" * 400_000), "word-too-much"),
    "one long word": (lambda: word_file(para("x" * 9_000_000)), "word-too-much"),
    "no document": (lambda: make.zipped(GOOD), "word-unreadable"),
    "no Word file": (lambda: make.zipped({"a.txt": "x"}), "word-unreadable"),
    "no XML": (lambda: word_file(whole="Press release"), "word-unreadable"),
    "half of it": (lambda: word_file(para("x"))[:-700], "word-unreadable"),
    "the beginning of one": (lambda: b"PK\x03\x04" + bytes(100_000), "word-unreadable"),
    "a part that nobody looked through": (
        lambda: word_file(
            parts={
                "_rels/.rels": make.ROOT_RELATIONS.replace("document.xml", "document.bin"),
                "word/document.bin": make.LAUGHS + make.document(para("x")).partition("\n")[2],
            }
        ),
        "file-empty",
    ),
    "far too long a text": (lambda: "é".encode() * 5 * 2**20, "file-too-long"),
    "too large": (lambda: b"PK\x03\x04" + bytes(9 * 2**20), "word-too-large"),
    "a PDF": (lambda: b"%PDF-1.7\n", "file-pdf"),
    "an old Word file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), "file-old-word"),
    "rich text": (lambda: rb"{\rtf1 x}", "file-rich-text"),
    "an OpenDocument file": (lambda: make.zipped({"mimetype": "x", "content.xml": "<a/>"}), "file-open-document"),
}
# Twenty yardsticks are some two seconds of an idle machine.
MOST_WORK = 20
# Reads one file in a fresh process and says what it cost: work, its own and its child's, in yardsticks; and the most
# memory of both, in kilobytes.
MEASURE = """
import json, resource, sys
from pathlib import Path
from tests.ground.effort import yardstick
from workflow.rules.refusals import FileRefused
from workflow.text.bringing import read_brought
data = Path(sys.argv[1]).read_bytes()
most = lambda who: resource.getrusage(who).ru_maxrss
def worked():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)
one = yardstick()
before, began = most(resource.RUSAGE_SELF), worked()
try:
    said = str(bool(read_brought(data)))
except FileRefused as refused:
    said = refused.problem.id
work = (worked() - began) / one
more = most(resource.RUSAGE_SELF) - before
print(json.dumps([said, work, more, most(resource.RUSAGE_CHILDREN)]))
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_little_work_and_a_hundred_megabytes(name, tmp_path):
    build, problem = HOSTILE[name]
    path = tmp_path / "hostile.docx"
    path.write_bytes(build())
    ended = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    said, work, parent, child = json.loads(ended.stdout)
    assert said == problem
    assert work < MOST_WORK
    assert parent < 100 * 1024
    assert child < 100 * 1024


def test_a_directory_that_would_take_long_is_not_read(monkeypatch):
    crowded = make.crowded()
    monkeypatch.setattr(word.zipfile, "ZipFile", None)
    assert refused(crowded) == "word-bomb"


def test_a_slow_file_is_given_up(monkeypatch):
    """Nothing in it is forbidden, it is only far too much; the limits of the child end it."""
    slow = word_file(*[para(*[run("w ", *(["b"] if n % 2 else [])) for n in range(60)]) for _ in range(500)])
    monkeypatch.setattr(word, "LIMITS", replace(word.LIMITS, wall=1))
    assert refused(slow) == "word-too-much"


def test_hyperlinks_are_the_only_way_out():
    assert body(para(link("x", "https://a.example"))) == "[x](https://a.example)"
