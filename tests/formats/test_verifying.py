"""A text that was found somewhere, held against a publication: word for word, whatever copying does to it."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.builders import NOW
from tests.formats.publishing import PLAIN, SEVEN_LISTED, TWIN, publish, take_back
from tests.ground.effort import within
from workflow.actions import noting
from workflow.formats.markdown_file import markdown_file
from workflow.formats.plain import text_file
from workflow.formats.record_file import json_file
from workflow.formats.verifying import Verdict, compared, nearest
from workflow.formats.verifying_records import compared_record
from workflow.models.accounts import User
from workflow.models.circulation import Signatory
from workflow.models.coalition import Organisation
from workflow.models.drafting import Statement
from workflow.queries import publication, verifying
from workflow.rules.noting import NoteKind
from workflow.text.pasted import evened, probes

ADDRESS = "https://sign.example.org/statements/x"


def held(found, text):
    return compared(found, evened(text), ADDRESS, PLAIN)


@pytest.fixture
def found(session):
    return publication.by_slug(session, publish(session))


@pytest.fixture
def whole(found):
    return text_file(found, ADDRESS, PLAIN)


def wrapped(text):
    """As a mail that is answered: short lines, each behind a mark."""
    lines = []
    for line in text.split("\n"):
        words, short = line.split(" "), ""
        for word in words:
            if len(short) + len(word) > 60:
                lines.append(short.rstrip())
                short = ""
            short += word + " "
        lines.append(short.rstrip())
    return "\r\n".join(f"> {line}" for line in lines)


@pytest.mark.parametrize(
    "copying",
    [
        str,
        wrapped,
        lambda text: text.replace("‘", "'").replace("’", "'"),
        lambda text: text.replace("\n\n", "\n"),
        lambda text: text.replace(" ", "\u00a0").replace("crossing", "cross\u00ading"),
        lambda text: text.replace(" • ", "\n- ").replace("Signatories:", "Signatories:\n"),
    ],
)
def test_what_copying_does_is_evened_out(found, whole, copying):
    told = held(found, copying(whole))
    assert told.verdict is Verdict.CURRENT, told
    assert not (told.added or told.missing or told.left_out or told.names_absent)


def test_words_before_and_behind_are_told_apart_from_ours(found, whole):
    told = held(found, f"From: somebody\n\nSee this!\n\n{whole}\n\nRegards, Bob")
    assert (told.verdict, told.around) == (Verdict.AROUND, ("From: somebody\n\nSee this!", "Regards, Bob"))
    assert not (told.added or told.missing or told.left_out or told.names_absent)


@pytest.mark.parametrize(
    "forging",
    [
        lambda text: text.replace("Signatories:", "Refused to sign:"),
        lambda text: text.replace("Signatories:", "Also for war:\n\nSignatories:"),
        lambda text: text.replace("Signatories:", "Also signed by: Evil Empire\n\nSignatories:"),
        lambda text: text.replace("Signatories:\n\n", "Signatories:\n\nEvil Empire • Dark Side\n\n"),
        lambda text: text.replace(SEVEN_LISTED, f"{SEVEN_LISTED}\n\nAlso signed by: Evil Empire"),
        lambda text: text.replace(SEVEN_LISTED, "Evil Empire\nDark Side"),
        lambda text: text.replace(SEVEN_LISTED, "Evil Empire • Dark Side"),
        lambda text: text.replace(SEVEN_LISTED, "Everyone in the valley"),
        lambda text: text.partition(SEVEN_LISTED)[0] + "Evil Empire • Dark Side",
        lambda text: text.replace("28 February 2027", "29 February 2027"),
        lambda text: text.replace("ENDS", "ENDS of the world"),
    ],
)
def test_what_was_put_between_our_words_is_no_copy_of_them(found, whole, forging):
    assert held(found, forging(whole)).verdict is Verdict.ALTERED


def test_the_order_of_the_page_is_ours_too(found, whole):
    """The page, and the PDF, have the notes to editors and the contacts below the names."""
    notes = whole[whole.index("Notes to editors") : whole.index("Signatories:")]
    page = whole.replace(notes, "").replace(SEVEN_LISTED, f"{SEVEN_LISTED}\n\n{notes.strip()}")
    assert held(found, page).verdict is Verdict.CURRENT
    assert held(found, page.replace("Signatories:", "7 signatories")).verdict is Verdict.CURRENT


def test_where_a_link_leads_counts(session):
    linked = replace(TWIN, body=TWIN.body.replace("(#)", "(https://charter.example.org/9)", 1))
    found = publication.by_slug(session, publish(session, edition=linked))
    whole = text_file(found, ADDRESS, PLAIN)
    assert "(https://charter.example.org/9)" in whole
    assert held(found, whole).verdict is Verdict.CURRENT
    for copied in ("", " <https://charter.example.org/9>"):
        assert held(found, whole.replace(" (https://charter.example.org/9)", copied)).verdict is Verdict.CURRENT, copied
    told = held(found, whole.replace("charter.example.org/9", "evil.example.net/donate"))
    assert told.verdict is Verdict.ALTERED
    assert any("evil.example.net" in one.text for one in told.changes)


def test_our_markdown_is_ours_whatever_stands_in_it(session):
    body = (
        "They closed the road on page\n12\\. That was false.[^1]\n\nSee [the (old) map](https://a.example.org/x_(y))."
        "\n\n[^1]: A note."
    )
    found = publication.by_slug(session, publish(session, edition=replace(TWIN, body=body)))
    for form in (text_file, markdown_file):
        ours = form(found, ADDRESS, PLAIN)
        assert held(found, ours).verdict is Verdict.CURRENT, form
        assert held(found, ours.replace("false", "true")).verdict is Verdict.ALTERED, form


def test_an_endless_pile_of_marks_is_looked_at_in_no_time():
    within(10, lambda: evened("a" + "\u0301\u0323" * 200_000))


@pytest.mark.parametrize(
    ("before", "after", "gone", "came"),
    [
        ("must reopen", "must not reopen", "", "not"),
        ("nine hours", "ten hours", "nine", "ten"),
        ("only a breach", "a breach", "only", ""),
        ("ENDS", "We demand a bridge of gold.\n\nENDS", "", "We demand a bridge of gold."),
    ],
)
def test_any_changed_word_is_found(found, whole, before, after, gone, came):
    told = held(found, whole.replace(before, after))
    assert told.verdict is Verdict.ALTERED
    assert "".join(one.text for one in told.changes if one.op == "delete").strip() == gone
    assert "".join(one.text for one in told.changes if one.op == "insert").strip() == came


def test_names_are_compared(found, whole):
    told = held(found, whole.replace("Lakeside Relief", "Evil Empire"))
    assert (told.verdict, told.missing, told.added) == (Verdict.ALTERED, ("Lakeside Relief",), ("Evil Empire",))
    told = held(found, whole.replace("Harbour for Peace • ", ""))
    assert (told.verdict, told.missing, told.added) == (Verdict.ALTERED, ("Harbour for Peace",), ())
    told = held(found, whole.replace("The Orchard Trust", "The Orchard Trust • Evil Empire"))
    assert (told.verdict, told.missing, told.added) == (Verdict.ALTERED, (), ("Evil Empire",))
    turned = " • ".join(reversed(SEVEN_LISTED.split(" • ")))
    assert held(found, whole.replace(SEVEN_LISTED, turned)).verdict is Verdict.CURRENT
    told = held(found, whole.partition("Signatories:")[0])
    assert told.verdict is Verdict.CURRENT and told.names_absent


def test_a_name_that_was_taken_back_is_told_as_any_other_that_is_not_listed(session, found, whole):
    take_back(session, "Lakeside Relief")
    now = publication.by_slug(session, found.slug)
    told = held(now, whole)
    other = held(now, whole.replace("• Lakeside Relief", "• Evil Empire"))
    assert told.verdict is other.verdict is Verdict.NAMES
    two = held(now, whole.replace("• Lakeside Relief", "• Evil Empire").replace("Meadow4Valley", "Worse Empire"))
    assert two.verdict is Verdict.ALTERED, "no older copy lists two others: one name alone is not public any more"
    assert held(now, whole.replace("Lakeside Relief • ", "")).verdict is Verdict.CURRENT
    assert held(now, whole.replace("must", "may")).verdict is Verdict.ALTERED, "a word is no name"
    assert told.added == ("Lakeside Relief",) and other.added == ("Evil Empire",) and not told.former


def test_parts_left_out_and_excerpts_are_said(found, whole):
    told = held(found, whole.replace("Press Release\n\n28 February 2027\n\n", "").replace("ENDS\n\n", ""))
    assert told.verdict is Verdict.CURRENT and told.left_out == ("label", "date", "ends")
    told = held(found, "Reports suggest that it is helping, rather than impeding, the floods.")
    assert told.verdict is Verdict.PART
    assert held(found, "Nothing of this has been said by anybody at all, ever.").verdict is Verdict.NONE


def test_a_copy_from_before_a_note_is_authentic_and_corrected_since(session, found, whole):
    user, statement = session.scalar(select(User.id)), session.scalar(select(Statement.public_id))
    noting.note(session, NOW, user, statement, NoteKind.CORRECTION, "It is 38 days.")
    now = publication.by_slug(session, found.slug)
    assert held(now, whole).verdict is Verdict.SINCE
    assert held(now, text_file(now, ADDRESS, PLAIN)).verdict is Verdict.SINCE


def test_our_own_json_file_is_authentic_after_a_name_was_mended(session, found):
    before = json.loads(json_file(found))
    user, statement = session.scalar(select(User.id)), session.scalar(select(Statement.public_id))
    named = Organisation.listed_name == "Lakeside Relief"
    mended = session.scalar(select(Signatory.id).join(Signatory.organisation).where(named))
    noting.fix_name(session, NOW, user, statement, mended, "Lakeside Rescue", "")
    now = publication.by_slug(session, found.slug)
    told = compared_record(now, json.loads(json_file(now)))
    assert (told.verdict, told.missing, told.unlisted) == (Verdict.SINCE, (), 0)
    other = json.loads(json_file(now).replace(b"Lakeside Rescue", b"Evil Empire"))
    assert compared_record(now, other).verdict is Verdict.ALTERED
    told = compared_record(now, before)
    assert (told.verdict, told.former, told.missing) == (Verdict.SINCE, ("Lakeside Relief",), ())
    one = next(one for one in before["disclosures"] if one["value"]["listed_name"] == "Lakeside Relief")
    one["value"] = {"listed_name": "Lakeside Regret"}
    assert compared_record(now, before).verdict is Verdict.ALTERED, "what was signed is not bound to that name"


def test_a_copy_from_before_a_name_was_mended_has_the_words_and_another_name(session, found, whole):
    user, statement = session.scalar(select(User.id)), session.scalar(select(Statement.public_id))
    named = Organisation.listed_name == "Lakeside Relief"
    mended = session.scalar(select(Signatory.id).join(Signatory.organisation).where(named))
    assert held(found, whole.replace("Lakeside Relief", "Evil Empire")).verdict is Verdict.ALTERED
    noting.fix_name(session, NOW, user, statement, mended, "Rescue of the Lake", "")
    now = publication.by_slug(session, found.slug)
    told = held(now, whole)
    assert (told.verdict, told.added, told.missing) == (Verdict.NAMES, ("Lakeside Relief",), ("Rescue of the Lake",))
    assert held(now, whole.replace("Meadow4Valley", "Evil Empire")).verdict is Verdict.ALTERED
    assert held(now, text_file(now, ADDRESS, PLAIN)).verdict is Verdict.SINCE


def test_the_nearest_of_what_is_published_is_found_and_no_draft(session, found, whole):
    text = evened(whole.replace("nine hours", "ten hours"))
    candidates = verifying.candidates(session, probes(text))
    assert [one.slug for one in candidates] == [found.slug]
    told = nearest(candidates, text, lambda *_: ADDRESS, lambda _: PLAIN)
    assert told.verdict is Verdict.ALTERED and told.found.slug == found.slug
    assert verifying.candidates(session, probes(evened("A draft that nobody has published speaks of kerfuffle."))) == []
