"""The rule of completeness: which rules can be asked, what is missing, and in which sentence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.roll import SIGNED, optional, required, rolls, rules
from workflow.rules.circulation import Kind, Role, Rule, Standing, check_rule, missing, sentence
from workflow.rules.naming import NAMES_SPELLED_OUT
from workflow.rules.people import LINK_LIFE_AFTER_DEADLINE, check_contacts, link_expiry
from workflow.rules.refusals import EmptyRule, Message, NoContact, RuleOutOfReach
from workflow.rules.stating import rule_sentence

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
A, B, C = "Lakeside Relief", "Hillside Forum", "Harbour Aid"


def names(id_: str, *who: str) -> Message:
    return Message(id_, {"names": who})


def several(*parts: Message) -> Message:
    return Message("rule.several", {"parts": parts})


@pytest.mark.parametrize(
    ("rule", "roll", "refusal"),
    [
        (Rule(), [Role.REQUIRED], None),
        (Rule(), [Role.REQUIRED, Role.OBSERVER], None),
        (Rule(1), [Role.OPTIONAL], None),
        (Rule(2), [Role.REQUIRED, Role.OPTIONAL, Role.OBSERVER], None),
        (Rule(), [], EmptyRule),
        (Rule(), [Role.OPTIONAL, Role.OBSERVER], EmptyRule),
        (Rule(-1), [Role.OPTIONAL], EmptyRule),
        (Rule(1), [], RuleOutOfReach),
        (Rule(1), [Role.OBSERVER], RuleOutOfReach),
        (Rule(3), [Role.REQUIRED, Role.OPTIONAL, Role.OBSERVER], RuleOutOfReach),
        (Rule(others=1), [Role.OPTIONAL], None),
        (Rule(others=1), [Role.REQUIRED, Role.OPTIONAL], None),
        (Rule(others=1), [Role.REQUIRED, Role.OBSERVER], RuleOutOfReach),
        (Rule(hold_open=True), [Role.OPTIONAL], EmptyRule),
        (Rule(silence=True), [Role.OPTIONAL], None),
        (Rule(silence=True), [Role.OBSERVER], EmptyRule),
    ],
)
def test_a_rule_that_is_met_by_nobody_or_never_is_refused(rule, roll, refusal):
    if refusal is None:
        check_rule(rule, roll)
    else:
        with pytest.raises(refusal):
            check_rule(rule, iter(roll))


def test_the_refusal_says_how_far_out_of_reach():
    with pytest.raises(RuleOutOfReach) as refused:
        check_rule(Rule(5), [Role.REQUIRED, Role.OPTIONAL])
    assert refused.value.params == {"at_least": 5, "of": 2}


@given(rules, st.lists(st.sampled_from(Role), max_size=6))
def test_a_rule_that_is_taken_is_not_met_by_silence_but_by_everybody_signing(rule, roles):
    try:
        check_rule(rule, roles)
    except (EmptyRule, RuleOutOfReach):
        return
    assert missing(rule, [Standing(A, role) for role in roles])
    signed = [Standing(A, role, None if role is Role.OBSERVER else SIGNED) for role in roles]
    assert missing(replace(rule, time_up=True), signed) == []
    assert (missing(rule, signed) == []) is (rule.time_up or not rule.hold_open)


def test_organisations_nobody_can_write_to_are_named():
    check_contacts([(A, 1), (B, 2)])
    with pytest.raises(NoContact) as refused:
        check_contacts([(A, 0), (B, 1), (C, 0)])
    assert refused.value.params == {"organisations": [A, C]}


@pytest.mark.parametrize(
    ("standing", "parts"),
    [
        (required(A), [names("missing.waiting", A)]),
        (required(A, Kind.TAKEN_BACK), [names("missing.waiting", A)]),
        (required(A, Kind.OBJECTION, current=False), [names("missing.waiting", A)]),
        (required(A, SIGNED, current=False), [names("missing.stale", A)]),
        (required(A, Kind.OBJECTION), [names("missing.objects", A)]),
        (required(A, Kind.DECLINE), [names("missing.declined", A)]),
        (required(A, Kind.ABSTAIN), [names("missing.abstains", A)]),
        (required(A, SIGNED, late=True), [names("missing.late", A)]),
        (required(A, SIGNED, name_held=True), [names("missing.name", A)]),
        (required(A, SIGNED), []),
        (optional(A, Kind.OBJECTION), []),
        (optional(A, SIGNED, late=True), []),
        (optional(A, SIGNED, name_held=True), [names("missing.name", A)]),
        (optional(A, SIGNED, name_held=True, current=False), []),
        (Standing(A, Role.OBSERVER), []),
    ],
)
def test_what_one_signatory_leaves_missing(standing, parts):
    assert missing(Rule(), [standing]) == parts
    assert sentence(Rule(), [standing]) == (parts[0] if parts else Message("missing.nothing"))


def test_all_that_is_missing_stands_in_one_sentence():
    roll = [required(A), required(B, Kind.OBJECTION), optional(C, SIGNED), required("Meadow Action")]
    parts = (
        names("missing.waiting", A, "Meadow Action"),
        names("missing.objects", B),
        Message("missing.number", {"signed": 1, "at_least": 3}),
    )
    assert sentence(Rule(3), roll) == Message("missing.several", {"parts": parts})


def test_a_number_is_reached_only_by_sign_offs_that_count():
    roll = [optional(A, SIGNED), optional(B, SIGNED, late=True), optional(C, SIGNED, current=False)]
    assert missing(Rule(2), roll) == [Message("missing.number", {"signed": 1, "at_least": 2})]
    assert missing(Rule(1), roll) == []


def test_named_ones_and_a_number_of_the_others():
    roll = [required(A, SIGNED), optional(B), optional(C)]
    assert missing(Rule(others=1), roll) == [Message("missing.others", {"signed": 0, "others": 1})]
    assert missing(Rule(at_least=1, others=1), [required(A, SIGNED), optional(B, SIGNED), optional(C)]) == []
    assert missing(Rule(others=1), [required(A), optional(B, SIGNED)]) == [names("missing.waiting", A)]


def test_what_is_held_open_waits_for_the_deadline_alone():
    roll = [required(A, SIGNED), optional(B)]
    assert missing(Rule(hold_open=True), roll) == [Message("missing.open")]
    assert missing(Rule(hold_open=True, time_up=True), roll) == []
    assert missing(Rule(2, hold_open=True), roll)[-1] == Message("missing.open")
    unsigned = [required(A), optional(B)]
    assert missing(Rule(hold_open=True, time_up=True), unsigned) == [names("missing.waiting", A)]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule(silence=True), [Message("missing.silence")]),
        (Rule(silence=True, time_up=True), []),
        (Rule(silence=True, broken=True), [Message("missing.silence-broken")]),
        (Rule(silence=True, time_up=True, broken=True), [Message("missing.silence-broken")]),
    ],
)
def test_silence_waits_for_nobody_but_time(rule, said):
    assert missing(rule, [optional(A), optional(B, Kind.ABSTAIN), required(C)]) == said


def test_a_name_that_is_held_holds_silence_too():
    roll = [optional(A, SIGNED, name_held=True)]
    assert missing(Rule(silence=True, time_up=True), roll) == [names("missing.name", A)]
    assert missing(Rule(silence=True), roll) == [names("missing.name", A), Message("missing.silence")]


def test_many_names_are_not_all_spelled_out():
    few = [f"Group {number}" for number in range(NAMES_SPELLED_OUT)]
    assert missing(Rule(), map(required, few)) == [names("missing.waiting", *few)]
    (part,) = missing(Rule(), map(required, [*few, "One more"]))
    others = part.params["names"]
    assert isinstance(others, Message)
    assert others.id == "names-and-others"
    assert others.params == {"first": ("Group 0", "Group 1", "Group 2", "Group 3", "Group 4"), "others": 2}


@given(rules, rolls)
def test_every_outstanding_signatory_is_somewhere_in_the_sentence(rule, roll):
    said = set()
    for part in missing(rule, roll):
        who = part.params.get("names", ())
        said |= set(who if isinstance(who, tuple) else who.params["first"])
    assert {one.organisation for one in roll if one.outstanding} <= said


@pytest.mark.parametrize(
    ("rule", "roll", "said"),
    [
        (Rule(), [Role.REQUIRED] * 3 + [Role.OPTIONAL], Message("rule.required", {"required": 3})),
        (Rule(2), [Role.REQUIRED] * 3, Message("rule.required", {"required": 3})),
        (
            Rule(4),
            [Role.REQUIRED] * 3 + [Role.OPTIONAL],
            Message("rule.required-and-number", {"required": 3, "at_least": 4}),
        ),
        (Rule(2), [Role.OPTIONAL] * 3 + [Role.OBSERVER], Message("rule.number", {"at_least": 2, "of": 3})),
        (Rule(others=2), [Role.OPTIONAL] * 3, Message("rule.number", {"at_least": 2, "of": 3})),
        (
            Rule(others=2),
            [Role.REQUIRED, *[Role.OPTIONAL] * 3],
            several(Message("rule.required", {"required": 1}), Message("rule.others", {"others": 2, "of": 3})),
        ),
        (
            Rule(hold_open=True, objections_hold=True),
            [Role.REQUIRED, Role.OPTIONAL],
            several(
                Message("rule.required", {"required": 1}), Message("rule.hold-open"), Message("rule.objections-hold")
            ),
        ),
        (Rule(silence=True, objections_hold=True), [Role.OPTIONAL], Message("rule.silence")),
    ],
)
def test_the_rule_is_stated(rule, roll, said):
    assert rule_sentence(rule, iter(roll)) == said


@pytest.mark.parametrize("days", [-3, 0, 3])
def test_a_link_outlives_deadline_and_sending(days):
    deadline = NOW + timedelta(days=days)
    assert link_expiry(deadline, NOW) == max(deadline, NOW) + LINK_LIFE_AFTER_DEADLINE
