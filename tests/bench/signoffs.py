"""Sign-offs a second (the final POST, code on) through HTTP, beside raw durable commits of the same database."""

import multiprocessing
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from tests.bench import load
from tests.bench.servers import environment, serving
from tests.builders import LINKS, SIGNING, circulate, offered, world
from tests.ground.application import settings_for
from workflow import clock, db
from workflow.actions import codes
from workflow.db import WRITES
from workflow.links import Purpose
from workflow.text.digest import answer_hash
from workflow.web.gates import FORM_FIELD, LINK_COOKIE

SIGNATORIES = 7


def _commits(url: str, count: int, threads: int) -> float:
    """Commits a second by `threads` threads, each commit two rows by SQLAlchemy Core."""
    engine = db.engine_for(url)
    insert = text("INSERT INTO bench_rows (one, two) VALUES (:one, :two)")
    barrier = threading.Barrier(threads + 1)

    def work() -> None:
        with engine.connect() as connection:
            barrier.wait()
            for number in range(count // threads):
                connection.execution_options(**{WRITES: True})
                connection.execute(insert, [{"one": number, "two": "x" * 200}, {"one": number, "two": "y" * 200}])
                connection.commit()

    with ThreadPoolExecutor(threads) as pool:
        jobs = [pool.submit(work) for _ in range(threads)]
        barrier.wait()
        start = time.perf_counter()
        for job in jobs:
            job.result()
        took = time.perf_counter() - start
    engine.dispose()
    return count // threads * threads / took


def raw_commits(url: str, clients: int, count: int) -> float:
    """Raw durable commits a second at 1 client, or at 16 as two processes of eight threads."""
    engine = db.engine_for(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS bench_rows (one INTEGER, two TEXT)"))
    engine.dispose()
    if clients == 1:
        return _commits(url, count, 1)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        return sum(pool.map(_commits, [url] * 2, [count // 2] * 2, [clients // 2] * 2))


def prepare(sessions: sessionmaker[Session], statements: int, host: str) -> list[bytes]:
    """The last POST of every signatory of `statements` statements, each with its code mailed already."""
    forms: list[bytes] = []
    now = clock.now()
    with sessions() as session:
        for number in range(statements):
            made = world(session, members=SIGNATORIES, lead=f"Bench {time.time_ns()}-{number}")
            made = circulate(made, code=True, now=now, deadline=now + timedelta(days=2))
            for index, invitation in enumerate(made.invitations):
                wanted = offered(made, index)
                challenge = codes.ask_code(session, clock.now(), invitation.id, 1, wanted)
                form = {
                    FORM_FIELD: LINKS.make(Purpose.SIGN_FORM, [invitation.id, 1]),
                    "kind": wanted.kind.value,
                    "digest": wanted.digest,
                    "text": wanted.text,
                    "listed_name": wanted.listed_name,
                    "person_name": wanted.person_name,
                    "person_role": wanted.person_role,
                    "authority": "yes",
                    "challenge": str(challenge),
                    "code": LINKS.code(challenge, wanted.digest, answer_hash(wanted)),
                }
                cookie = LINKS.make(Purpose.OPENED, [invitation.id, 1])
                forms.append(
                    load.post(
                        f"/sign/at/{invitation.id}/record",
                        host,
                        f"{LINK_COOKIE.format(invitation.id)}={cookie}",
                        form,
                    )
                )
    # One signatory of each statement after another, so that clients work on many statements at once.
    return [form for start in range(SIGNATORIES) for form in forms[start::SIGNATORIES]]


def measure(url: str, directory: Path, statements: int) -> dict[int, tuple[float, float]]:
    """By number of clients: sign-offs a second, and raw commits a second right before and after."""
    settings = settings_for(url, directory, demo=True)
    engine = db.engine_for(url)
    sessions = db.sessions_for(engine, SIGNING)
    figures: dict[int, tuple[float, float]] = {}
    with serving("workflow.app:create_app", environment(settings), threads=8) as port:
        host = f"127.0.0.1:{port}"
        load.run(port, prepare(sessions, 2, host), 4, 303)
        for clients in (1, 16):
            forms = prepare(sessions, statements, host)
            before = raw_commits(url, clients, 1600)
            signoffs = load.run(port, forms, clients, 303)
            after = raw_commits(url, clients, 1600)
            figures[clients] = (signoffs, (before + after) / 2)
    engine.dispose()
    return figures
