"""A slice of the races that `make prove` runs at length."""

import pytest

from tests.ground.databases import Database
from tests.prove.races import race


@pytest.mark.parametrize("how", ["threads", "processes"])
def test_two_last_signers_at_the_same_instant_publish_exactly_once(database: Database, how: str):
    assert race(database.url, 15, how) == []
