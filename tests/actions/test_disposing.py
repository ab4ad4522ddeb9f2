"""What the lead makes of remarks, on a real database: replies, dispositions, a suggestion's wording taken up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.actions.acting import count, events, letters, new_text, reread, rows, sign
from tests.actions.test_remarks import FORTY, remark, suggest
from tests.builders import EDITION, NOW, World, circulate, world
from workflow.actions import circulation, disposing, drafting, in_force, inviting
from workflow.models.commenting import Comment
from workflow.models.drafting import Revision
from workflow.models.history import Disclosure, Event
from workflow.rules.circulation import Kind, Purpose, Role, Rule
from workflow.rules.refusals import FormRefused, NotFound, SuggestionConflict, TextMoved, WrongStage
from workflow.text.markdown import body_html
from workflow.text.passages import chosen

LATER = NOW + timedelta(hours=1)


def dispose(made: World, one: Comment, disposition: str = "accepted", reason: str = "", **changes) -> None:
    disposing.dispose(
        made.session, LATER, made.user.id, made.statement.public_id, one.id, disposition, reason, **changes
    )
    made.session.expunge_all()


def accept(made: World, one: Comment, based_on: int = 1) -> Revision:
    taken = disposing.accept(made.session, LATER, made.user.id, made.statement.public_id, one.id, based_on)
    made.session.expunge_all()
    return taken


def row(made: World, one: Comment) -> Comment:
    (found,) = (kept for kept in rows(made.session, Comment) if kept.id == one.id)
    return found


@pytest.mark.parametrize(("disposition", "reason"), [("accepted", ""), ("partly", "Half."), ("declined", "No room.")])
def test_a_disposition_is_kept_with_its_reason_and_told_to_whoever_remarked(session, disposition, reason):
    made = circulate(world(session))
    one = remark(made, 1)
    dispose(made, one, disposition, reason)
    kept = row(made, one)
    assert (kept.disposition, kept.reason, kept.disposed_at) == (disposition, reason, LATER)
    assert kept.disposed_by_id == made.user.id
    (told,) = letters(session, "disposed")
    assert (told.contact_id, told.invitation_id, told.subject_id) == (
        *(made.contacts[1].id, made.invitations[1].id, one.id),
    )
    assert events(session)[-1] == "remark answered"


def test_the_chain_holds_no_words_of_a_remark(session):
    made = circulate(world(session))
    one = suggest(made, text="Because it is so.")
    dispose(made, one, "declined", "We counted them.")
    bodies = " ".join(event.body for event in rows(session, Event))
    for words in ("Because", "counted", "fifty", "Lakeside", "Ada"):
        assert words not in bodies
    assert {"reason": "We counted them."} in [one.value for one in rows(session, Disclosure)]


def test_the_newest_word_holds_and_the_same_word_again_is_none(session):
    made = circulate(world(session))
    one = remark(made)
    dispose(made, one, "declined", "No room.")
    dispose(made, one, "declined", "No room.")
    assert events(session).count("remark answered") == 1
    dispose(made, one, "accepted")
    assert (row(made, one).disposition, row(made, one).reason) == ("accepted", "")
    assert events(session).count("remark answered") == 2
    assert len(letters(session, "disposed")) == 1, "the first still waits: it says only that there is an answer"


@pytest.mark.parametrize("reason", ["", "No room."])
def test_declining_needs_a_reason(session, reason):
    made = circulate(world(session))
    one = remark(made)
    if reason:
        dispose(made, one, "declined", reason)
        return
    with pytest.raises(FormRefused) as refused:
        dispose(made, one, "declined", reason)
    assert set(refused.value.problems) == {"reason"}
    assert row(made, one).disposition is None


def test_objections_are_answered_too(session):
    made = circulate(world(session))
    sign(made, 0, Kind.OBJECTION)
    (objection,) = rows(session, Comment)
    dispose(made, objection, "partly", "The second sentence goes.")
    assert row(made, objection).disposition == "partly"
    assert letters(session, "disposed")[0].contact_id == made.contacts[0].id


def test_what_took_it_up_can_be_named(session):
    made = circulate(world(session))
    one = remark(made)
    drafting.revise(session, NOW, made.user.id, made.statement.public_id, replace(EDITION, body="Shorter."), 1)
    session.expunge_all()
    dispose(made, one, "partly", "The first half.", into=2)
    assert {text.number: text.id for text in rows(session, Revision)}[2] == row(made, one).taken_into_id
    with pytest.raises(NotFound):
        dispose(made, one, "accepted", into=3)


def test_another_lead_finds_nothing(session):
    made, other = circulate(world(session)), circulate(world(session, lead="Hill Coalition"))
    one = remark(made)
    for public_id in (made.statement.public_id, other.statement.public_id):
        with pytest.raises(NotFound):
            disposing.dispose(session, NOW, other.user.id, public_id, one.id, "accepted", "")
        with pytest.raises(NotFound):
            disposing.accept(session, NOW, other.user.id, public_id, one.id, 1)
        with pytest.raises(NotFound):
            disposing.reply_as_lead(session, NOW, other.user.id, public_id, one.id, "Thank you.")
    assert row(made, one).disposition is None
    assert count(session, Comment) == 1


def test_the_lead_replies_and_whoever_remarked_is_told(session):
    made = circulate(world(session))
    one = remark(made, 2)
    disposing.reply_as_lead(session, NOW, made.user.id, made.statement.public_id, one.id, "Thank you.")
    session.expunge_all()
    (said,) = (kept for kept in rows(session, Comment) if kept.thread_id == one.id)
    assert (said.user_id, said.signatory_id) == (made.user.id, None)
    assert (said.person_name, said.text) == ("Lea Lead", "Thank you.")
    (told,) = letters(session, "replied")
    assert (told.contact_id, told.user_id, told.invitation_id) == (made.contacts[2].id, None, made.invitations[2].id)


def test_nobody_is_written_to_whose_link_opens_nothing(session):
    made = circulate(world(session))
    one = remark(made)
    inviting.revoke(session, NOW, made.user.id, made.statement.public_id, made.invitations[0].id)
    dispose(made, one)
    assert row(made, one).disposition == "accepted"
    assert letters(session, "disposed") == []


def test_after_the_comments_the_letter_brings_the_link_of_the_sign_off(session):
    made = circulate(world(session), rule=Rule(purpose=Purpose.COMMENT))
    one = remark(made)
    circulation.conclude(session, NOW, made.user.id, made.statement.public_id)
    session.expunge_all()
    dispose(made, one, "declined", "No room.")
    assert letters(session, "disposed") == [], "nobody has a link that opens"
    circulate(made)
    assert made.invitations[0].id != one.invitation_id
    dispose(made, one, "accepted")
    assert [told.invitation_id for told in letters(session, "disposed")] == [made.invitations[0].id]


# Taking a suggestion up ----------------------------------------------------------------------------


def test_one_click_makes_a_revision_with_exactly_that_wording(session):
    made = circulate(world(session))
    one = suggest(made)
    taken = accept(made, one)
    assert taken.number == 2
    told = taken.parsed.authoritative
    assert told == replace(EDITION, body=EDITION.body.replace("**forty**", "**fifty**"))
    kept = row(made, one)
    assert (kept.disposition, kept.taken_into_id, kept.disposed_at) == ("accepted", taken.id, LATER)
    assert len(letters(session, "disposed")) == 1
    assert events(session)[-2:] == ["revised", "remark answered"]
    reread(made)
    assert made.revision.number == 1, "nothing comes into force by itself"


def test_the_same_click_twice_is_one_revision(session):
    made = circulate(world(session))
    one = suggest(made)
    assert accept(made, one).id == accept(made, one).id
    assert count(session, Revision) == 2


def test_a_revision_that_is_only_said_to_have_the_wording_is_not_taken_for_one(session):
    made = circulate(world(session))
    one = suggest(made)
    drafting.revise(session, NOW, made.user.id, made.statement.public_id, replace(EDITION, place="Hillside"), 1)
    session.expunge_all()
    dispose(made, one, "accepted", into=2)
    taken = accept(made, one, 2)
    assert taken.number == 3
    assert "**fifty**" in taken.parsed.authoritative.body


def test_suggestions_are_taken_up_one_after_the_other_where_they_now_stand(session):
    made = circulate(world(session))
    first = suggest(made, passage=chosen(EDITION, "b1", "The valley road"), proposed="The only road through the valley")
    second = suggest(made, 1)
    third = suggest(made, 2, passage=chosen(EDITION, "headline", "Seven"), proposed="Eight")
    for based_on, one in enumerate((first, second, third), 1):
        taken = accept(made, one, based_on)
    body = taken.parsed.authoritative.body
    assert body.startswith("The only road through the valley has been closed for **fifty** days.")
    assert taken.parsed.authoritative.headline.startswith("Eight organisations")
    assert taken.number == 4


def test_a_suggestion_made_on_an_earlier_revision_goes_where_its_words_stand_now(session):
    made = circulate(world(session))
    one = suggest(made)
    new_text(made, replace(EDITION, body="A new beginning.\n\n" + EDITION.body), based_on=1)
    assert "**fifty** days" in accept(made, one, 2).parsed.authoritative.body


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (EDITION.body.replace("closed for **forty** days", "closed since January"), "gone"),
        (EDITION.body.replace("**forty**", "for~~ty"), "gone"),
    ],
)
def test_words_that_are_gone_are_a_conflict_and_nothing_is_guessed(session, body, why):
    made = circulate(world(session))
    one = suggest(made)
    new_text(made, replace(EDITION, body=body), based_on=1)
    with pytest.raises(SuggestionConflict) as refused:
        accept(made, one, 2)
    assert refused.value.params == {"why": why}
    assert (row(made, one).disposition, count(session, Revision)) == (None, 2)
    assert events(session)[-1] != "revised"


def test_two_suggestions_for_the_same_words_are_not_both_taken_up(session):
    made = circulate(world(session))
    one, other = suggest(made), suggest(made, 1, passage=chosen(EDITION, "b1", "forty days"), proposed="six weeks")
    with pytest.raises(SuggestionConflict) as refused:
        accept(made, other)
    assert refused.value.params == {"why": "marks"}, "bold ends among its words"
    accept(made, one)
    with pytest.raises(SuggestionConflict) as refused:
        accept(made, other, 2)
    assert refused.value.params == {"why": "gone"}


def test_a_text_that_moved_under_the_page_is_looked_at_first(session):
    made = circulate(world(session))
    one = suggest(made)
    drafting.revise(session, NOW, made.user.id, made.statement.public_id, replace(EDITION, ends="END"), 1)
    session.expunge_all()
    with pytest.raises(TextMoved) as refused:
        accept(made, one, 1)
    assert refused.value.params == {"shown": "1", "current": "2"}
    assert accept(made, one, 2).number == 3


def test_only_suggestions_are_taken_up_and_only_while_the_text_can_change(session):
    made = circulate(world(session, members=2), roles=[Role.REQUIRED, Role.OPTIONAL])
    comment, one = remark(made, passage=FORTY.to_json()), suggest(made, 1)
    with pytest.raises(NotFound):
        accept(made, comment)
    with pytest.raises(NotFound):
        accept(made, Comment(id=10**6))
    sign(made, 0)
    with pytest.raises(WrongStage):
        accept(made, one)
    assert count(session, Revision) == 1
    dispose(made, one, "declined", "It came too late.")


def test_what_was_declined_can_still_be_taken_up(session):
    made = circulate(world(session))
    one = suggest(made)
    dispose(made, one, "declined", "No.")
    assert accept(made, one).number == 2
    assert (row(made, one).disposition, row(made, one).reason) == ("accepted", "")


def test_the_wording_of_a_suggestion_is_text_and_never_markup(session):
    made = circulate(world(session))
    one = suggest(made, proposed="<b>5</b> [x](https://elsewhere.example.org) **loud** [[quote 1]]")
    told = accept(made, one).parsed.authoritative
    html = str(body_html(told))
    assert "elsewhere.example.org)" in html
    assert html.count("<a ") == 1, "the link that was there"
    assert "<b>" not in html


def test_a_disposed_remark_goes_into_force_with_the_text_and_stays(session):
    made = circulate(world(session))
    one = suggest(made)
    accept(made, one)
    in_force.put_in_force(session, LATER, made.user.id, made.statement.public_id, 2)
    assert row(made, one).disposition == "accepted"
