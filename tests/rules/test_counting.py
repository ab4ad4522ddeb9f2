"""Which late answers a lead can count, and what that would complete."""

from dataclasses import replace

import pytest

from workflow.rules.circulation import Kind, Role, Rule, Standing
from workflow.rules.counting import NotCountable, check_countable, countable, would_complete

LATE = Standing("Hillside Forum", Role.REQUIRED, Kind.SIGN_OFF, late=True)
SIGNED = Standing("Lakeside Relief", Role.REQUIRED, Kind.SIGN_OFF)


@pytest.mark.parametrize("kind", [Kind.SIGN_OFF, Kind.OBJECTION, Kind.DECLINE, Kind.ABSTAIN])
def test_what_was_said_late_to_the_text_in_force_can_be_counted(kind):
    assert countable(Rule(), Standing("Hillside Forum", Role.REQUIRED, kind, late=True))


@pytest.mark.parametrize(
    "standing",
    [
        SIGNED,
        Standing("Hillside Forum", Role.REQUIRED),
        Standing("Hillside Forum", Role.REQUIRED, Kind.TAKEN_BACK, late=True),
        Standing("Hillside Forum", Role.REQUIRED, Kind.SIGN_OFF, late=True, current=False),
    ],
    ids=["in time", "nothing said", "taken back", "stale"],
)
def test_what_is_in_time_taken_back_or_stale_cannot(standing):
    assert not countable(Rule(), standing)
    with pytest.raises(NotCountable):
        check_countable(Rule(), standing)


def test_what_an_editorial_change_keeps_can():
    assert countable(Rule(), replace(LATE, current=False, carried=True))


def test_silence_takes_late_sign_offs_only():
    assert countable(Rule(silence=True), LATE)
    assert not countable(Rule(silence=True), Standing("Hillside Forum", Role.OPTIONAL, Kind.OBJECTION, late=True))


def test_whether_counting_it_completes_the_rule():
    assert would_complete(Rule(), [SIGNED, LATE], 1)
    assert not would_complete(Rule(), [SIGNED, LATE, Standing("Harbour Aid", Role.REQUIRED)], 1)
