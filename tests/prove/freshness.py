"""What was noted, or taken back, is what every process answers within a second, under load, and nothing older after it.

Several web processes as they are served in earnest, on one database. While a crowd asks for other pages, somebody
asks each process for every form of one statement over and over, and every answer is weighed by when it was asked for.
"""

import multiprocessing
import re
import socket
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.bench import load
from tests.bench.servers import environment, serving
from tests.builders import LINKS, NOW, World, circulate, offered, world
from tests.ground.application import settings_for
from workflow.actions import noting, signing
from workflow.models.drafting import Statement
from workflow.rules.noting import Later, LaterKind, NoteKind

SECOND = 1.0
FORMS = ("", ".json", ".txt", ".md")
MEMBERS = 12
NOTED = re.compile(rb"Mended for the (\d+)\. time")


@dataclass
class Told:
    """Changes made, answers weighed, for how long the oldest answer was old, and what does not hold."""

    changes: int = 0
    weighed: int = 0
    oldest: float = 0.0
    violations: list[str] = field(default_factory=list)


@dataclass
class State:
    """When which note was committed, and which name was taken back."""

    noted: dict[int, float] = field(default_factory=dict)
    gone: dict[bytes, float] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)


def _publish(session: Session) -> World:
    made = circulate(world(session, MEMBERS))
    for index, invitation in enumerate(made.invitations):
        signing.answer(session, LINKS, NOW, invitation.id, 1, offered(made, index))
    session.rollback()
    return made


def _body(connection: socket.socket, path: str, host: str) -> bytes:
    """The body of one answer over a kept connection."""
    connection.sendall(load.get(path, host))
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    found = re.search(rb"(?i)content-length: (\d+)", head)
    assert found, head
    while len(body) < int(found.group(1)):
        body += _some(connection)
    return body


def _some(connection: socket.socket) -> bytes:
    got = connection.recv(65536)
    if not got:
        raise ConnectionError("the server closed the connection")
    return got


def _ask(port: int, paths: list[str], state: State, told: Told) -> None:
    """Ask one process for every form until told to stop, and weigh each answer by when it was asked for."""
    seen = dict.fromkeys(paths, 0)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        while not state.stop.is_set():
            for path in paths:
                asked = time.monotonic()
                body = _body(connection, path, f"127.0.0.1:{port}")
                newest = max(map(int, NOTED.findall(body)), default=0)
                with state.lock:
                    _weigh(told, state, path, asked, body, newest)
                    told.weighed += 1
                    if newest < seen[path]:
                        told.violations.append(f"{port} {path}: note {newest} after note {seen[path]} was there")
                seen[path] = max(seen[path], newest)


def _weigh(told: Told, state: State, path: str, asked: float, body: bytes, newest: int) -> None:
    missing = [at for number, at in state.noted.items() if number > newest and at < asked]
    there = [at for name, at in state.gone.items() if at < asked and name in body]
    if not (missing or there):
        return
    old = asked - min(missing + there)
    told.oldest = max(told.oldest, old)
    if old >= SECOND:
        told.violations.append(f"{path}: {old:.2f} s old")


def crowd(ports: list[int]) -> None:
    """A process that asks all the others for their list and their feed, as fast as it can."""
    while True:
        for port in ports:
            requests = [load.get(path, f"127.0.0.1:{port}") for path in ("/", "/feed.atom", "/robots.txt")]
            with suppress(OSError):
                load.run(port, requests * 60, 6, 200)


def _change(session: Session, made: World, number: int, state: State) -> None:
    """A note; after every third one also a name that is taken back."""
    who = (session, NOW, made.user.id, made.statement.public_id)
    noting.note(*who, NoteKind.CORRECTION, f"Mended for the {number}. time.")
    with state.lock:
        state.noted[number] = time.monotonic()
    if number % 3 == 0 and len(state.gone) < MEMBERS - 2:
        index = len(state.gone) + 1
        later = Later(LaterKind.WITHHOLD, made.revision.digest, "Lea Lead", "Chair", "They asked.", authority=True)
        noting.act_at_desk(*who, made.signatories[index].id, later)
        with state.lock:
            state.gone[made.members[index].name.encode()] = time.monotonic()


def changes(sessions: sessionmaker[Session], url: str, folder: Path, processes: int, rounds: int) -> Told:
    """Make so many changes while so many processes are asked for what changes."""
    state, told = State(), Told()
    env = environment(settings_for(url, folder, demo=True))
    with sessions() as session, ExitStack() as stack:
        made = _publish(session)
        slug = session.scalar(select(Statement.slug).where(Statement.id == made.statement.id))
        session.rollback()
        paths = [*(f"/statements/{slug}{form}" for form in FORMS), "/feed.atom"]
        ports = [stack.enter_context(serving("workflow.serving:application", env)) for _ in range(processes)]
        others = multiprocessing.get_context("spawn").Process(target=crowd, args=(ports,), daemon=True)
        others.start()
        threads = [threading.Thread(target=_ask, args=(port, paths, state, told)) for port in ports]
        for thread in threads:
            thread.start()
        try:
            time.sleep(SECOND)
            for number in range(1, rounds + 1):
                _change(session, made, number, state)
                told.changes += 1
                time.sleep(0.3 if number % 2 else 1.5 * SECOND)
        finally:
            state.stop.set()
            for thread in threads:
                thread.join()
            others.terminate()
            others.join()
        told.violations += _never_seen(told, state)
    return told


def _never_seen(told: Told, state: State) -> list[str]:
    """A proof that weighed nothing, or whose changes nobody could have seen, proves nothing."""
    wanted = [("answers", told.weighed >= 50), ("notes", bool(state.noted)), ("an old answer", told.oldest > 0)]
    return [f"never met: {name}" for name, met in wanted if not met]
