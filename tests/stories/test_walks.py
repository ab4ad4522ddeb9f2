"""A slice of the lives that `make prove` lives at length."""

from tests.ground.databases import Database
from tests.prove import life, life_on_rules
from workflow.rules.circulation import Kind, Role, Standing

# Of what `make prove` must meet, what so few lives meet too, whatever Hypothesis draws.
MET = ("sign-off", "objection", "taken-back", "revise", "put in force", "extend", "change part", "deadline reached")
REFUSED = ("WrongStage", "FormRefused", "LinkReplaced", "LinkClosed")
MET_ON_RULES = (
    *("published", "locked", "sign-off", "objection", "taken-back", "text", "hours", "quote", "part", "deadline"),
    *("reached", "withdrawal", "correction"),
)


def test_whatever_order_things_happen_in_the_invariants_hold(database: Database):
    told = life.on_database(database.sessions, 1, 50)
    assert told.violations == []
    # Lives that meet nothing would prove nothing.
    assert [one for one in MET if not told.met[one]] == []
    assert [one for one in REFUSED if not told.met[f"refused: {one}"]] == []
    assert told.met["published"] >= 3


def test_the_rules_and_a_second_judge_say_the_same_of_whole_lives():
    told = life_on_rules.on_rules(3, 500)
    assert told.violations == []
    assert [one for one in MET_ON_RULES if not told.met[one]] == []
    assert told.met["published"] >= 50


def test_a_rule_that_counts_what_came_too_late_is_found(monkeypatch):
    signed = property(lambda one: one.role is not Role.OBSERVER and one.kind is Kind.SIGN_OFF and one.current)
    monkeypatch.setattr(Standing, "signed", signed)
    wrong = life_on_rules.on_rules(3, 500).violations
    assert wrong
    assert all("seed 3" in one for one in wrong)
