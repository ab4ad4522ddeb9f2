"""Settings that would start something unsafe do not start; and what the page on security claims is tested."""

import re

import pytest

from tests.house.reading import ROOT, modules, nothing
from workflow import db
from workflow.config import UnsafeSettings, from_environment

GOOD = {
    "WORKFLOW_SECRET_KEYS": "0123456789-abcdefghijklmnopqrstuvwxyz",
    "WORKFLOW_BASE_URL": "https://sign.example.org",
    "WORKFLOW_MAIL_URL": "smtp://mail.example.org",
    "WORKFLOW_MAIL_FROM": "sign@lead.example",
    "WORKFLOW_DATA_DIR": "/nowhere",
}


def test_safe_settings_start():
    found = from_environment(GOOD)
    assert found.secure and not found.demo and found.proxy_hops == 0


@pytest.mark.parametrize(
    "changed",
    [
        *({name: ""} for name in GOOD if name != "WORKFLOW_DATA_DIR"),
        {"FLASK_DEBUG": "1"},
        {"WORKFLOW_SECRET_KEYS": "short"},
        {"WORKFLOW_SECRET_KEYS": "a" * 64},
        {"WORKFLOW_SECRET_KEYS": f"{GOOD['WORKFLOW_SECRET_KEYS']},changeme"},
        {"WORKFLOW_BASE_URL": "http://sign.example.org"},
        {"WORKFLOW_BASE_URL": "https://sign.example.org/path"},
        {"WORKFLOW_BASE_URL": "ftp://sign.example.org"},
        {"WORKFLOW_BASE_URL": "sign.example.org"},
        {"WORKFLOW_MAIL_URL": "http://mail.example.org"},
        {"WORKFLOW_DATABASE_URL": "mysql://localhost/x"},
        {"WORKFLOW_PROXY_HOPS": "-1"},
        {"WORKFLOW_PROXY_HOPS": "many"},
    ],
    ids=repr,
)
def test_unsafe_settings_do_not_start(changed):
    with pytest.raises(UnsafeSettings):
        from_environment({**GOOD, **changed})


def test_a_demo_makes_a_key_of_its_own_that_nobody_else_reads(tmp_path):
    found = from_environment({"WORKFLOW_DEMO": "1", "WORKFLOW_DATA_DIR": str(tmp_path)})
    other = from_environment({"WORKFLOW_DEMO": "1", "WORKFLOW_DATA_DIR": str(tmp_path / "other")})
    assert len(found.secret_keys[0]) >= 32 and found.secret_keys != other.secret_keys
    assert (tmp_path / "demo-key").stat().st_mode & 0o077 == 0


def test_every_connection_writes_to_the_disk_before_it_says_so(tmp_path):
    engine = db.engine_for(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    connections = [engine.connect() for _ in range(3)]
    for connection in connections:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        connection.close()
    engine.dispose()


def test_every_test_that_the_page_on_security_names_is_there():
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    code = re.findall(r"`([^`]+)`", page)
    named = {name for words in code for name in re.findall(r"\btest_\w+\b(?!\.py)", words)}
    files = {name for words in code for name in re.findall(r"[\w/]+/test_\w+\.py", words)}
    assert len(named) >= 40 and len(files) >= 10
    there = set(re.findall(r"^def (test_\w+)", "\n".join(one.text for one in modules(ROOT / "tests")), re.MULTILINE))
    nothing(sorted(named - there))
    nothing(sorted(name for name in files if not (ROOT / "tests" / name).exists()))
