"""Which text an organisation has read last, by the buttons it pressed and the remarks it made."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.actions.acting import new_text
from tests.actions.test_commenting import remark
from tests.builders import EDITION, NOW, QUOTELESS, circulate, world
from workflow.actions import circulation as circulating
from workflow.actions import drafting, in_force, signing
from workflow.actions.circulation import Asking
from workflow.queries.last_read import last_read
from workflow.rules.circulation import ALL_REQUIRED, Purpose, Role

HOUR = timedelta(hours=1)


@pytest.fixture
def made(session):
    """Three organisations are asked; two further texts come into force after one hour each, by `go_on`."""
    return circulate(world(session))


def go_on(made, number):
    return new_text(made, replace(EDITION, place=f"Place {number}"), based_on=number - 1, now=NOW + number * HOUR)


def open_link(made, index, now):
    signing.open_link(made.session, now, made.invitations[index].id, made.invitations[index].generation)


def read(made, index):
    organisation_id, text = made.members[index].id, made.revision
    found = last_read(made.session, made.statement.id, organisation_id, text)
    made.session.rollback()
    return found.number if found else 0


def test_the_text_that_stood_behind_the_button(made):
    open_link(made, 0, NOW)
    assert read(made, 0) == 0
    go_on(made, 2)
    open_link(made, 1, NOW + 2 * HOUR)
    assert [read(made, index) for index in range(3)] == [1, 0, 0]
    go_on(made, 3)
    assert [read(made, index) for index in range(3)] == [1, 2, 0]


def test_whoever_comes_back_by_the_same_button_has_read_the_newer_text(made):
    open_link(made, 0, NOW)
    go_on(made, 2)
    open_link(made, 0, NOW + 2 * HOUR)
    assert read(made, 0) == 0
    go_on(made, 3)
    assert read(made, 0) == 2


def test_the_text_that_was_last_remarked_on(made):
    open_link(made, 0, NOW)
    go_on(made, 2)
    remark(made, now=NOW + 2 * HOUR)
    assert read(made, 0) == 1
    go_on(made, 3)
    assert [read(made, index) for index in range(2)] == [2, 0]


def test_what_was_read_in_the_comment_round_counts_when_it_comes_to_signing(session):
    rule = replace(ALL_REQUIRED, purpose=Purpose.COMMENT)
    made = circulate(world(session, edition=QUOTELESS), rule=rule)
    remark(made, now=NOW)
    who = (made.session, NOW + HOUR, made.user.id, made.statement.public_id)
    revision = drafting.revise(*who, replace(QUOTELESS, place="Hillside"), 1)
    in_force.put_in_force(*who, revision.number)
    open_link(made, 0, NOW + 2 * HOUR)
    asked = [(member.id, Role.REQUIRED) for member in made.members]
    asking = Asking(asked, NOW + timedelta(days=3), "UTC", "", code_required=False, rule=ALL_REQUIRED)
    circulating.ask_to_sign(made.session, NOW + 3 * HOUR, *who[2:], asking)
    found = [last_read(session, made.statement.id, member.id, revision) for member in made.members]
    assert found == [None, None, None]
