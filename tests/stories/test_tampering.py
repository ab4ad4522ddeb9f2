"""A slice of the tampering that `make prove` makes at length."""

from pathlib import Path

import pytest

from tests.ground.databases import Database
from tests.prove import tampering
from workflow.queries import audit


def test_whatever_is_tampered_with_is_found(database: Database, tmp_path: Path):
    told = tampering.tamper(tampering.live(database.sessions, tmp_path), 7, 40)
    assert told.violations == []
    assert told.runs == 40


def test_without_what_is_held_outside_a_forger_with_the_keys_goes_unnoticed(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """With the comparison out, the same search goes red: else it would prove nothing of receipts and checkpoints."""
    monkeypatch.setattr(audit, "_against", lambda *_: ())
    monkeypatch.setattr(audit, "_missing", lambda *_: ())
    monkeypatch.setattr(tampering, "HOW", ("with the keys",))
    told = tampering.tamper(tampering.live(sqlite_database.sessions, tmp_path), 7, 25)
    assert any("was not found" in one for one in told.violations)
