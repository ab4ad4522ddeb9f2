"""Is this PDF ours? Of every state, saved again, in both directions of writing; and one that was tampered with."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject
from sqlalchemy import select

from tests.builders import NOW
from tests.formats.publishing import SEVEN, TWIN, publish, take_back
from tests.web.test_verifying import ALTERED, AUTHENTIC, NAMES, NOT_OURS, SINCE, bring, verdict
from workflow.actions import noting
from workflow.formats import public_pdf as paper
from workflow.formats.speaking import saying
from workflow.models.accounts import User
from workflow.models.drafting import Statement
from workflow.queries.publication import by_slug
from workflow.rules.noting import NoteKind
from workflow.text.content import Edition

ARABIC = Edition(
    language="ar",
    kind="joint-statement",
    label="بيان مشترك",
    date="2027-02-28",
    headline="سبع جمعيات تطالب بإعادة فتح المعبر الأخير",
    lead_paragraph="تدين جمعيات في أنحاء الوادي إغلاق المعبر الأخير في 26 شباط.",
    body="الإغلاق **مخالف** للمادة التاسعة من [ميثاق الوادي](https://valley.example.org/charter).[^1]\n\n"
    "1. فتح مسار *واحد*؛\n2. نشر موعد إعادة الفتح.\n\n[^1]: تقرير Harbour Aid، صفحة 9.",
    ends="انتهى",
    notes="عبر المعبر 4,100 شخص في شتاء واحد.",
)
LONG = replace(TWIN, body="\n\n".join(f"{TWIN.body}\n\nSentence {at} of a long text." for at in range(12)))
TEXTS = {
    "english": (TWIN, SEVEN),
    "arabic": (ARABIC, ("جمعية البحيرة", "منتدى التل", "Harbour Aid")),
    "over pages": (LONG, SEVEN),
}


@pytest.fixture(params=TEXTS)
def text(request):
    return TEXTS[request.param]


def note(site, kind, words, later):
    with site.session() as session:
        user, statement = session.scalar(select(User.id)), session.scalars(select(Statement.public_id)).first()
        noting.note(session, NOW + timedelta(days=later), user, statement, kind, words)


def drawn(site, here):
    site.set_clock(NOW + timedelta(days=9))
    assert site.draw()
    return site.client().get(f"{here}.pdf").data


def saved_again(pdf):
    """The same pages in other bytes."""
    writer, made = PdfWriter(clone_from=io.BytesIO(pdf)), io.BytesIO()
    writer.write(made)
    assert made.getvalue() != pdf
    return made.getvalue()


def test_a_pdf_of_ours_is_authentic_in_every_state(site, text):
    edition, names = text
    with site.session() as session:
        here = f"/statements/{publish(session, names, edition)}"
    client, states = site.client(), []
    for at, (kind, words) in enumerate(
        [(NoteKind.CORRECTION, "It is 38 days."), (NoteKind.RETRACTION, "It was opened."), (None, "")]
    ):
        states.append(drawn(site, here))
        for pdf in states:
            for given in (pdf, saved_again(pdf)):
                assert verdict(bring(client, "x.pdf", given)) == (SINCE if at else AUTHENTIC), at
        if kind:
            note(site, kind, words, at + 1)
    answer = bring(client, "x.pdf", states[0])
    assert "It is 38 days." in answer.text and "It was opened." in answer.text
    assert "to the byte" in bring(client, "x.pdf", states[-1]).text
    assert "to the byte" not in answer.text and "drawn over" in answer.text


@pytest.mark.parametrize("of", ["english", "over pages"])
def test_the_pages_alone_are_ours_without_the_record_that_they_carried(site, of):
    """As a program leaves them that prints into a PDF: then it is the words that say which publication it is.

    Arabic is read back in an order in which it is not found.
    """
    edition, names = TEXTS[of]
    with site.session() as session:
        here = f"/statements/{publish(session, names, edition)}"
    writer, made = PdfWriter(), io.BytesIO()
    for page in PdfReader(io.BytesIO(drawn(site, here))).pages:
        writer.add_page(page)
    writer.write(made)
    assert not PdfReader(io.BytesIO(made.getvalue())).attachments
    assert verdict(bring(site.client(), "x.pdf", made.getvalue())) == AUTHENTIC


def forged(site, here, monkeypatch, change):
    """A PDF that looks like ours, with the true record inside and other words on its pages."""
    with site.session() as session:
        found = by_slug(session, here.rpartition("/")[2])
    true = found.record.encode()
    monkeypatch.setattr(paper, "record_file", lambda _: true)
    made = paper.public_pdf(change(found), f"http://localhost{here}", saying(found.edition.language))
    assert PdfReader(io.BytesIO(made)).attachments["record.json"] == [true]
    return made


def with_word(old, new):
    return lambda found: replace(found, record=found.record.replace(old, new))


def with_name(old, new):
    def change(found):
        assert old in found.names
        return replace(
            found,
            disclosures=tuple(
                replace(one, value={**one.value, "listed_name": new}) if one.value["listed_name"] == old else one
                for one in found.disclosures
            ),
        )

    return change


@pytest.mark.parametrize("since", [False, True])
@pytest.mark.parametrize(
    ("of", "change", "was", "becomes"),
    [
        ("english", with_word("nine hours", "ten hours"), "nine", "ten"),
        ("english", with_name("Meadow4Valley", "Evil Empire"), "Meadow4Valley", "Evil"),
        ("over pages", with_word("Sentence 7 of", "Phrase 7 of"), "Sentence", "Phrase"),
        ("arabic", with_word("التاسعة", "العاشرة"), "", ""),
    ],
)
def test_a_changed_word_is_shown_whatever_the_pdf_carries(site, monkeypatch, of, change, was, becomes, since):
    edition, names = TEXTS[of]
    with site.session() as session:
        here = f"/statements/{publish(session, names, edition)}"
    false = forged(site, here, monkeypatch, change)
    monkeypatch.undo()
    site.set_clock(NOW + timedelta(days=9))
    if since:
        note(site, NoteKind.CORRECTION, "It is 38 days.", 1)
    answer = bring(site.client(), "x.pdf", false)
    assert verdict(answer).startswith(ALTERED)
    assert was in answer.text and becomes in answer.text


def test_a_pdf_that_shows_a_name_that_was_taken_back_is_told_as_with_an_invented_one(site, monkeypatch):
    with site.session() as session:
        here = f"/statements/{publish(session)}"
    former = drawn(site, here)
    with site.session() as session:
        take_back(session, "Lakeside Relief")
    assert verdict(bring(site.client(), "x.pdf", former)) == NAMES
    with_another = with_name("Meadow4Valley", "Meadow4Valley • Evil Empire")
    assert verdict(bring(site.client(), "x.pdf", forged(site, here, monkeypatch, with_another))) == NAMES


def test_pages_that_are_covered_by_others_are_not_ours(site, monkeypatch):
    with site.session() as session:
        here = f"/statements/{publish(session)}"
    nonsense = "\n\n".join(f"Quite another sentence, {at}, about cheese and moons." for at in range(30))
    false = forged(site, here, monkeypatch, lambda found: replace(found, record=_about(found, nonsense)))
    answer = bring(site.client(), "x.pdf", false)
    assert verdict(answer).startswith((NOT_OURS, ALTERED))


HALF_A_CHARACTER = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
1 begincodespacerange <00> <FF> endcodespacerange
1 beginbfchar
<7E> <D800>
endbfchar
endcmap end end"""


def test_a_pdf_whose_letters_are_no_characters_is_answered(site):
    """A font can say that a letter is half of a character, which no page can show."""
    with site.session() as session:
        here = f"/statements/{publish(session)}"
    client = site.client()
    page = PdfWriter()
    page.add_blank_page(600, 800)
    page.add_attachment("record.json", client.get(f"{here}/record").data)
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1")})
    font[NameObject("/BaseFont")] = NameObject("/Helvetica")
    for name, said in (("/ToUnicode", HALF_A_CHARACTER), ("/Contents", _shown(f"{TWIN.lead_paragraph} ~ {TWIN.body}"))):
        stream = StreamObject()
        stream.set_data(said)
        (font if name == "/ToUnicode" else page.pages[0])[NameObject(name)] = page._add_object(stream)
    fonts = DictionaryObject({NameObject("/F"): font})
    page.pages[0][NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    made = io.BytesIO()
    page.write(made)
    answer = bring(client, "x.pdf", made.getvalue())
    assert verdict(answer).startswith(ALTERED)
    assert "\ufffd" in answer.text


def _shown(words):
    lines = (line.encode("latin-1", "replace") for line in words.replace("(", "").replace(")", "").split("\n"))
    return b"BT /F 9 Tf 20 780 Td 12 TL " + b" ".join(b"(%s) ' " % one for one in lines) + b"ET"


def _about(found, words):
    values = json.loads(found.record)
    edition = values["statement"]["content"]["editions"][0]
    edition.update(headline="Moon is cheese", body=words)
    edition.pop("lead_paragraph", None)
    return json.dumps(values)
