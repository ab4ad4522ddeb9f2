"""Remarks as a reader sees them: threads with their place, what became of them, and never a name too many."""

import json
from dataclasses import replace

import pytest

from tests.actions.acting import new_text, reread, rows, sign, verdict
from tests.actions.test_disposing import accept, dispose
from tests.actions.test_remarks import FORTY, remark, reply, suggest
from tests.builders import EDITION, NAMES, NOW, World, circulate, world
from tests.queries.test_desk import statements_of
from workflow.actions import circulation, disposing
from workflow.models.commenting import Comment
from workflow.queries.commenting import became, by_place, positions, remarks_count, threads, undisposed
from workflow.queries.threads import Thread
from workflow.rules.circulation import Kind, Purpose, Rule, Visibility
from workflow.rules.commenting import Objection
from workflow.text.passages import chosen
from workflow.text.sentences import say

PERSON, OTHER = "Perpetua Seldom", "Rosalind Never"


def lively(session, visibility: Visibility = Visibility.EVERYTHING) -> World:
    """Three organisations; the first has a suggestion, the second a comment and an objection, all with replies."""
    made = circulate(world(session), visibility=visibility)
    one = suggest(made, 0, person_name=PERSON, text="We counted them.")
    two = remark(made, 1, person_name=OTHER, text="Who says so?", passage=chosen(EDITION, "b3", "").to_json())
    sign(made, 1, Kind.OBJECTION, person_name=OTHER, text="Not with this.")
    disposing.reply_as_lead(session, NOW, made.user.id, made.statement.public_id, one.id, "Thank you.")
    session.expunge_all()
    if visibility != Visibility.NOTHING:
        reply(made, 1, one, "So did we.")
    reply(made, 1, two, "Nobody did.")
    dispose(made, two, "declined", "The council does.")
    return made


def seen(made: World, index: int, visibility: Visibility = Visibility.EVERYTHING) -> list[Thread]:
    found = threads(made.session, made.statement.id, for_signatory=made.signatories[index], visibility=visibility)
    made.session.rollback()
    return found


def all_of(made: World) -> list[Thread]:
    found = threads(made.session, made.statement.id, for_signatory=None)
    made.session.rollback()
    return found


def test_the_lead_sees_all_with_names_places_and_replies(session):
    made = lively(session)
    one, two, objection = all_of(made)
    assert (one.kind, one.text) == ("suggestion", "We counted them.")
    assert (one.who.organisation, one.who.person) == (NAMES[0], PERSON)
    assert one.place is not None
    assert (one.place.block, one.place.start, one.place.end) == ("b1", FORTY.start, FORTY.start + 5)
    assert say(one.place.label, str, "en") == "paragraph 1"
    assert [(change.op, change.text) for change in one.redline] == [("delete", "forty"), ("insert", "fifty")]
    assert [(said.who.organisation, said.who.lead, said.text) for said in one.replies] == [
        ("Valley Coalition", True, "Thank you."),
        (NAMES[1], False, "So did we."),
    ]
    assert (two.disposition, two.reason, two.waits) == ("declined", "The council does.", False)
    assert (objection.kind, objection.objection, objection.text, objection.place) == (
        *("objection", Objection.STANDS, "Not with this.", None),
    )
    assert not objection.since_changed
    assert one.redline
    assert not any(thread.who.own for thread in (one, two, objection))


def test_a_member_knows_its_own_remarks(session):
    made = lively(session)
    assert [thread.who.own for thread in seen(made, 0)] == [True, False, False]
    assert [thread.who.own for thread in seen(made, 1)] == [False, True, True]


@pytest.mark.parametrize("index", [0, 2])
@pytest.mark.parametrize("visibility", [Visibility.POSITIONS, Visibility.NOTHING])
def test_no_byte_of_anothers_name_is_in_what_a_member_sees(session, visibility, index):
    made = lively(session, visibility)
    told = repr(
        (
            seen(made, index, visibility),
            became(session, made.statement.id, for_signatory=made.signatories[index], visibility=visibility),
            positions(session, made.circulation),
        )
    )
    own = {NAMES[index], PERSON} if index == 0 else {NAMES[index]}
    assert [name for name in {*NAMES, PERSON, OTHER} - own if name in told] == []
    assert ("Who says so?" in told) == (visibility == Visibility.POSITIONS)


def test_what_is_seen_under_each_visibility(session):
    made = lively(session, Visibility.POSITIONS)
    first, second, objection = seen(made, 2, Visibility.POSITIONS)
    assert (first.who.organisation, first.who.person, first.text) == ("", "", "We counted them.")
    assert [(said.who.organisation, said.text) for said in first.replies] == [
        ("Valley Coalition", "Thank you."),
        ("", "So did we."),
    ]
    assert (second.text, objection.text) == ("Who says so?", "Not with this.")
    assert seen(made, 2, Visibility.NOTHING) == []
    (own,) = seen(made, 0, Visibility.NOTHING)
    assert own.who.person == PERSON
    assert [said.text for said in own.replies] == ["Thank you."]


def test_what_was_said_among_few_is_not_shown_to_all_later(session):
    """The visibility that held when a remark was made goes on holding for it."""
    made = circulate(world(session), visibility=Visibility.NOTHING, rule=Rule(purpose=Purpose.COMMENT))
    remark(made, 0, person_name=PERSON)
    circulation.conclude(session, NOW, made.user.id, made.statement.public_id)
    circulate(made, visibility=Visibility.EVERYTHING)
    assert seen(made, 1, Visibility.EVERYTHING) == []
    (own,) = seen(made, 0, Visibility.EVERYTHING)
    assert own.earlier


def test_contacts_of_one_organisation_see_each_others_remarks_also_later(session):
    made = circulate(world(session), visibility=Visibility.NOTHING, rule=Rule(purpose=Purpose.COMMENT))
    remark(made, 0, person_name=PERSON)
    circulation.conclude(session, NOW, made.user.id, made.statement.public_id)
    circulate(made, visibility=Visibility.NOTHING)
    (thread,) = seen(made, 0, Visibility.NOTHING)
    assert (thread.who.person, thread.who.own, thread.earlier) == (PERSON, True, True)


def test_a_remark_moves_with_its_words_and_says_so_where_they_are_gone(session):
    made = circulate(world(session))
    remark(made, passage=FORTY.to_json())
    remark(made, text="Whole.")
    new_text(made, replace(EDITION, body="A new beginning.\n\n" + EDITION.body), based_on=1)
    moved, whole = all_of(made)
    assert moved.place is not None
    assert (moved.place.block, moved.revision, moved.since_changed) == ("b2", 1, False)
    assert (whole.place, whole.since_changed) == (None, False)
    new_text(made, replace(EDITION, body="Something else altogether."), based_on=2)
    gone, _ = all_of(made)
    assert (gone.place, gone.since_changed) == (None, True)
    assert say(gone.place_then, str, "en") == "paragraph 1"


@pytest.mark.parametrize(
    ("then", "amounts_to", "waits"),
    [
        (lambda made: None, Objection.STANDS, True),
        (lambda made: sign(made, 0, Kind.TAKEN_BACK), Objection.TAKEN_BACK, False),
        (lambda made: sign(made, 0), Objection.ANSWERED, False),
        (lambda made: new_text(made, replace(EDITION, ends="END"), based_on=1), Objection.EARLIER, True),
    ],
)
def test_what_an_objection_amounts_to(session, then, amounts_to, waits):
    made = circulate(world(session))
    sign(made, 0, Kind.OBJECTION)
    then(made)
    (thread,) = all_of(made)
    assert (thread.objection, thread.waits) == (amounts_to, waits)
    assert undisposed(session, made.statement.id) == int(waits)


def test_remarks_and_those_that_wait_are_counted(session):
    made = lively(session)
    assert remarks_count(session, made.statement.id) == (3, 2)
    assert sum(thread.waits for thread in all_of(made)) == 2
    other = circulate(world(session, lead="Hill Coalition"))
    assert remarks_count(session, other.statement.id) == (0, 0)


def test_what_became_of_them_is_told_in_the_order_of_the_text(session):
    made = circulate(world(session))
    last = remark(made, passage=chosen(EDITION, "ends", "").to_json(), text="Last.")
    first = suggest(made, passage=chosen(EDITION, "headline", "Seven"), proposed="Eight")
    whole = remark(made, text="On all of it.")
    accept(made, first)
    dispose(made, last, "declined", "It ends here.")
    new_text(made, replace(EDITION, headline="Another headline", body="Another."), based_on=2)
    later = remark(made, text="On the third.")
    found = became(session, made.statement.id, for_signatory=None)
    assert [one.id for one in found] == [whole.id, later.id, last.id, first.id]
    assert (found[3].disposition, found[3].taken_into, found[3].since_changed) == ("accepted", 2, True)
    assert [one.id for one in became(session, made.statement.id, for_signatory=None, since=3)] == [later.id]
    assert by_place(found) == found


def test_the_tally_is_told_as_the_lead_chose(session):
    made = circulate(world(session, members=4), visibility=Visibility.EVERYTHING)
    sign(made, 0)
    sign(made, 1, Kind.OBJECTION)
    sign(made, 2, Kind.OBJECTION)
    sign(made, 2, Kind.TAKEN_BACK)
    told = [(one.kind, one.count, one.names) for one in positions(session, made.circulation)]
    assert told == [
        ("sign-off", 1, (NAMES[0],)),
        ("objection", 1, (NAMES[1],)),
        (None, 2, (NAMES[2], NAMES[3])),
    ]
    made.circulation.visibility = Visibility.POSITIONS
    assert [(one.kind, one.count, one.names) for one in positions(session, made.circulation)] == [
        *(("sign-off", 1, ()), ("objection", 1, ()), (None, 2, ())),
    ]
    made.circulation.visibility = Visibility.NOTHING
    assert positions(session, made.circulation) == ()


def test_threads_take_as_many_queries_for_many_as_for_few(database):
    with database.sessions() as session:
        made = lively(session)
        few = statements_of(session, lambda: all_of(made))
        for number in range(12):
            one = remark(made, number % 3, text=f"Remark {number}", passage=FORTY.to_json())
            reply(made, 1, one, f"Reply {number}")
        assert statements_of(session, lambda: all_of(made)) == few
        assert few <= 5


def test_the_words_of_the_remarks_are_those_of_the_rows(session):
    made = lively(session)
    reread(made)
    texts = {one.text for one in rows(session, Comment)}
    told = {thread.text for thread in all_of(made)} | {said.text for thread in all_of(made) for said in thread.replies}
    assert told == texts


@pytest.mark.parametrize(
    ("key", "place"),
    [("b2", "paragraph 2"), ("q1", "quote 1"), ("headline", "the headline"), ("ends", "the closing line")],
)
def test_the_sentence_says_what_an_objection_is_about(session, key, place):
    made = circulate(world(session))
    sign(made, 1, Kind.OBJECTION, passage=json.dumps(chosen(EDITION, key, "").to_json()))
    parts = verdict(made).missing
    assert f"Hillside Forum objects to {place}" in [say(part, str, "en") for part in parts]
