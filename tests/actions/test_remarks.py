"""Remarks on passages, suggestions and replies, on a real database."""

import json
from datetime import timedelta

import pytest

from tests.actions.acting import count, letters, rows, sign
from tests.builders import EDITION, NOW, World, circulate, world
from workflow.actions import commenting, posting
from workflow.models.commenting import Comment
from workflow.models.posting import Job, Letter
from workflow.rules.circulation import Kind, Purpose, Role, Rule, Visibility
from workflow.rules.refusals import FormRefused, LinkClosed, NotFound
from workflow.text.passages import Passage, chosen

FORTY = chosen(EDITION, "b1", "forty")


def remark(made: World, index: int = 0, *, now=NOW, **changes) -> Comment:
    values = {"digest": made.revision.digest, "person_name": "Ada Example", "text": "Is that so?"}
    kept = commenting.comment(made.session, now, made.invitations[index].id, 1, **{**values, **changes})
    made.session.expunge_all()  # it keeps its values, whatever the session does next
    return kept


def suggest(made: World, index: int = 0, *, passage: Passage = FORTY, proposed: str = "fifty", **changes) -> Comment:
    values = {"kind": "suggestion", "passage": passage.to_json(), "proposed": proposed, "text": ""}
    return remark(made, index, **{**values, **changes})


def reply(made: World, index: int, thread: Comment, text: str = "We agree.", *, now=NOW) -> Comment:
    return commenting.reply(
        made.session, now, made.invitations[index].id, 1, thread_id=thread.id, person_name="Bo Example", text=text
    )


def test_a_suggestion_is_kept_with_its_passage_and_wording(session):
    made = circulate(world(session))
    kept = suggest(made)
    (row,) = rows(session, Comment)
    assert (row.kind, row.proposed, row.text, row.id) == ("suggestion", "fifty", "", kept.id)
    assert Passage.from_json(row.passage) == FORTY
    assert [one.subject_id for one in letters(session, "commented")] == [kept.id]


@pytest.mark.parametrize("purpose", Purpose)
def test_remarks_are_made_in_both_purposes_by_observers_too(session, purpose):
    made = circulate(world(session, members=2), roles=[Role.REQUIRED, Role.OBSERVER], rule=Rule(purpose=purpose))
    suggest(made, 1)
    remark(made, 1, passage=FORTY.to_json())
    assert count(session, Comment) == 2


def test_a_suggestion_needs_its_passage(session):
    made = circulate(world(session))
    with pytest.raises(FormRefused) as refused:
        remark(made, kind="suggestion", proposed="fifty")
    assert set(refused.value.problems) == {"passage"}
    assert count(session, Comment) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {**FORTY.to_json(), "exact": "sixty"},
        {**FORTY.to_json(), "block": "b77"},
        {**FORTY.to_json(), "start": 10**9},
        {**FORTY.to_json(), "start": -1},
        {**FORTY.to_json(), "start": "38"},
        {**FORTY.to_json(), "prefix": "x" * 100_000},
        {**FORTY.to_json(), "part": "nowhere"},
        {**FORTY.to_json(), "more": "words"},
        {**FORTY.to_json(), "exact": "forty\x00"},
        {"exact": ["forty"]},
    ],
)
def test_a_passage_that_is_not_in_the_text_is_refused(session, wrong):
    made = circulate(world(session))
    with pytest.raises(FormRefused) as refused:
        remark(made, passage=wrong)
    assert set(refused.value.problems) == {"passage"}
    assert count(session, Comment) == 0


@pytest.mark.parametrize("wrong", ["{", "[" * 100_000, "null", '"b1"', json.dumps({**FORTY.to_json(), "start": 3})])
def test_an_objection_to_a_place_that_is_not_in_the_text_is_refused(session, wrong):
    made = circulate(world(session))
    with pytest.raises(FormRefused) as refused:
        sign(made, 0, Kind.OBJECTION, passage=wrong)
    assert set(refused.value.problems) == {"passage"}
    sign(made, 0, Kind.OBJECTION, passage=json.dumps(FORTY.to_json()))
    (row,) = rows(session, Comment)
    assert Passage.from_json(row.passage) == FORTY


def test_the_same_button_twice_is_one_remark_and_other_words_are_another(session):
    made = circulate(world(session))
    assert suggest(made).id == suggest(made).id
    assert suggest(made, proposed="sixty").id != suggest(made, proposed="fifty").id
    first = remark(made)
    assert reply(made, 0, first).id == reply(made, 0, first).id
    assert count(session, Comment) == 5


def test_replies_stand_in_the_thread_and_are_told_to_the_lead(session):
    made = circulate(world(session))
    thread = remark(made)
    answered = reply(made, 1, thread)
    (row,) = (one for one in rows(session, Comment) if one.id == answered.id)
    assert (row.kind, row.thread_id, row.signatory_id) == ("reply", thread.id, made.signatories[1].id)
    (told,) = letters(session, "replied")
    assert (told.user_id, told.contact_id, told.subject_id) == (made.user.id, None, answered.id)


def test_an_objection_can_be_replied_to(session):
    made = circulate(world(session))
    sign(made, 0, Kind.OBJECTION)
    (objection,) = rows(session, Comment)
    reply(made, 1, objection)
    assert count(session, Comment) == 2


def test_nobody_replies_to_a_reply_or_to_what_is_not_there(session):
    made, other = circulate(world(session)), circulate(world(session, lead="Hill Coalition"))
    thread = remark(made)
    with pytest.raises(NotFound):
        reply(made, 1, reply(made, 1, thread))
    with pytest.raises(NotFound):
        reply(other, 0, thread)
    assert count(session, Comment) == 2


@pytest.mark.parametrize("visibility", Visibility)
def test_a_member_replies_to_what_it_may_see(session, visibility):
    made = circulate(world(session), visibility=visibility)
    thread = remark(made)
    reply(made, 0, thread)
    if visibility == Visibility.NOTHING:
        with pytest.raises(NotFound):
            reply(made, 1, thread)
    else:
        reply(made, 1, thread)


def test_replies_end_with_the_circulation(session):
    made = circulate(world(session, members=2))
    thread = remark(made)
    sign(made, 0)
    sign(made, 1)
    with pytest.raises(LinkClosed):
        reply(made, 1, thread)


def test_replies_count_towards_what_one_link_may_bring(session, monkeypatch):
    monkeypatch.setattr(commenting, "COMMENTS_PER_INVITATION", 2)
    made = circulate(world(session))
    thread = remark(made)
    reply(made, 0, thread)
    with pytest.raises(FormRefused):
        reply(made, 0, thread, "Once more.")


# One letter for several remarks ------------------------------------------------------------------


def test_while_a_letter_waits_no_other_is_put(session):
    made = circulate(world(session))
    for number in range(5):
        remark(made, number % 3, text=f"Remark {number}")
    reply(made, 1, remark(made, text="The last."))
    assert (len(letters(session, "commented")), len(letters(session, "replied"))) == (1, 1)


def sent(session, kind, at):
    """All letters of a kind have gone out at that instant."""

    for letter in letters(session, kind):
        (job,) = (one for one in posting.claim(session, at, "w", 1000, ["send-letter"]) if one.subject_id == letter.id)
        posting.mark_sent(session, at, job.job_id, letter.id)


def due(session, letter: Letter):

    (found,) = (one for one in rows(session, Job) if one.kind == "send-letter" and one.subject_id == letter.id)
    return found.run_at


def test_after_one_was_sent_the_next_gathers_for_ten_minutes(session):
    made = circulate(world(session))
    remark(made)
    sent(session, "commented", NOW)
    later = NOW + timedelta(minutes=2)
    remark(made, text="Another.", now=later)
    remark(made, text="And another.", now=later)
    first, second = letters(session, "commented")
    assert (first.sent_at, second.created_at) == (NOW, later)
    assert due(session, second) == NOW + timedelta(minutes=10)


def test_after_ten_minutes_the_next_goes_at_once(session):
    made = circulate(world(session))
    remark(made)
    sent(session, "commented", NOW)
    later = NOW + timedelta(minutes=11)
    remark(made, text="Another.", now=later)
    assert due(session, letters(session, "commented")[1]) == later


def test_a_letter_that_is_in_hand_says_nothing_of_what_comes_now(session):

    made = circulate(world(session))
    remark(made)
    posting.claim(session, NOW, "w", 1000, ["send-letter"])
    remark(made, text="Another.")
    assert len(letters(session, "commented")) == 2


def test_letters_about_another_statement_are_another_matter(session):
    made, other = circulate(world(session)), circulate(world(session, lead="Hill Coalition"))
    remark(made)
    remark(other)
    assert {one.statement_id for one in letters(session, "commented")} == {made.statement.id, other.statement.id}
