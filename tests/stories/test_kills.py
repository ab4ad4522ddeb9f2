"""A slice of the kills that `make prove` carries out at every statement on both databases."""

import pytest

from tests.ground.databases import Database
from tests.prove.kills import kills


@pytest.mark.parametrize(("what", "points"), [("sign", 4), ("publish", 6), ("embargo over", 4)])
def test_killed_while_signing_all_of_it_is_there_or_nothing(sqlite_database: Database, what: str, points: int):
    told = kills(sqlite_database.url, what, every=15, moments=2)
    assert told.violations == []
    assert told.runs >= points
    assert told.kept >= 1  # the last point lies behind the commit
