"""A silence whose deadline is moved: what came too late for the old one, and is in time for the new one, breaks it."""

from datetime import timedelta

import pytest

from tests.actions.acting import letters, rows, sign, stage_of
from tests.builders import NOW, QUOTELESS, circulate, offered, world
from workflow.actions import amending, commenting, deadline, recording
from workflow.models.circulation import Circulation
from workflow.rules.circulation import Kind, Role, Rule
from workflow.rules.recording import Evidence
from workflow.text.passages import chosen

UNTIL = NOW + timedelta(days=2)
LATE = UNTIL + timedelta(seconds=10)
LATER = UNTIL + timedelta(days=1)


@pytest.fixture
def made(session):
    return circulate(world(session, edition=QUOTELESS), rule=Rule(silence=True))


def moved(made) -> bool:
    """Whether the silence is broken once the deadline was moved past what came late."""
    who = (made.session, UNTIL + timedelta(minutes=1), made.user.id, made.statement.public_id)
    amending.extend(*who, LATER, "UTC")
    (circulation,) = rows(made.session, Circulation)
    return circulation.broken_at is not None


def propose(made, kind: str) -> None:
    said = {"digest": made.revision.digest, "person_name": "Cy", "text": "Rather so."}
    place = chosen(QUOTELESS, "b1", "forty").to_json()
    words = "fifty" if kind == "suggestion" else ""
    commenting.comment(made.session, LATE, made.invitations[0].id, 1, **said, kind=kind, passage=place, proposed=words)


@pytest.mark.parametrize("kind", ["suggestion", "comment"])
def test_late_words_that_are_proposed_break_it_then_and_a_comment_does_not(made, kind):
    propose(made, kind)
    assert moved(made) is (kind == "suggestion")


def test_a_late_objection_that_is_in_time_then_breaks_it_and_all_are_told(session, made):
    sign(made, 0, Kind.OBJECTION, now=LATE)
    assert letters(session, "silence_broken") == []
    assert moved(made)
    assert letters(session, "silence_broken") != []
    deadline.reached(session, LATER, made.circulation.id)
    assert stage_of(made) == "circulating"


def test_what_was_taken_back_since_or_came_of_nobody_breaks_nothing(session, made):
    sign(made, 0, Kind.OBJECTION, now=LATE)
    sign(made, 0, Kind.TAKEN_BACK, now=LATE + timedelta(seconds=5))
    sign(made, 1, now=LATE)
    assert not moved(made)
    deadline.reached(session, LATER, made.circulation.id)
    assert stage_of(made) == "published"


def test_a_late_objection_that_the_lead_wrote_down_breaks_it_before_anybody_has_confirmed(session, made):
    said = offered(made, 0, Kind.OBJECTION, text="Not so.")
    who = (session, LATE, made.user.id, made.statement.public_id)
    recording.record(*who, made.signatories[0].id, said, Evidence("phone", "She rang."))
    assert moved(made)


def test_a_late_objection_to_nothing_that_lasts_is_none(session):
    made = circulate(world(session, edition=QUOTELESS), roles=[Role.REQUIRED] * 3)
    sign(made, 0, Kind.OBJECTION, now=LATE)
    assert not moved(made)
