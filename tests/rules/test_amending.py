"""Amending a roll: which changes can be made, and what they would complete."""

import pytest

from tests.rules.roll import SIGNED, optional, required
from workflow.rules.amending import LONGEST_REASON, changed, check_change, check_left, out_of_reach, would_complete
from workflow.rules.circulation import Kind, Role, Rule, check_rule
from workflow.rules.refusals import EmptyRule, FormRefused, Message, RuleOutOfReach

REQ, OPT, OBS = Role.REQUIRED, Role.OPTIONAL, Role.OBSERVER


@pytest.mark.parametrize(
    ("rule", "roll", "index", "part", "refusal"),
    [
        (Rule(), [REQ, REQ], 0, OPT, None),
        (Rule(), [REQ, REQ], 0, None, None),
        (Rule(), [REQ, OPT], 0, OPT, EmptyRule),
        (Rule(), [REQ], 0, None, EmptyRule),
        (Rule(), [REQ, OPT], 1, REQ, None),
        (Rule(2), [REQ, OPT], 1, OBS, RuleOutOfReach),
        (Rule(2), [REQ, OPT], 1, None, RuleOutOfReach),
        (Rule(others=1), [REQ, OPT], 1, REQ, RuleOutOfReach),
        (Rule(silence=True), [OPT], 0, None, EmptyRule),
    ],
)
def test_the_rule_must_be_one_that_can_be_met_afterwards(rule, roll, index, part, refusal):
    if refusal is None:
        check_change(rule, roll, index, part, "They left.")
    else:
        with pytest.raises(refusal):
            check_change(rule, roll, index, part, "They left.")


@pytest.mark.parametrize(
    ("part", "reason", "problems"),
    [
        (REQ, "Why", {"part": Message("part-unchanged")}),
        (OPT, "", {"reason": Message("part-reason-missing")}),
        (
            None,
            "x" * (LONGEST_REASON + 1),
            {"reason": Message("too-long", {"limit": LONGEST_REASON, "length": LONGEST_REASON + 1})},
        ),
    ],
)
def test_a_change_changes_something_and_says_why(part, reason, problems):
    with pytest.raises(FormRefused) as refused:
        check_change(Rule(), [REQ, REQ], 0, part, reason)
    assert refused.value.problems == problems


def test_only_that_place_changes():
    assert changed([REQ, OPT, OBS], 1, REQ) == [REQ, REQ, OBS]
    assert changed([REQ, OPT, OBS], 1, None) == [REQ, OBS]


@pytest.mark.parametrize(("part", "completes"), [(OPT, True), (None, True), (OBS, True), (REQ, False)])
def test_what_a_change_would_complete(part, completes):
    roll = [required("A", SIGNED), required("B", Kind.OBJECTION)]
    assert would_complete(Rule(), roll, 1, part) is completes
    assert not would_complete(Rule(3), roll, 1, part)
    assert not would_complete(Rule(objections_hold=True), [*roll, optional("C", Kind.OBJECTION)], 1, part)


def test_a_number_that_others_can_reach_by_an_open_page_is_no_obstacle():
    short, roll = Rule(3), [REQ, OPT]
    with pytest.raises(RuleOutOfReach):
        check_rule(short, roll)
    check_rule(short, roll, joinable=True)
    with pytest.raises(EmptyRule):
        check_rule(Rule(), [OPT], joinable=True)
    assert out_of_reach(short, roll)
    assert not out_of_reach(Rule(2), roll)
    check_left(short, roll, [REQ])  # it was out of reach before
    check_left(Rule(2), roll, [REQ], joinable=True)
    with pytest.raises(RuleOutOfReach):
        check_left(Rule(2), roll, [REQ])
