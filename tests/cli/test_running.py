"""`workflow run` and `workflow demo` as real processes: they serve, send, restart what dies, and end when asked."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.builders import KEYS
from workflow import serving

# Loaded machines take long to start three processes; what is measured below is the ending.
STARTS_SECONDS = 120
ENDS_SECONDS = serving.STOP_SECONDS + 5


@dataclass
class Running:
    """A `workflow` process with all that it starts."""

    process: subprocess.Popen[bytes]
    env: dict[str, str]
    port: int
    mail: Path

    def answers(self) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as page:
            return page.status == 200
        return False

    def letters(self) -> int:
        return len(list(self.mail.glob("*.eml")))

    def children(self) -> dict[str, int]:
        """The processes that it started, by the command that each runs."""
        found = {}
        for path in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, IndexError):  # it may be gone meanwhile
                parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == self.process.pid:
                    found[(path / "cmdline").read_text().split("\0")[3]] = int(path.name)
        return found

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def soon(what: Callable[[], bool], seconds: float = STARTS_SECONDS) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.2)


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def begin(*words: str) -> Running:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        env = {name: value for name, value in os.environ.items() if not name.startswith("WORKFLOW_")} | {
            "WORKFLOW_PORT": str(port),
            "WORKFLOW_WEB_PROCESSES": "1",
            "WORKFLOW_DATA_DIR": str(tmp_path / "data"),
            "WORKFLOW_SECRET_KEYS": ",".join(KEYS),
            "WORKFLOW_BASE_URL": f"http://127.0.0.1:{port}",
            "WORKFLOW_MAIL_URL": f"file://{tmp_path / 'mail'}",
            "WORKFLOW_MAIL_FROM": "undersigned@lead.example",
        }
        command = [sys.executable, "-m", "workflow.cli", *words]
        with (tmp_path / "said.txt").open("ab") as said:
            process = subprocess.Popen(command, env=env, stdout=said, stderr=said)
        running = Running(process, env, port, tmp_path / "mail")
        started.append(running)
        soon(running.answers)
        return running

    yield begin
    for running in started:
        running.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.process.wait(2 * ENDS_SECONDS)
        assert not running.listens()


def add_user(running: Running, mail: str) -> None:
    words = ["user", "add", "--organisation", "Valley Office", "--name", "Noor", "--mail", mail]
    subprocess.run(
        [sys.executable, "-m", "workflow.cli", *words], env=running.env, check=True, stdout=subprocess.DEVNULL
    )


def test_it_serves_sends_starts_again_what_is_killed_and_ends_when_asked(start, tmp_path):
    running = start("run")
    soon(lambda: "/setup/" in (tmp_path / "said.txt").read_text())
    add_user(running, "noor@valley.example.org")
    soon(lambda: running.letters() == 1)
    before = running.children()
    assert set(before) == {"web", "worker"}
    for process_id in before.values():
        os.kill(process_id, signal.SIGKILL)
    soon(lambda: len(set(running.children().items()) - set(before.items())) == 2)
    soon(running.answers)
    add_user(running, "ola@valley.example.org")
    soon(lambda: running.letters() == 2)
    asked = time.monotonic()
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(2 * ENDS_SECONDS) == 0
    assert time.monotonic() - asked < ENDS_SECONDS
    assert not running.listens()
    assert "Traceback" not in (tmp_path / "said.txt").read_text()


def test_a_killed_parent_takes_everything_with_it(start):
    running = start("run")
    soon(lambda: set(running.children()) == {"web", "worker"})
    running.process.kill()
    running.process.wait()
    soon(lambda: not running.listens(), ENDS_SECONDS)


def test_the_demo_writes_to_all_seven(start, tmp_path):
    running = start("demo", "--data-dir", str(tmp_path / "demo"))
    running.mail = tmp_path / "mail"
    soon(lambda: running.letters() == 7)
    soon(lambda: "seven-organisations" in (tmp_path / "said.txt").read_text())
    said = (tmp_path / "said.txt").read_text()
    assert f"http://127.0.0.1:{running.port}/mailbox" in said
    assert "Ctrl-C" in said
    running.process.send_signal(signal.SIGHUP)  # what a terminal sends when it is closed
    assert running.process.wait(2 * ENDS_SECONDS) == 0
