"""At the deadline: what was held open closes, what silence adopts is adopted, what is missing is told."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.actions.acting import events as kinds_of
from tests.actions.acting import rows, sign, stage_of
from tests.builders import NOW, QUOTELESS, circulate, world
from workflow.actions import amending, commenting, deadline, drafting, in_force
from workflow.mail.outbox import Kind as LetterKind
from workflow.models.circulation import Circulation
from workflow.models.posting import Letter
from workflow.models.publication import Publication
from workflow.rules.circulation import Kind, Role, Rule
from workflow.rules.refusals import FormRefused
from workflow.text.passages import chosen

UNTIL = NOW + timedelta(days=2)
SECOND = timedelta(seconds=1)
OPEN = Rule(hold_open=True)
SILENCE = Rule(silence=True)


def test_what_is_held_open_is_published_at_the_deadline_and_not_before(session):
    made = circulate(world(session, edition=QUOTELESS), rule=OPEN)
    for index in range(3):
        sign(made, index)
    assert stage_of(made) == "circulating"
    assert not deadline.reached(session, UNTIL - SECOND, made.circulation.id)
    assert stage_of(made) == "circulating"
    assert deadline.reached(session, UNTIL, made.circulation.id)
    assert stage_of(made) == "published"
    assert not [one for one in rows(session, Letter) if one.kind == LetterKind.DEADLINE]


def test_more_can_sign_what_is_held_open(session):
    made = circulate(world(session, edition=QUOTELESS), rule=OPEN, roles=[Role.REQUIRED, Role.OPTIONAL, Role.OPTIONAL])
    sign(made, 0)
    sign(made, 2, now=UNTIL - SECOND)
    deadline.reached(session, UNTIL, made.circulation.id)
    (published,) = rows(session, Publication)
    assert len(json.loads(published.listing)) == 2


def test_what_is_incomplete_at_the_deadline_waits_for_the_lead(session):
    made = circulate(world(session, edition=QUOTELESS), rule=OPEN)
    sign(made, 0)
    sign(made, 1)
    deadline.reached(session, UNTIL, made.circulation.id)
    assert stage_of(made) == "circulating"
    assert [one.kind for one in rows(session, Letter)].count(LetterKind.DEADLINE) == 1
    sign(made, 2, now=UNTIL + SECOND)  # late
    assert stage_of(made) == "circulating"
    amending.extend(
        session, UNTIL + 2 * SECOND, made.user.id, made.statement.public_id, UNTIL + timedelta(days=1), "UTC"
    )
    assert stage_of(made) == "circulating"  # open until the new one
    assert deadline.reached(session, UNTIL + timedelta(days=1), made.circulation.id)
    assert stage_of(made) == "published"


def test_silence_kept_adopts_and_lists_nobody(session):
    made = circulate(world(session, edition=QUOTELESS), rule=SILENCE)
    assert {one.role for one in made.signatories} == {"optional"}
    deadline.reached(session, UNTIL, made.circulation.id)
    assert stage_of(made) == "published"
    (published,) = rows(session, Publication)
    assert json.loads(published.listing) == []
    record = json.loads(published.record)
    assert record["signatories"] == []
    assert record["rule"]["silence"] is True
    assert record["adopted_by"] == "Valley campaign"


def test_silence_lists_who_signed_and_nobody_else(session):
    made = circulate(world(session, edition=QUOTELESS), rule=SILENCE)
    sign(made, 1)
    sign(made, 2, Kind.ABSTAIN)
    assert stage_of(made) == "circulating"
    deadline.reached(session, UNTIL, made.circulation.id)
    (published,) = rows(session, Publication)
    assert len(json.loads(published.listing)) == 1


def test_an_objection_two_minutes_before_breaks_the_silence_and_all_are_told_at_once(session):
    made = circulate(world(session, edition=QUOTELESS), rule=SILENCE)
    sign(made, 1, Kind.OBJECTION, now=UNTIL - timedelta(minutes=2))
    told = [one for one in rows(session, Letter) if one.kind == LetterKind.SILENCE_BROKEN]
    assert {one.invitation_id for one in told if one.invitation_id} == {one.id for one in made.invitations}
    assert sum(one.user_id is not None for one in told) == 1
    assert "silence broken" in kinds_of(session)
    deadline.reached(session, UNTIL, made.circulation.id)
    assert stage_of(made) == "circulating"


def test_an_objection_one_second_after_is_late_and_breaks_nothing(session):
    made = circulate(world(session, edition=QUOTELESS), rule=SILENCE)
    sign(made, 1, Kind.OBJECTION, now=UNTIL + SECOND)  # before the worker woke
    assert "silence broken" not in kinds_of(session)
    deadline.reached(session, UNTIL + 2 * SECOND, made.circulation.id)
    assert stage_of(made) == "published"


@pytest.mark.parametrize("kind", ["suggestion", "comment"])
def test_a_proposal_of_other_words_breaks_it_and_a_comment_does_not(session, kind):
    made = circulate(world(session, edition=QUOTELESS), rule=SILENCE)
    propose(made, 0, kind)
    assert ("silence broken" in kinds_of(session)) is (kind == "suggestion")


def propose(made, index, kind):
    commenting.comment(
        made.session, NOW, made.invitations[index].id, 1,
        digest=made.revision.digest, person_name="Ada", text="Shorter.", kind=kind,
        passage=chosen(QUOTELESS, "b1", "forty").to_json(), proposed="fifty" if kind == "suggestion" else "",
    )  # fmt: skip


def test_an_observer_breaks_no_silence(session):
    made = circulate(
        world(session, edition=QUOTELESS), rule=SILENCE, roles=[Role.OBSERVER, Role.OPTIONAL, Role.OPTIONAL]
    )
    propose(made, 0, "suggestion")
    assert "silence broken" not in kinds_of(session)


def test_broken_silence_stays_broken(session):
    made = circulate(world(session, edition=QUOTELESS), rule=SILENCE)
    sign(made, 1, Kind.OBJECTION)
    sign(made, 1, Kind.TAKEN_BACK)
    sign(made, 2, Kind.OBJECTION)
    assert kinds_of(session).count("silence broken") == 1
    deadline.reached(session, UNTIL, made.circulation.id)
    assert stage_of(made) == "circulating"


def test_nobody_declines_where_nobody_is_asked_to_sign(session):
    made = circulate(world(session, edition=QUOTELESS), rule=SILENCE)
    with pytest.raises(FormRefused):
        sign(made, 0, Kind.DECLINE)


def test_the_text_and_the_time_are_not_cut_under_the_silent(session):
    made = circulate(world(session, edition=QUOTELESS), rule=SILENCE)
    who = (session, NOW, made.user.id, made.statement.public_id)
    number = drafting.revise(*who, replace(QUOTELESS, body="Other words."), based_on=1).number
    with pytest.raises(FormRefused):
        in_force.put_in_force(*who, number)
    with pytest.raises(FormRefused):
        amending.extend(*who, UNTIL - timedelta(hours=1), "UTC")
    amending.extend(*who, UNTIL + timedelta(hours=1), "UTC")
    assert not deadline.reached(session, UNTIL, made.circulation.id)
    assert rows(session, Circulation)[0].time_up_at is None
