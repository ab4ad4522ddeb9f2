"""A slice of the search for withheld names that `make prove` makes at length."""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.ground.databases import Database
from tests.prove import withheld


def test_a_withheld_name_stands_in_no_byte_that_anybody_else_is_given(database: Database, tmp_path: Path):
    told = withheld.stories(database.sessions, database.url, tmp_path, 1, 5, drawn_every=5)
    assert told.violations == []
    assert told.searched >= 500
    assert told.logos >= 20


def test_the_search_finds_a_name_where_it_is_not_taken_out(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """With the protection out, the same search goes red: else it would prove nothing."""
    monkeypatch.setattr(withheld.noting, "delete", lambda _table: _Nothing())
    told = withheld.stories(sqlite_database.sessions, sqlite_database.url, tmp_path, 1, 4, drawn_every=9)
    assert any("published, public" in one for one in told.violations)


class _Nothing:
    """A statement that erases nothing."""

    def where(self, *_: object) -> object:
        return text("SELECT 1")
