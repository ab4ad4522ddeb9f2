"""Two last signers at the same instant: exactly one publication, by threads and by separate processes."""

import multiprocessing
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.managers import SyncManager
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from tests.builders import LINKS, NOW, SIGNING, circulate, offered, world
from tests.prove.invariants import violations
from workflow import db
from workflow.actions import signing
from workflow.models.publication import Publication
from workflow.rules.signing import Offered

Round = tuple[int, Offered]


def prepare(sessions: sessionmaker[Session], rounds: int) -> list[tuple[Round, Round]]:
    """`rounds` statements that wait for their two last signers; gives who is to sign what, two a round."""
    pairs = []
    with sessions() as session:
        for number in range(rounds):
            made = circulate(world(session, members=2, lead=f"Race {number:05d}"))
            first, second = ((made.invitations[i].id, offered(made, i)) for i in (0, 1))
            pairs.append((first, second))
    return pairs


def sign(sessions: sessionmaker[Session], one: Round) -> None:
    """Sign as one of the two."""
    invitation_id, wanted = one
    with sessions() as session:
        signing.answer(session, LINKS, NOW, invitation_id, 1, wanted)


def by_threads(url: str, pairs: list[tuple[Round, Round]]) -> None:
    """Both sign at once, from two threads of one process."""
    engine = db.engine_for(url)
    sessions = db.sessions_for(engine, SIGNING)
    barrier = threading.Barrier(2)

    def work(side: int) -> None:
        for pair in pairs:
            barrier.wait(60)
            sign(sessions, pair[side])

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work, side) for side in (0, 1)]:
            done.result()
    engine.dispose()


def _process(url: str, mine: list[Round], barrier: Any) -> None:
    engine = db.engine_for(url)
    sessions = db.sessions_for(engine, SIGNING)
    for one in mine:
        barrier.wait(60)
        sign(sessions, one)
    engine.dispose()


def by_processes(url: str, pairs: list[tuple[Round, Round]]) -> None:
    """Both sign at once, from two processes of their own."""
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(2, mp_context=context) as pool:
        assert isinstance(manager, SyncManager)
        barrier = manager.Barrier(2)
        sides = [pool.submit(_process, url, [pair[side] for pair in pairs], barrier) for side in (0, 1)]
        for side in sides:
            side.result()


def race(url: str, rounds: int, how: str) -> list[str]:
    """Run `rounds` races of kind "threads" or "processes" on a migrated database; gives what does not hold."""
    engine = db.engine_for(url)
    sessions = db.sessions_for(engine, SIGNING)
    with sessions() as session:
        before = session.scalar(select(func.count()).select_from(Publication)) or 0
    pairs = prepare(sessions, rounds)
    {"threads": by_threads, "processes": by_processes}[how](url, pairs)
    with sessions() as session:
        found = violations(session)
        made = (session.scalar(select(func.count()).select_from(Publication)) or 0) - before
        if made != rounds:
            found.append(f"{rounds} races made {made} publications")
    engine.dispose()
    sys.stdout.flush()
    return found
