"""A slice of the random walks that `make prove` takes at length."""

from tests.ground.databases import Database
from tests.prove.walks import walks

MET = (
    *("published", "abandoned", "recall", "put in force", "extend", "decide name", "revoke", "objection", "taken-back"),
    *("editorial", "objections over", "ask to sign"),
    *("publish due", "withhold", "withdraw", "correction", "fix name"),
)
REFUSED = ("TextMoved", "LinkClosed", "LinkRevoked", "LinkReplaced", "WrongStage", "CodeWrong", "FormRefused")


def test_whatever_order_things_happen_in_the_invariants_hold(database: Database):
    told = walks(database.sessions, 1, 50)
    assert told.violations == []
    # Walks that meet nothing would prove nothing.
    assert [one for one in MET if not told.met[one]] == []
    assert [one for one in REFUSED if not told.met[f"refused: {one}"]] == []
    assert told.met["published"] >= 5
