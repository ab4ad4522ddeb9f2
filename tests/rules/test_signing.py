"""Weighing an answer: what it must carry, what it binds, which links speak, and when a rule is met."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.roll import SIGNED, optional, required, rolls, rules
from workflow.rules.circulation import Kind, Role, Rule
from workflow.rules.lifecycle import Stage
from workflow.rules.refusals import (
    FormRefused,
    LinkClosed,
    LinkExpired,
    LinkReplaced,
    LinkRevoked,
    ObserversDoNotSign,
    TextMoved,
    WrongStage,
)
from workflow.rules.signing import (
    Asked,
    LinkFacts,
    Offered,
    check_answer,
    check_binds,
    check_link,
    weigh,
    with_answer,
)

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
FULL = Offered(SIGNED, "d", "words", "Lakeside Relief", "Ada Example", "Director", authority=True)
ASKED = Asked(Stage.CIRCULATING, Role.REQUIRED, "d")
LINK = LinkFacts(generation=2, current_generation=2, expires_at=NOW + timedelta(days=1), revoked=False, outcome=None)


@pytest.mark.parametrize("kind", Kind)
def test_an_answer_that_carries_everything_is_taken(kind):
    check_answer(replace(FULL, kind=kind))


@pytest.mark.parametrize(
    ("field", "needed_by"),
    [
        ("person_name", set(Kind)),
        ("person_role", set(Kind)),
        ("listed_name", {Kind.SIGN_OFF}),
        ("authority", {Kind.SIGN_OFF}),
        ("text", {Kind.OBJECTION, Kind.DECLINE}),
    ],
)
@pytest.mark.parametrize("kind", Kind)
def test_what_an_answer_must_carry(kind, field, needed_by):
    offered = replace(FULL, kind=kind, **{field: False if field == "authority" else ""})
    if kind in needed_by:
        with pytest.raises(FormRefused) as refused:
            check_answer(offered)
        assert set(refused.value.problems) == {field}
    else:
        check_answer(offered)


def test_all_problems_are_told_at_once():
    with pytest.raises(FormRefused) as refused:
        check_answer(Offered(SIGNED, "d"))
    assert set(refused.value.problems) == {"person_name", "person_role", "listed_name", "authority"}


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.CIRCULATING])
def test_nothing_is_answered_outside_a_circulation(stage):
    with pytest.raises(WrongStage):
        check_binds(FULL, replace(ASKED, stage=stage))


def test_an_answer_binds_the_digest_shown_and_no_other():
    check_binds(FULL, ASKED)
    check_binds(FULL, replace(ASKED, role=Role.OPTIONAL))
    with pytest.raises(TextMoved) as refused:
        check_binds(FULL, replace(ASKED, digest="e"))
    assert refused.value.params == {"shown": "d", "current": "e"}


@pytest.mark.parametrize("kind", Kind)
def test_an_observer_gives_no_answer(kind):
    with pytest.raises(ObserversDoNotSign):
        check_binds(replace(FULL, kind=kind), replace(ASKED, role=Role.OBSERVER))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"expires_at": NOW + timedelta(microseconds=1)}, None),
        ({"expires_at": NOW}, LinkExpired),
        ({"generation": 1}, LinkReplaced),
        ({"generation": 3}, LinkReplaced),
        ({"revoked": True}, LinkRevoked),
        ({"outcome": "recalled"}, LinkClosed),
        # One reason is given where several hold: the one that the person can do least about.
        ({"outcome": "complete", "revoked": True, "generation": 1, "expires_at": NOW}, LinkClosed),
        ({"revoked": True, "generation": 1, "expires_at": NOW}, LinkRevoked),
        ({"generation": 1, "expires_at": NOW}, LinkReplaced),
    ],
)
def test_which_links_speak(change, refusal):
    link = replace(LINK, **change)
    if refusal is None:
        check_link(link, NOW)
    else:
        with pytest.raises(refusal):
            check_link(link, NOW)


@given(rules, rolls)
def test_complete_means_all_required_in_time_to_this_text_no_held_name_and_the_number(rule, roll):
    counts = [
        one for one in roll if one.role is not Role.OBSERVER and one.kind is SIGNED and one.current and not one.late
    ]
    complete = (
        all(one in counts for one in roll if one.role is Role.REQUIRED)
        and not any(one.name_held for one in counts)
        and len(counts) >= rule.at_least
        and sum(one.role is Role.OPTIONAL for one in counts) >= rule.others
        and (rule.time_up or not rule.hold_open)
    )
    verdict = weigh(rule, roll)
    assert verdict.complete is complete
    assert verdict.complete is not bool(verdict.missing)


@given(rules, rolls, st.data())
def test_one_answer_changes_one_place(rule, roll, data):
    if not roll:
        return
    index = data.draw(st.integers(0, len(roll) - 1))
    kind = data.draw(st.sampled_from(Kind))
    late = data.draw(st.booleans())
    after = with_answer(roll, index, kind, late=late)
    assert after[:index] == roll[:index]
    assert after[index + 1 :] == roll[index + 1 :]
    assert (after[index].kind, after[index].current, after[index].late) == (kind, True, late)
    assert (after[index].organisation, after[index].role) == (roll[index].organisation, roll[index].role)
    # Saying anything but yes never completes a rule that was not met before.
    if kind is not SIGNED and roll[index].role is Role.REQUIRED:
        assert not weigh(rule, after).complete


@given(rules, rolls, st.data())
def test_a_sign_off_in_time_never_takes_completeness_away(rule, roll, data):
    if not roll or not weigh(rule, roll).complete:
        return
    index = data.draw(st.integers(0, len(roll) - 1))
    if not roll[index].name_held:
        assert weigh(rule, with_answer(roll, index, SIGNED)).complete


def test_the_last_required_sign_off_completes():
    roll = [required("Lakeside Relief", SIGNED), required("Hillside Forum"), optional("Harbour Aid")]
    assert not weigh(Rule(), roll).complete
    assert weigh(Rule(), with_answer(roll, 1, SIGNED)).complete
    assert not weigh(Rule(), with_answer(roll, 1, SIGNED, late=True)).complete
    assert not weigh(Rule(), with_answer(roll, 1, Kind.ABSTAIN)).complete
    assert not weigh(Rule(3), with_answer(roll, 1, SIGNED)).complete
