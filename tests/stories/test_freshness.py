"""A slice of the proof that what is noted is seen on every process within a second (`make prove` takes four)."""

from pathlib import Path

import pytest

from tests.ground.databases import Database
from tests.prove import freshness


@pytest.mark.postgresql
def test_what_is_noted_is_answered_by_each_process_within_a_second(postgresql_database: Database, tmp_path: Path):
    told = freshness.changes(postgresql_database.sessions, postgresql_database.url, tmp_path, 2, 4)
    assert told.violations == []
