"""What tests of the command share: an installation of their own, and files to bring."""

from pathlib import Path

import pytest

from tests.builders import KEYS
from tests.cli.calling import MEMBERS
from tests.text.example import PRESS_RELEASE


@pytest.fixture
def settings(tmp_path, monkeypatch) -> None:
    """The variables of an installation that keeps everything in `tmp_path`."""
    for name, value in {
        "DATA_DIR": tmp_path / "data",
        "SECRET_KEYS": ",".join(KEYS),
        "BASE_URL": "https://sign.example.org",
        "MAIL_URL": f"file://{tmp_path / 'mail'}",
        "MAIL_FROM": "undersigned@lead.example",
    }.items():
        monkeypatch.setenv(f"WORKFLOW_{name}", str(value))
    monkeypatch.delenv("WORKFLOW_DEMO", raising=False)


@pytest.fixture
def files(tmp_path) -> Path:
    """A directory with a members file and a text."""
    (tmp_path / "members.csv").write_text(MEMBERS, encoding="utf-8")
    (tmp_path / "text.md").write_text(PRESS_RELEASE, encoding="utf-8")
    return tmp_path
