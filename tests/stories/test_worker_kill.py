"""The worker is killed, the mail server is away: no letter is lost, and what waits goes out by itself.

The worker runs in a process of its own and is killed with SIGKILL where it says that it stands.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from tests.builders import KEYS, LINKS, circulate, world
from tests.ground.application import settings_for
from tests.mail.test_smtp import Inbox, free_port
from workflow import clock, worker
from workflow.mail.outbox import DEADLINE
from workflow.mail.smtp import sender_for
from workflow.models.posting import Job, Letter
from workflow.worker import run_due

LEASE = timedelta(seconds=1)
PATIENCE = 120

# What the process runs: the worker as it is, with a place where it stops and says so.
PROCESS = """
import sys, threading, time
from datetime import timedelta
from pathlib import Path
from tests.builders import SIGNING_KEY
from workflow import worker
from workflow.actions import posting
from workflow.config import Settings
from workflow.mail import smtp

url, key, directory, mail_url, place = sys.argv[1:]
settings = Settings(
    url, (key,), "http://localhost", mail_url, "undersigned@lead.example", Path(directory), signing_key=SIGNING_KEY
)

def stand(name):
    if place == name:
        print(name, flush=True)
        time.sleep(600)

def around(owner, name, before, after):
    real = getattr(owner, name)
    def replaced(*values, **named):
        stand(before)
        given = real(*values, **named)
        stand(after)
        return given
    setattr(owner, name, replaced)

around(posting, "claim", "before claim", "after claim")
around(smtp.SmtpSender, "_connect", "before connect", "after connect")
around(smtp.SmtpSender, "send", "before send", "after send")
around(posting, "mark_sent", "before mark", "after mark")
print("working", flush=True)
worker.loop(settings, threading.Event(), lease=timedelta(seconds=1), hands=1)
"""


@pytest.fixture
def processes():
    """Starts workers in processes of their own; ends those that a test left."""
    started = []

    def start(database, directory, mail_url, place="nowhere"):
        process = subprocess.Popen(
            [sys.executable, "-c", PROCESS, database.url, KEYS[0], str(directory), mail_url, place],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout.readline().strip() == "working"
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def inbox():
    """A mail server on this machine that counts what it takes."""
    taken = Inbox()
    controller = Controller(taken, hostname="127.0.0.1", port=free_port())
    controller.start()
    taken.url = f"smtp+plain://127.0.0.1:{controller.port}"
    yield taken
    controller.stop()


def circulated(database, members=3):
    """Circulates now: the clock of the process is the real one."""
    with database.sessions() as session:
        made = world(session, members=members)
        return circulate(made, now=clock.now(), deadline=clock.now() + timedelta(days=2))


def wait_until(condition):
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def sent(database):
    with database.sessions() as session:
        return sum(letter.sent_at is not None for letter in session.scalars(select(Letter)))


def message_ids(inbox):
    return Counter(
        line for letter in inbox.letters for line in letter.split(b"\r\n") if line.startswith(b"Message-ID:")
    )


def killed(process, place):
    """Waits until the process stands at `place`, and kills it there."""
    assert process.stdout.readline().strip() == place
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)


@pytest.mark.parametrize(
    "place",
    [
        "before claim", "after claim", "before connect", "after connect", "before send", "after send", "before mark",
        "after mark",
    ],
)  # fmt: skip
def test_killed_anywhere_no_letter_is_lost_and_none_doubled(database, tmp_path, processes, inbox, place):
    circulated(database)
    killed(processes(database, tmp_path, inbox.url, place), place)
    # Another worker: as soon as the lease of the dead one has run out, it does what is left.
    settings = settings_for(database.url, tmp_path)
    wait_until(lambda: run_due(database.sessions, sender_for(inbox.url), settings, LINKS) == 0 and sent(database) == 3)
    counted = message_ids(inbox)
    assert len(counted) == 3
    # Only between the server's 250 and our mark can a letter go twice, and then under the same Message-ID.
    twice = [identifier for identifier, times in counted.items() if times > 1]
    assert len(twice) == (1 if place in ("after send", "before mark") else 0)
    assert max(counted.values()) <= 2
    with database.sessions() as session:
        assert {job.kind for job in session.scalars(select(Job))} == {DEADLINE}


def test_killed_before_any_worker_ever_ran(database, tmp_path, processes, inbox):
    circulated(database)
    with database.sessions() as session:
        assert {letter.sent_at for letter in session.scalars(select(Letter))} == {None}
    processes(database, tmp_path, inbox.url)
    wait_until(lambda: sent(database) == 3)
    assert set(message_ids(inbox).values()) == {1}


def test_killed_again_and_again_while_sending(database, tmp_path, processes, inbox):
    circulated(database, members=20)
    for round_ in range(2):
        process = processes(database, tmp_path, inbox.url)
        wanted = min(20, 5 * (round_ + 1))
        wait_until(lambda wanted=wanted: sent(database) >= wanted)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
    processes(database, tmp_path, inbox.url)
    wait_until(lambda: sent(database) == 20)
    counted = message_ids(inbox)
    assert len(counted) == 20
    assert sum(counted.values()) <= 20 + 2 * worker.HANDS, "only the letters in hand at a kill can go twice"


def test_asked_to_stop_the_worker_finishes_the_letter_in_hand(sqlite_database, tmp_path):
    circulated(sqlite_database)
    stop = threading.Event()

    class Stopping:
        def __init__(self):
            self.sent = []

        def send(self, message):
            stop.set()
            time.sleep(0.3)
            self.sent.append(message)

    sender = Stopping()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "sender_for", lambda url: sender)
        worker.loop(settings_for(sqlite_database.url, tmp_path), stop, lease=LEASE, hands=1)
    assert len(sender.sent) == sent(sqlite_database) == 1
    with sqlite_database.sessions() as session:
        waiting = [job for job in session.scalars(select(Job)) if job.kind != DEADLINE]
        assert [job.owner for job in waiting] == [None, None], "what was not begun is free for the next worker"


def test_mail_server_down_letters_wait_and_go_out_when_it_is_back(database, tmp_path, processes):
    port = free_port()
    made = circulated(database)
    assert made.circulation.id, "circulating does not notice that no mail server is there"
    processes(database, tmp_path, f"smtp+plain://127.0.0.1:{port}")

    def all_tried():
        with database.sessions() as session:
            return all(letter.attempts for letter in session.scalars(select(Letter)))

    wait_until(all_tried)
    with database.sessions() as session:
        assert {letter.failed_at for letter in session.scalars(select(Letter))} == {None}
        session.rollback()
        jobs = session.scalars(select(Job).where(Job.kind != DEADLINE)).all()
        assert all(job.run_at > clock.now() for job in jobs), "they wait for the server to come back"
        session.execute(update(Job).where(Job.kind != DEADLINE).values(run_at=clock.now()))
        taken = Inbox()
        controller = Controller(taken, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            session.commit()
            wait_until(lambda: sent(database) == 3)
        finally:
            controller.stop()
    assert set(message_ids(taken).values()) == {1}


@pytest.mark.postgresql
def test_a_database_that_drops_its_connections_does_not_end_the_loop(postgresql_database, tmp_path, inbox, monkeypatch):
    monkeypatch.setattr(worker, "FAULT_SECONDS", 0.1)
    circulated(postgresql_database)
    stop = threading.Event()
    settings = settings_for(postgresql_database.url, tmp_path)
    monkeypatch.setattr(worker, "sender_for", lambda url: _Dropping(postgresql_database, inbox))
    thread = threading.Thread(target=worker.loop, args=(settings, stop), kwargs={"lease": LEASE})
    thread.start()

    def all_sent():
        try:
            return sent(postgresql_database) == 3
        except OperationalError:  # the test's own look is thrown out like everybody else
            return False

    try:
        wait_until(all_sent)
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()
    assert set(message_ids(inbox).values()) == {1}, "a letter that went is marked once the database is back"


class _Dropping:
    """Takes a letter, then has the database throw out everybody else."""

    def __init__(self, database, inbox):
        self._database, self._inbox = database, inbox
        # Two hands that threw each other's word out would fail to send, which is not what is tried here.
        self._one_at_a_time = threading.Lock()

    def send(self, message):
        self._inbox.letters.append(message.as_bytes())
        with self._one_at_a_time, self._database.engine.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def test_a_locked_database_does_not_end_the_loop(sqlite_database, tmp_path, inbox, monkeypatch):
    monkeypatch.setattr(worker, "FAULT_SECONDS", 0.1)
    monkeypatch.setattr("workflow.db.BUSY_TIMEOUT_MS", 100)
    circulated(sqlite_database)
    stop = threading.Event()
    settings = settings_for(sqlite_database.url, tmp_path)
    monkeypatch.setattr(worker, "sender_for", lambda url: _Keeping(inbox))
    with sqlite_database.engine.connect() as holder:
        holder.execution_options(workflow_writes=True)
        holder.exec_driver_sql("SELECT 1")  # begins, and takes the writing turn
        thread = threading.Thread(target=worker.loop, args=(settings, stop), kwargs={"lease": LEASE})
        thread.start()
        time.sleep(1)
        assert sent(sqlite_database) == 0
        assert thread.is_alive()
    try:
        wait_until(lambda: sent(sqlite_database) == 3)
    finally:
        stop.set()
        thread.join(10)
    assert set(message_ids(inbox).values()) == {1}


class _Keeping:
    def __init__(self, inbox):
        self._inbox = inbox

    def send(self, message):
        self._inbox.letters.append(message.as_bytes())
