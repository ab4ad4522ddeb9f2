"""Drafting on a real database: every change is a revision, and no change of somebody else is overwritten."""

from dataclasses import replace

import pytest

from tests.actions.acting import count, events, rows, sign, stage_of
from tests.builders import EDITION, NOW, circulate, world
from workflow.actions import drafting
from workflow.models.accounts import User
from workflow.models.drafting import Revision, Statement
from workflow.models.posting import Letter
from workflow.rules.refusals import FormRefused, NotFound, NothingChanged, TextMoved
from workflow.text import digest
from workflow.text.content import Content

OTHER = replace(EDITION, body="The valley road has been closed for fifty days.")
THIRD = replace(EDITION, body="The valley road is open again.")


def revise(made, edition, based_on, user=None):
    return drafting.revise(made.session, NOW, (user or made.user).id, made.statement.public_id, edition, based_on)


def test_a_statement_begins_as_a_draft_with_its_first_revision(session):
    made = world(session)
    (first,) = rows(session, Revision)
    assert (first.number, first.created_by_id, first.created_at) == (1, made.user.id, NOW)
    assert first.digest == digest.digest(Content((EDITION,)))
    assert first.parsed.authoritative == EDITION
    (statement,) = rows(session, Statement)
    assert (statement.stage, statement.slug, statement.revision_count) == ("draft", None, 1)
    assert statement.lead_id == made.user.organisation_id
    assert events(session) == ["revised"]


def test_statements_cannot_be_guessed_from_each_other(session):
    ids = {world(session, members=1, lead=f"Coalition {number}").statement.public_id for number in range(20)}
    assert len(ids) == 20
    assert all(len(one) == 20 for one in ids)


def test_what_was_typed_is_made_regular_first(session):
    made = world(session, edition=replace(EDITION, headline="  Reopen  the  road ", body="One.\r\n\r\nTwo.\n\n"))
    (first,) = rows(session, Revision)
    assert (first.parsed.authoritative.headline, first.parsed.authoritative.body) == ("Reopen the road", "One.\n\nTwo.")
    with pytest.raises(NothingChanged):
        revise(made, replace(EDITION, headline="Reopen the road", body="One.\n\nTwo."), 1)


def test_every_change_is_a_new_revision_and_the_old_one_stays(session):
    made = world(session)
    second = revise(made, OTHER, 1)
    third = revise(made, THIRD, 2)
    assert (second.number, third.number) == (2, 3)
    assert [one.parsed.authoritative for one in rows(session, Revision)] == [EDITION, OTHER, THIRD]
    assert events(session) == ["revised"] * 3


def test_the_same_text_is_no_revision(session):
    made = world(session)
    with pytest.raises(NothingChanged):
        revise(made, EDITION, 1)
    assert (count(session, Revision), events(session)) == (1, ["revised"])


def test_a_text_based_on_an_older_one_is_not_saved_over_it(session):
    made = world(session)
    revise(made, OTHER, 1)
    with pytest.raises(TextMoved) as refused:
        revise(made, THIRD, 1)
    assert refused.value.params == {"shown": "1", "current": "2"}
    for based_on in (0, 3):
        with pytest.raises(TextMoved):
            revise(made, THIRD, based_on)
    assert count(session, Revision) == 2


def test_a_save_pressed_twice_is_nothing_new(session):
    made = world(session)
    revise(made, OTHER, 1)
    with pytest.raises(NothingChanged):
        revise(made, OTHER, 1)


def test_words_can_come_back(session):
    made = world(session)
    revise(made, OTHER, 1)
    third = revise(made, EDITION, 2)
    assert (third.number, third.digest) == (3, rows(session, Revision)[0].digest)


def test_revising_while_circulating_tells_nobody_and_changes_nothing_in_force(session):
    made = circulate(world(session))
    sign(made, 0)
    before = count(session, Letter)
    revise(made, OTHER, 1)
    assert (stage_of(made), count(session, Letter)) == ("circulating", before)
    sign(made, 1)
    sign(made, 2)
    assert stage_of(made) == "published"


def test_a_text_that_cannot_be_taken_is_refused(session):
    made = world(session)
    with pytest.raises(FormRefused) as refused:
        revise(made, replace(EDITION, headline="x\u202ey", language="xx-yy-zz-qq-ww"), 1)
    assert set(refused.value.problems) == {"headline", "language"}
    assert count(session, Revision) == 1


def test_another_lead_neither_begins_nor_revises_here(session):
    made = world(session)
    other = world(session, lead="Other Coalition")
    with pytest.raises(NotFound):
        revise(made, OTHER, 1, user=other.user)
    with pytest.raises(NotFound):
        drafting.begin(session, NOW, other.user.id, made.coalition.id, EDITION)
    with pytest.raises(NotFound):
        drafting.begin(session, NOW, made.user.id, 10_000, EDITION)
    session.get(User, made.user.id).removed_at = NOW
    session.commit()
    with pytest.raises(NotFound):
        drafting.begin(session, NOW, made.user.id, made.coalition.id, EDITION)
    assert count(session, Statement) == 2
