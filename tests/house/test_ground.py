"""The ground holds: the guard refuses, PostgreSQL is real and ends with its user, the browser stays at
home."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

from tests.ground import network
from tests.ground.network import BeyondLoopback, is_local

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def forgiven():
    """What this file reaches for on purpose does not count against it."""
    before = len(network._seen)
    yield
    del network._seen[before:]


@pytest.mark.parametrize("address", [("192.0.2.1", 9), ("203.0.113.7", 25), ("10.0.0.1", 80)])
def test_no_test_connects_beyond_this_machine(forgiven, address):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock, pytest.raises(BeyondLoopback):
        sock.connect(address)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock, pytest.raises(BeyondLoopback):
        sock.sendto(b"", address)
    assert len(network._seen) >= 2


def test_no_test_asks_for_a_name_elsewhere(forgiven):
    with pytest.raises(BeyondLoopback):
        socket.getaddrinfo("www.example.org", 443)


def test_a_swallowed_connection_still_fails_its_test(forgiven):
    guard = network._on_this_machine.__wrapped__()
    next(guard)
    with socket.socket() as sock:
        sock.settimeout(0.2)
        assert sock.connect_ex(("127.0.0.1", 1)) != 0
        with contextlib.suppress(OSError):
            sock.connect(("192.0.2.1", 9))
    with pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.1:9"):
        next(guard)


def test_loopback_is_local_and_nothing_else_is():
    here = ["127.0.0.1", "127.9.9.9", "::1", "localhost", "a.localhost", "0.0.0.0", None, ""]
    assert [host for host in here if not is_local(host)] == []
    elsewhere = ["192.168.1.1", "169.254.169.254", "fe80::1%eth0", "example.org", "2130706433"]
    assert [host for host in elsewhere if is_local(host)] == []


@pytest.mark.postgresql
def test_postgresql_is_real_and_new_enough(postgresql):
    address = postgresql.create("ground")
    postgresql.create("ground_copy", template="ground")
    engine = create_engine(address)
    with engine.connect() as connection:
        number = connection.execute(text("SELECT current_setting('server_version_num')::int")).scalar_one()
    assert number >= 150000
    postgresql.drop("ground_copy")
    postgresql.drop("ground")  # also while a connection is open
    engine.dispose()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(make_url(address).set(drivername="postgresql").render_as_string(hide_password=False))


@pytest.mark.postgresql
def test_our_own_postgresql_ends_with_its_user():
    """A test process that is killed leaves neither server nor files."""
    script = "import time, tests.ground.postgres as p; print(p.start().url('x'), flush=True); time.sleep(60)"
    own = {name: value for name, value in os.environ.items() if name != "WORKFLOW_TEST_POSTGRESQL_URL"}
    child = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=own, stdout=subprocess.PIPE, text=True)
    home = Path(str(make_url(child.stdout.readline().strip()).query["host"]))
    number = int((home / "data" / "postmaster.pid").read_text().splitlines()[0])
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    until = time.monotonic() + 20
    while time.monotonic() < until and (home.exists() or Path(f"/proc/{number}").exists()):
        time.sleep(0.1)
    assert not home.exists()
    assert not Path(f"/proc/{number}").exists()


@pytest.mark.browser
def test_the_browser_is_real_and_stays_on_this_machine(context):
    from playwright.sync_api import Error

    page = context.new_page()
    page.set_content("<h1>Bonjour</h1><script>document.querySelector('h1').textContent = 'Hello'</script>")
    assert page.inner_text("h1") == "Hello"
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://www.example.org/")


def test_a_database_is_left_to_the_next_test_without_its_rows(kept):
    name, first = kept.name, kept.lent()
    with psycopg.connect(_plain(first)) as connection:
        connection.execute(
            "INSERT INTO organisations (name, listed_name, country, needed, logo) VALUES ('A','A','',1,'')"
        )
        connection.execute("SELECT nextval('organisations_id_seq')")
    kept.back()
    assert kept.lent() == first and name in ("", kept.name)
    with psycopg.connect(_plain(first)) as connection:
        assert connection.execute("SELECT count(*) FROM organisations").fetchone() == (0,)
        assert connection.execute("SELECT nextval('organisations_id_seq')").fetchone() == (1,)
    kept.back()


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE organisations ADD COLUMN other text",
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "DROP INDEX IF EXISTS {index}",
        "UPDATE alembic_version SET version_num = 'other'",
    ],
)
def test_a_database_whose_schema_was_touched_is_not(kept, change):
    first = kept.lent()
    with psycopg.connect(_plain(first)) as connection:
        index = connection.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'ix%'"
        ).fetchone()
        connection.execute(change.format(index=index[0]))
    kept.back()
    assert kept.name == ""
    assert kept.lent() != first
    kept.back()


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
