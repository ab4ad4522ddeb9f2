"""Bringing a text in over HTTP: Word files into a new statement and into one that is there, and what is pasted."""

import io
import random

import pytest

from tests.builders import EDITION, World, world
from tests.ground.application import Site, hidden
from tests.text import word_files as make
from tests.text.clipboards import WORD, WORD_MARKDOWN
from tests.text.word_files import para, run, word_file
from tests.web.desk_page import looks_right
from tests.web.living import differing, dump
from tests.web.test_drafting import Desk, fields_of

RELEASE = word_file(
    para("Press release"),
    para("28 February 2027"),
    para("Valley groups ask for the bridge", style="Title"),
    para("It must ", run("open", "b"), ".", '<w:del w:id="2"><w:r><w:delText>out</w:delText></w:r></w:del>'),
    para("Signatories: Lakeside Relief • Harbour Aid"),
)
MULTIPART = "multipart/form-data; boundary=y"
NEW, PASTE = "/desk/statements/new", "/desk/statements/paste"


@pytest.fixture
def desk(site: Site):
    with site.session() as session:
        made: World = world(session)
        client = site.client()
        site.sign_in(client, made.user)
        yield Desk(site, client, made)


def file(data: bytes, name: str = "release.docx"):
    return io.BytesIO(data), name


def bring(desk, path: str, expected: int, page: str, data: bytes):
    """Send a file as it goes over the wire; the test client would keep a large one in a file it never closes."""
    token = hidden(desk.get(page), "csrf_token").encode()
    fields = {'name="csrf_token"': token, 'name="file"; filename="a.docx"': data}
    parts = [
        f"--y\r\nContent-Disposition: form-data; {name}\r\n\r\n".encode() + value + b"\r\n"
        for name, value in fields.items()
    ]
    body = b"".join([*parts, b"--y--\r\n"])
    answer = desk.client.post(path, input_stream=io.BytesIO(body), content_length=len(body), content_type=MULTIPART)
    assert answer.status_code == expected, answer.text
    return answer


def test_a_word_file_fills_in_the_form_and_saves_nothing(desk):
    before = dump(desk.site)
    page = desk.send("/desk/statements/import", 200, file=file(RELEASE)).text
    looks_right(page)
    fields = fields_of(page)
    assert fields["headline"] == "Valley groups ask for the bridge"
    assert (fields["label"], fields["date"], fields["body"]) == ("Press release", "2027-02-28", "It must **open**.")
    assert "Deletions left out: 1" in page
    assert "Lakeside Relief • Harbour Aid" in page
    assert differing(before, dump(desk.site)) == []
    desk.send(NEW, **{**fields, "coalition": desk.made.coalition.id, "save": "yes"})


def test_a_word_file_comes_into_a_statement_that_is_there(desk):
    before, edit = dump(desk.site), f"{desk.hub}/edit"
    page = desk.send(f"{desk.hub}/import", 200, page=edit, file=file(RELEASE)).text
    looks_right(page)
    assert "Parts that the file does not have" in page
    fields = fields_of(page)
    assert fields["body"] == "It must **open**."
    assert fields["notes"] == EDITION.notes
    assert fields["quotes-0-text"] == EDITION.quotes[0].text
    assert differing(before, dump(desk.site)) == []
    desk.send(edit, page=edit, **{**fields, "save": "yes"})
    assert [one.number for one in desk.revisions()] == [1, 2]
    assert desk.revisions()[1].parsed.authoritative.body == "It must **open**."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (make.laughing(), "written in a way that Word does not write"),
        (make.crowded(), "unpacks to more than a text can be"),
        (make.bomb(2**26), "unpacks to more than a text can be"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old Word file"),
        (make.zipped({"content.xml": "<a/>"}), ".odt"),
        (b"\xff\xff", "not in UTF-8"),
    ],
)
def test_what_cannot_be_read_is_said_on_the_form(desk, data, sentence):
    edit = f"{desk.hub}/edit"
    for path, page in (("/desk/statements/import", NEW), (f"{desk.hub}/import", edit)):
        answer = bring(desk, path, 400, page, data)
        looks_right(answer.text)
        assert sentence in answer.text
    assert fields_of(bring(desk, f"{desk.hub}/import", 400, edit, data).text)["body"] == EDITION.body


def test_a_word_file_with_pictures_may_be_large_and_other_forms_may_not(desk):
    large = word_file(para("x"), parts={"word/media/image1.png": random.Random(1).randbytes(5 * 2**20)})
    answer = bring(desk, "/desk/statements/import", 200, NEW, large)
    assert "Taken from the file" in answer.text
    for path, size in ((NEW, 5), ("/desk/statements/import", 10)):
        answer = desk.client.post(path, data=b"x" * size * 2**20, content_type=MULTIPART)
        assert answer.status_code == 413


def paste(desk, **fields):
    token = hidden(desk.get(NEW), "csrf_token")
    return desk.client.post(PASTE, data={"csrf_token": token, **fields})


def test_what_is_pasted_comes_back_as_markdown(desk):
    answer = paste(desk, html=WORD)
    assert answer.json == {"markdown": WORD_MARKDOWN, "notes": []}
    assert answer.headers["Cache-Control"] == "no-store"
    answer = paste(desk, html=WORD + "<img src=x>", first_note="3")
    assert answer.json == {
        "markdown": WORD_MARKDOWN.replace("[^1]", "[^3]"),
        "notes": ["Pictures were left out: 1."],
    }
    assert paste(desk).json == {"markdown": "", "notes": []}


def test_what_is_too_much_to_be_pasted_is_refused_in_a_sentence(desk):
    answer = paste(desk, html="<div>" * 1000)
    assert answer.status_code == 400
    assert "too deep" in answer.json["problem"]
    assert paste(desk, html="x" * 1_600_000).status_code == 400
    assert desk.client.post(PASTE, data={"html": "x"}).status_code == 400  # no token
    assert desk.site.client().post(PASTE, data={"html": "x"}).status_code == 400
