"""Killed with SIGKILL at every SQL statement: afterwards all of it is there or nothing, and trying again ends well.

The process that dies is one of its own, forked from a clean server; it dies by its own hand at the n-th point
(before and after each statement, before and after each commit), or by ours at a random moment.
"""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session, configure_mappers, sessionmaker

from tests.builders import EDITION, LINKS, NOW, SIGNING, World, circulate, offered, world
from tests.prove.invariants import violations
from workflow import db
from workflow.actions import circulation, locked, signing
from workflow.actions import keys as key_actions
from workflow.models.circulation import Circulation
from workflow.models.drafting import Statement
from workflow.models.history import Disclosure, Event
from workflow.models.posting import Job, Letter
from workflow.models.publication import Publication
from workflow.models.signing import Answer
from workflow.rules.circulation import Role
from workflow.rules.completion import AT_ONCE, Completion, Ending
from workflow.rules.refusals import WrongStage

ROWS = (Event, Disclosure, Answer, Circulation, Letter, Job, Publication)
NEVER = 10_000
EMBARGO = NOW + timedelta(hours=6)
PATIENCE = 60


@dataclass(frozen=True)
class Task:
    """What the dying process is to do, in plain values that reach another process."""

    what: str
    user_id: int
    public_id: str
    statement_id: int
    wanted: Any = None


@dataclass
class Told:
    """How often a process was killed, how it stood afterwards, and what does not hold."""

    runs: int = 0
    kept: int = 0
    violations: list[str] = field(default_factory=list)


# What is done -----------------------------------------------------------------------------------


def _sign(session: Session, task: Task) -> None:
    invitation_id, wanted = task.wanted
    signing.answer(session, LINKS, NOW, invitation_id, 1, wanted)


def _circulate(session: Session, task: Task) -> None:
    asking = circulation.Asking(task.wanted, NOW.replace(year=2028), "UTC", code_required=False)
    circulation.circulate(session, NOW, task.user_id, task.public_id, asking)


def _recall(session: Session, task: Task) -> None:
    circulation.recall(session, NOW, task.user_id, task.public_id)


def _publish_due(session: Session, task: Task) -> None:
    locked.publish_due(session, EMBARGO, task.wanted)


DOINGS: dict[str, Callable[[Session, Task], None]] = {
    "sign": _sign,
    "publish": _sign,
    "circulate": _circulate,
    "recall": _recall,
    "embargo over": _publish_due,
}
STAGE_AFTER = {"sign": "circulating", "publish": "published", "circulate": "circulating", "recall": "draft"}
STAGE_AFTER["embargo over"] = "published"


def prepare(session: Session, what: str, number: int) -> Task:
    """A statement for which `what` is the next thing to do."""
    # Headlines of their own: with a taken address there would be more points to die at.
    edition = replace(EDITION, headline=f"What stands after number {number} of {what}")
    made: World = world(session, members=2, lead=f"Killed {what} {number}", edition=edition)
    wanted: Any = [(one.id, Role.REQUIRED) for one in made.members]
    if what != "circulate":
        circulate(made, ending=Ending(Completion.EMBARGO, embargo_at=EMBARGO) if what == "embargo over" else AT_ONCE)
        wanted = (made.invitations[0].id, offered(made, 0))
    if what == "embargo over":
        for index in (0, 1):
            signing.answer(session, LINKS, NOW, made.invitations[index].id, 1, offered(made, index))
        wanted = made.circulation.id if made.circulation else 0
    if what == "publish":
        signing.answer(session, LINKS, NOW, made.invitations[1].id, 1, offered(made, 1))
    return Task(what, made.user.id, made.statement.public_id, made.statement.id, wanted)


# Dying ------------------------------------------------------------------------------------------


def die_at(engine: Engine, point: int, passed: Any) -> None:
    """Kill this process at the `point`-th of all the points that it passes; they are counted in `passed`."""

    def mark(*_: object, **__: object) -> None:
        passed.value += 1
        if passed.value == point:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("begin", "before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(engine, name, mark)
    event.listen(Session, "after_commit", mark)


def child(url: str, task: Task, point: int, passed: Any, started: Any) -> None:
    """The process that may die. Where it does not, it ends with 0."""
    engine = db.engine_for(url)
    with db.sessions_for(engine, SIGNING)() as session:
        session.scalar(select(Statement.id))  # connected, so that the points are those of the action
        session.rollback()
        die_at(engine, point, passed)
        started.set()
        DOINGS[task.what](session, task)
    engine.dispose()


def run(url: str, task: Task, point: int, after: float | None = None) -> tuple[bool, int]:
    """Do the task in a process of its own; gives whether it was killed, and how many points it passed."""
    started, passed = CONTEXT.Event(), CONTEXT.RawValue("i", 0)
    process = CONTEXT.Process(target=child, args=(url, task, point, passed, started))
    process.start()
    if after is not None and started.wait(PATIENCE):
        time.sleep(after)
        process.kill()
    process.join(PATIENCE)
    if process.exitcode not in (0, -signal.SIGKILL):
        raise RuntimeError(f"the process that was to {task.what} ended with {process.exitcode}")
    return process.exitcode != 0, passed.value


def _context() -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


CONTEXT = _context()
configure_mappers()  # once in the clean server, not in each process that dies


# Looking afterwards -----------------------------------------------------------------------------


def picture(session: Session, task: Task) -> tuple[object, ...]:
    """How much there is of everything the task could leave behind."""
    session.expunge_all()
    session.rollback()
    stage = session.scalar(select(Statement.stage).where(Statement.id == task.statement_id))
    counts = [session.scalar(select(func.count()).select_from(row)) for row in ROWS]
    session.rollback()
    return (stage, *counts)


def again(session: Session, task: Task) -> None:
    """Try again, as a person does who saw no page. What was done already is answered with what is there."""
    try:
        DOINGS[task.what](session, task)
    except WrongStage:
        if task.what not in ("circulate", "recall"):
            raise


def kill_once(
    url: str,
    sessions: sessionmaker[Session],
    task: Task,
    whole: tuple[int, ...],
    point: int,
    after: float | None = None,
) -> tuple[bool, bool, list[str]]:
    """One process, killed or not; gives whether it was, whether its work was kept, and what does not hold."""
    with sessions() as session:
        before = picture(session, task)
        killed, _ = run(url, task, point, after)
        found = violations(session, task.statement_id)
        standing = picture(session, task)
        done = (STAGE_AFTER[task.what], *_sum(before, whole))
        kept = standing == done
        if not kept and standing != before:
            found.append(f"half of it is there: {standing}, neither {before} nor {done}")
        if not killed and not kept:
            found.append("it ended well, but its work is not there")
        if not killed and after is None:
            found.append("it was not killed")
        again(session, task)
        found += violations(session, task.statement_id)
        if picture(session, task) != done:
            found.append(f"tried again it is {picture(session, task)}, not {done}")
    where = f"{task.what} killed at point {point}" + ("" if after is None else f" after {after:.4f} s")
    return killed, kept, [f"{where}: {one}" for one in found]


def _sum(before: tuple[Any, ...], whole: tuple[int, ...]) -> list[int]:
    return [count + more for count, more in zip(before[1:], whole, strict=True)]


def measure(url: str, sessions: sessionmaker[Session], what: str) -> tuple[tuple[int, ...], int, float]:
    """What the whole work adds to each kind of row, how many points it passes, and how many seconds it takes."""
    with sessions() as session:
        task = prepare(session, what, 0)
        before = picture(session, task)
        begun = time.monotonic()
        _, points = run(url, task, NEVER)
        took = time.monotonic() - begun
        after = picture(session, task)
    return tuple(more - count for count, more in zip(before[1:], after[1:], strict=True)), points, took


def kills(url: str, what: str, *, every: int = 1, moments: int = 0, seed: int = 1) -> Told:
    """Kill at each `every`-th point and at the last one, which lies behind the commit; then at random moments."""
    chance, told = random.Random(seed), Told()
    engine = db.engine_for(url)
    sessions = db.sessions_for(engine, SIGNING)
    with sessions() as session:  # a log that begins only with the first publication would make that one longer
        key_actions.begin(session, NOW)
    whole, last, took = measure(url, sessions, what)
    points: list[tuple[int, float | None]] = [(point, None) for point in {*range(1, last + 1, every), last}]
    points += [(NEVER, chance.uniform(0, took / 2)) for _ in range(moments)]
    for number, (point, after) in enumerate(sorted(points, key=str), 1):
        with sessions() as session:
            task = prepare(session, what, number)
        killed, kept, found = kill_once(url, sessions, task, whole, point, after)
        told.runs += 1
        told.kept += killed and kept
        told.violations += found
        if point == last and not kept:
            told.violations.append(f"{what}: killed after the commit, and its work is lost")
    engine.dispose()
    return told
