"""A slice of the lives that `make prove` lives at length."""

from tests.ground.databases import Database
from tests.prove import life

MET = (
    *("published", "abandoned", "recall", "put in force", "extend", "decide name", "revoke", "objection", "taken-back"),
    *("editorial", "objections over", "ask to sign"),
    *("publish due", "withhold", "withdraw", "correction", "fix name"),
    *("change part", "dropped", "demoted", "promoted", "add", "deadline reached", "suggest"),
)
REFUSED = ("TextMoved", "LinkClosed", "LinkRevoked", "LinkReplaced", "WrongStage", "CodeWrong", "FormRefused")


def test_whatever_order_things_happen_in_the_invariants_hold(database: Database):
    told = life.on_database(database.sessions, 1, 50)
    assert told.violations == []
    # Walks that meet nothing would prove nothing.
    assert [one for one in MET if not told.met[one]] == []
    assert [one for one in REFUSED if not told.met[f"refused: {one}"]] == []
    assert told.met["published"] >= 5
