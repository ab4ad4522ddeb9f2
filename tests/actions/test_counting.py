"""Late answers: kept, offered to the lead, and counted one by one where the lead says so."""

from datetime import timedelta

import pytest

from tests.actions.acting import events, letters, new_text, rows, sign, stage_of, verdict
from tests.builders import EDITION, LINKS, NOW, QUOTELESS, circulate, offered, world
from tests.prove.invariants import violations
from workflow.actions import amending, deadline, signing
from workflow.actions import circulation as circulating
from workflow.mail.letters import render
from workflow.mail.outbox import Kind as LetterKind
from workflow.models.circulation import Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.models.signing import Answer
from workflow.queries.member import receipt_of
from workflow.queries.posting import letter_view
from workflow.queries.signing import invitation_for_page
from workflow.rules.circulation import Kind, Role, Rule, Visibility
from workflow.rules.counting import NotCountable
from workflow.rules.refusals import NotFound, WrongStage

UNTIL = NOW + timedelta(days=2)
LATE = UNTIL + timedelta(minutes=5)


def late(session, kind=Kind.SIGN_OFF, **options):
    """All but the last have signed in time; the last answers late."""
    made = circulate(world(session, edition=QUOTELESS), **options)
    sign(made, 0)
    sign(made, 1)
    deadline.reached(session, UNTIL, made.circulation.id)
    return made, sign(made, 2, kind, now=LATE).id


def count(made, index, answer, now=LATE):
    amending.count_late(made.session, now, made.user.id, made.statement.public_id, made.signatories[index].id, answer)


def test_a_late_sign_off_is_kept_and_the_last_one_that_is_counted_publishes(session):
    made, answer = late(session)
    assert stage_of(made) == "circulating"
    count(made, 2, answer)
    assert stage_of(made) == "published"
    assert [one for one in events(session) if one in ("late answer counted", "locked", "published")] == [
        "late answer counted",
        "locked",
        "published",
    ]


def test_everybody_on_the_roll_is_told(session):
    made = circulate(world(session, edition=QUOTELESS))
    answer = sign(made, 2, now=LATE).id
    count(made, 2, answer)
    assert stage_of(made) == "circulating"
    told = letters(session, LetterKind.LATE_COUNTED)
    assert [one.invitation_id for one in told] == [one.id for one in made.invitations]
    assert {one.facts["signatory"] for one in told} == {made.signatories[2].id}
    assert [one.id for one in verdict(made).missing] == ["missing.waiting"]


def test_counting_the_same_answer_again_tells_nobody_twice(session):
    made = circulate(world(session, edition=QUOTELESS))
    answer = sign(made, 2, now=LATE).id
    count(made, 2, answer)
    count(made, 2, answer)
    assert len(letters(session, LetterKind.LATE_COUNTED)) == 3
    assert events(session).count("late answer counted") == 1


@pytest.mark.parametrize("kind", [Kind.OBJECTION, Kind.DECLINE, Kind.ABSTAIN])
def test_a_late_answer_of_another_kind_counts_as_what_it_says(session, kind):
    made, answer = late(session, kind)
    assert [one.id for one in verdict(made).missing] == ["missing.late"]
    count(made, 2, answer)
    said = {Kind.OBJECTION: "missing.objects", Kind.DECLINE: "missing.declined", Kind.ABSTAIN: "missing.abstains"}
    assert [one.id for one in verdict(made).missing] == [said[kind]]


def test_an_answer_that_was_replaced_meanwhile_is_not_counted_unseen(session):
    made, first = late(session)
    second = sign(made, 2, Kind.OBJECTION, now=LATE + timedelta(minutes=1)).id
    with pytest.raises(NotFound):
        count(made, 2, first)
    count(made, 2, second)
    again = sign(made, 2, now=LATE + timedelta(minutes=2)).id  # late too, and not counted by what was said before
    assert stage_of(made) == "circulating"
    count(made, 2, again)
    assert stage_of(made) == "published"


def test_what_is_in_time_stale_or_taken_back_is_not_counted(session):
    made = circulate(world(session, edition=EDITION), rule=Rule(at_least=3), roles=[Role.OPTIONAL] * 3)
    in_time, stale = sign(made, 1).id, sign(made, 2, now=LATE).id
    taken = sign(made, 1, Kind.TAKEN_BACK, now=LATE).id
    new_text(made, QUOTELESS, based_on=1, now=LATE)
    for index, answer in ((1, taken), (2, stale)):
        with pytest.raises(NotCountable):
            count(made, index, answer)
    with pytest.raises(NotFound):
        count(made, 1, in_time)
    assert [one.counted_answer_id for one in rows(session, Signatory)] == [None] * 3


def test_under_silence_a_late_objection_breaks_nothing_by_being_counted(session):
    made = circulate(world(session, edition=EDITION), rule=Rule(silence=True))
    objection = sign(made, 1, Kind.OBJECTION, now=LATE).id
    with pytest.raises(NotCountable):
        count(made, 1, objection)
    assert "silence broken" not in events(session)


def test_nothing_is_counted_once_the_asking_has_ended(session):
    made, answer = late(session)
    circulating.recall(session, LATE, made.user.id, made.statement.public_id)
    with pytest.raises(WrongStage):
        count(made, 2, answer)
    with pytest.raises(NotFound):
        other, _ = late_of_another(session)
        count(other, 2, answer)


def late_of_another(session):
    made = circulate(world(session, edition=QUOTELESS, lead="Other Lead"))
    return made, sign(made, 2, now=LATE).id


@pytest.mark.parametrize("hidden", ["withheld", "visibility"])
def test_the_letter_names_only_who_may_be_named(session, hidden):
    seen = Visibility.POSITIONS if hidden == "visibility" else Visibility.EVERYTHING
    made = circulate(world(session, edition=QUOTELESS), visibility=seen)
    count(made, 2, sign(made, 2, now=LATE, withheld=hidden == "withheld").id)
    words = {}
    for letter in letters(session, LetterKind.LATE_COUNTED):
        rendered = render(letter_view(session, LINKS, "http://localhost", LATE, letter.id))
        words[letter.contact_id] = rendered.subject + rendered.text + rendered.html
        session.rollback()
    own = made.contacts[2].id
    assert "Harbour Aid answered after the deadline, and the lead counts the answer" in words[own]
    assert not ["Harbour Aid" for who, said in words.items() if who != own and "Harbour Aid" in said]


def test_the_member_sees_that_it_counts(session):
    made = circulate(world(session, edition=QUOTELESS))
    answer = sign(made, 2, now=LATE).id

    def late():
        found = receipt_of(session, invitation_for_page(session, made.invitations[2].id)).said.late
        session.rollback()
        return found

    assert late()
    count(made, 2, answer)
    assert not late()


def again(session, kind=Kind.SIGN_OFF, **changes):
    """Lakeside has signed in time; its second contact, Zoe, answers after the deadline."""
    made = world(session, edition=QUOTELESS)
    session.add(Contact(organisation_id=made.members[0].id, name="Zoe", mail="zoe@lake.example.org"))
    session.commit()
    circulate(made)
    zoe = next(one for one in rows(session, Invitation) if one.contact_id not in [at.id for at in made.contacts])
    sign(made, 0)
    signing.answer(session, LINKS, LATE, zoe.id, zoe.generation, offered(made, 0, kind, **changes))
    return made, [one.id for one in verdict(made).missing]


def test_who_says_after_the_deadline_what_was_said_in_time_makes_nothing_late(session):
    made, missing = again(session)
    assert missing == ["missing.waiting"], "for the two others alone"
    assert rows(session, Signatory)[0].counted_answer_id == rows(session, Answer)[-1].id
    deadline.reached(session, LATE, made.circulation.id)
    for index in (1, 2):
        count(made, index, sign(made, index, now=LATE).id)
    assert stage_of(made) == "published" and violations(session) == []


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (Kind.SIGN_OFF, {"listed_name": "Lakeside Relief and Friends"}),
        (Kind.DECLINE, {}),
        (Kind.OBJECTION, {}),
        (Kind.ABSTAIN, {}),
    ],
)
def test_who_says_something_else_after_the_deadline_does(session, kind, changes):
    again(session, kind, **changes)
    standing = rows(session, Signatory)[0]
    assert (standing.answer_id, standing.counted_answer_id) == (rows(session, Answer)[-1].id, None)


def test_not_to_be_named_is_heard_also_when_it_comes_late(session):
    again(session, withheld=True)
    assert rows(session, Signatory)[0].withheld
