"""`workflow keys` and `workflow audit`: where the signing key comes from, what it refuses, how it is changed."""

import base64
import secrets
import sqlite3
from email.message import EmailMessage

import pytest

from tests.cli.calling import call, done, ready, refused
from workflow import keys
from workflow.text.signed_note import checkpoints_in

pytestmark = pytest.mark.usefixtures("settings")


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def database(data):
    return sqlite3.connect(data / "undersigned.sqlite3")


def newest(data) -> str:
    with database(data) as opened:
        return opened.execute("SELECT text FROM log_checkpoints ORDER BY size DESC").fetchone()[0]


def test_the_first_start_makes_a_key_that_nobody_else_reads_and_the_next_keeps_it(data):
    done("migrate")
    file = data / "signing-key.pem"
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    done("migrate")
    assert file.read_bytes() == before
    shown = done("keys")
    public = keys.from_file(file, "").public
    assert public.hex() in shown and "BEGIN PUBLIC KEY" in shown and "sign.example.org/log+" in shown
    assert "PRIVATE" not in shown
    (head,) = checkpoints_in(newest(data))
    assert (head.origin, head.size) == ("sign.example.org/log", 1)
    with database(data) as opened:
        assert before.decode().splitlines()[1] not in "".join(opened.iterdump())


@pytest.mark.parametrize("words", [["run"], ["web"], ["worker"], ["migrate"]])
def test_a_key_that_is_gone_or_open_to_others_does_not_start(data, words, monkeypatch):
    monkeypatch.setenv("WORKFLOW_PORT", "18943")
    done("migrate")
    file = data / "signing-key.pem"
    file.chmod(0o640)
    assert f"chmod 600 {file}" in refused(*words)
    file.chmod(0o600)
    kept = file.read_bytes()
    file.write_text("no key", encoding="ascii")
    assert "holds no Ed25519 key" in refused(*words)
    file.unlink()
    assert "is missing" in refused(*words) and not file.exists()
    keys.make(file)
    assert "not the one that the log was last signed with" in refused(*words)
    file.write_bytes(kept)
    assert "nothing was changed" in done("audit")


def test_a_key_can_come_by_the_environment(data, monkeypatch, tmp_path):
    monkeypatch.setenv("WORKFLOW_SIGNING_KEY", base64.b64encode(secrets.token_bytes(32)).decode())
    done("migrate")
    assert not (data / "signing-key.pem").exists()
    assert "--to" in refused("keys", "rotate")
    done("keys", "rotate", "--to", tmp_path / "next.pem")
    assert "WORKFLOW_SIGNING_KEY" in refused("worker")
    monkeypatch.setenv("WORKFLOW_SIGNING_KEY_FILE", str(tmp_path / "next.pem"))
    assert "not both" in refused("migrate")
    monkeypatch.delenv("WORKFLOW_SIGNING_KEY")
    done("migrate")
    assert done("keys").count("BEGIN PUBLIC KEY") == 2


@pytest.mark.parametrize("given", ["short", base64.b64encode(bytes(32)).decode(), "=" * 44])
def test_what_is_no_key_is_refused(monkeypatch, given):
    monkeypatch.setenv("WORKFLOW_SIGNING_KEY", given)
    assert "WORKFLOW_SIGNING_KEY" in refused("migrate")


def test_rotating_puts_another_key_in_the_place_of_the_old_one(data):
    done("migrate")
    file = data / "signing-key.pem"
    old = keys.from_file(file, "").public
    assert "signs from now on" in done("keys", "rotate")
    new = keys.from_file(file, "").public
    assert old != new and not keys.next_file(file).exists() and file.stat().st_mode & 0o777 == 0o600
    shown = done("keys")
    assert shown.index(new.hex()) < shown.index(old.hex())
    done("migrate")
    assert "nothing was changed" in done("audit")


def test_a_rotation_that_was_cut_off_is_finished_at_the_next_start(data, monkeypatch):
    done("migrate")
    file = data / "signing-key.pem"
    old = keys.from_file(file, "").public
    monkeypatch.setattr(keys, "take_over", lambda _file: None)  # the power went after the log was told
    done("keys", "rotate")
    monkeypatch.undo()
    assert keys.from_file(file, "").public == old
    for name, value in {"DATA_DIR": data, "SECRET_KEYS": "0123456789-abcdefghijklmnopqrstuvwxyz"}.items():
        monkeypatch.setenv(f"WORKFLOW_{name}", str(value))
    for name, value in {"BASE_URL": "https://sign.example.org", "MAIL_URL": f"file://{data}"}.items():
        monkeypatch.setenv(f"WORKFLOW_{name}", value)
    monkeypatch.setenv("WORKFLOW_MAIL_FROM", "undersigned@lead.example")
    done("migrate")
    assert keys.from_file(file, "").public != old and not keys.next_file(file).exists()


def test_a_rotation_that_came_to_nothing_leaves_the_old_key(data, monkeypatch):
    done("migrate")
    file = data / "signing-key.pem"
    keys.make(keys.next_file(file))
    done("migrate")
    assert "nothing was changed" in done("audit") and keys.next_file(file).exists()
    done("keys", "rotate")
    assert not keys.next_file(file).exists()


def test_the_audit_compares_with_what_is_held_outside(files, data, tmp_path):
    ready(files)
    held = tmp_path / "checkpoint"
    held.write_text(newest(data), encoding="utf-8")
    assert "compared with 1 checkpoints" in done("audit", "--against", held)
    receipt = EmailMessage()
    receipt["From"] = "undersigned@lead.example"
    receipt.set_content(f"Keep this.\n\n{newest(data)}\n{'A long line of the lead. ' * 40}\n")
    (tmp_path / "receipt.eml").write_bytes(receipt.as_bytes())
    assert "\u2014" not in (tmp_path / "receipt.eml").read_text("utf-8")  # it is encoded, as mails are
    assert "compared with 1 checkpoints" in done("audit", "--against", tmp_path / "receipt.eml")
    assert "64 digits" in refused("audit", "--receipt", "x")
    assert "no checkpoint in" in refused("audit", "--against", files / "text.md")
    missing = call("audit", "--receipt", "f" * 64)
    assert missing.exit_code == 1 and "No history has the chain head" in missing.output
    with database(data) as opened:
        opened.execute("DROP TRIGGER protect_events_update")
        opened.execute("UPDATE events SET kind = 'abandoned' WHERE number = 1")
    changed = call("audit", "--against", held)
    assert changed.exit_code == 1 and "event 1 is not what its columns say" in changed.output
    assert "things are wrong" in changed.output
