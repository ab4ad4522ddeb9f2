"""Who asked to sign on an open page and was not decided on hears once that the time is over, and why."""

from datetime import timedelta

import pytest

from tests.actions.acting import letters, sign, stage_of
from tests.actions.test_opening import view, who
from tests.builders import NOW
from tests.opening import SOON, applied, opened
from workflow.actions import amending, deadline, deciding, opening
from workflow.actions import circulation as circulating
from workflow.mail.letters import render
from workflow.mail.outbox import Kind
from workflow.rules.circulation import Rule

UNTIL = NOW + timedelta(days=2)


def lock(made):
    for index in range(2):
        sign(made, index, now=SOON)
    assert stage_of(made) == "published"


WAYS = {
    "locked": (lock, "is final now"),
    "closed": (lambda made: opening.close_it(*who(made)), "is closed"),
    "recalled": (lambda made: circulating.recall(*who(made)), "has ended the asking"),
    "abandoned": (lambda made: circulating.abandon(*who(made)), "has ended the asking"),
    "deadline": (lambda made: deadline.reached(made.session, UNTIL, made.circulation.id), "is closed"),
}


@pytest.mark.parametrize("way", WAYS)
def test_who_still_waits_is_told_and_nobody_else(session, way):
    made, page = opened(session, rule=Rule())
    waiting = applied(made, page)
    refused = applied(made, page, "Mill Group")
    applied(made, page, "Bridge House", confirm=False)
    deciding.refuse(*who(made), [refused.id], "Too far away.")
    assert letters(session, Kind.APPLY_CLOSED) == []
    do, words = WAYS[way]
    do(made)
    (told,) = letters(session, Kind.APPLY_CLOSED)
    assert told.application_id == waiting.id
    said = render(view(session, told)).text
    assert words in said
    assert "Ferry Circle" in said


def test_it_is_told_once_whatever_comes_later(session):
    made, page = opened(session, rule=Rule())
    applied(made, page)
    opening.close_it(*who(made))
    deadline.reached(session, UNTIL, made.circulation.id)
    amending.extend(*who(made, UNTIL), UNTIL + timedelta(days=1), "UTC")
    lock(made)
    assert len(letters(session, Kind.APPLY_CLOSED)) == 1


def test_who_was_accepted_meanwhile_is_not_told_that_nobody_decided(session):
    made, page = opened(session, rule=Rule())
    found = applied(made, page)
    opening.close_it(*who(made))
    deciding.accept(*who(made), [found.id])
    (told,) = letters(session, Kind.APPLY_CLOSED)
    assert view(session, told).reason == "decided or confirmed meanwhile"
