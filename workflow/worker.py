"""The worker: does the jobs that are due, one after the other, and loses none when it is killed.

A job is leased while it is in hand. A worker that dies leaves its lease to run out, and another does the job.
No transaction is open while a mail server is spoken to.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from workflow import clock, db, keys
from workflow.actions import (
    deadline,
    drawing,
    in_force,
    keeping,
    locked,
    opening,
    posting,
    previewing,
    recording,
    reminding,
    standing_in,
)
from workflow.actions.posting import LEASE, Claimed
from workflow.config import Settings
from workflow.links import Links
from workflow.mail.drawing import DRAW
from workflow.mail.envelope import HeaderRefused, message
from workflow.mail.letters import render
from workflow.mail.outbox import (
    ALTERNATES,
    DEADLINE,
    FORGET_APPLICATIONS,
    FORGET_PREVIEWS,
    OBJECTIONS_OVER,
    PUBLISH,
    SEND_LETTER,
    WORD_STANDS,
)
from workflow.mail.reminders import REMIND
from workflow.mail.smtp import NotSent, Sender, sender_for
from workflow.queries.posting import Unneeded, letter_view
from workflow.queries.posting_reminders import Postponed

# Says what became of which letter by its number: never to whom, never with which link.
JOURNAL = logging.getLogger(__name__)
KINDS = (
    *(SEND_LETTER, DEADLINE, OBJECTIONS_OVER, PUBLISH, REMIND, FORGET_APPLICATIONS, WORD_STANDS, ALTERNATES),
    *(keeping.FORGET_KEPT, FORGET_PREVIEWS, DRAW),
)
# What is done at an instant, by the kind of job: each looks itself whether it is still to be done.
AT_INSTANT = {
    DEADLINE: deadline.reached,
    OBJECTIONS_OVER: in_force.objections_over,
    PUBLISH: locked.publish_due,
    FORGET_APPLICATIONS: opening.forget,
    FORGET_PREVIEWS: previewing.forget,
    REMIND: reminding.remind,
    WORD_STANDS: recording.word_stands,
    ALTERNATES: standing_in.half_way_over,
}
IDLE_SECONDS = 1.0
FAULT_SECONDS = 5.0
# A code must not wait for a mail server that is slow with somebody else's letter.
HANDS = 2
# One hand alone sets type: were all of them at long lists, an embargo would end and nobody publish.
AT_ONCE = tuple(kind for kind in KINDS if kind != DRAW)
# How long to insist on noting that a letter was sent, while the database is away.
INSIST_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0, 5.0, 10.0, 10.0, 20.0)

Sessions = sessionmaker[Session]
AWAY = (OperationalError, InterfaceError)


class Worker:
    """One pair of hands: takes a job, does it, takes the next."""

    def __init__(
        self,
        sessions: Sessions,
        sender: Sender,
        settings: Settings,
        links: Links,
        now: Callable[[], datetime],
        lease: timedelta = LEASE,
        steady: clock.Steady | None = None,
        kinds: Collection[str] = KINDS,
    ) -> None:
        """`steady` says whether the clock can be believed where something must not happen too early."""
        self._sessions = sessions
        self._sender = sender
        self._settings = settings
        self._links = links
        self._now = now
        self._lease = lease
        self._steady = steady
        self._kinds = kinds
        self._owner = secrets.token_hex(8)
        self._in_hand: int | None = None

    def do_next(self) -> bool:
        """Do the most urgent job that is due; False where there is none. Raises what the database raises."""
        # After the clock was set forward nothing is published for a while: rather too late than too early.
        trusted = self._steady is None or self._steady.trusted()
        kinds = self._kinds if trusted else [kind for kind in self._kinds if kind != PUBLISH]
        with self._sessions() as session:
            # One at a time, so that a code put meanwhile is the next.
            claimed = posting.claim(session, self._now(), self._owner, 1, kinds, lease=self._lease)
        for job in claimed:
            self._in_hand = job.job_id
            try:
                self._do(job)
            finally:
                self._in_hand = None
        return bool(claimed)

    def keep(self) -> None:
        """Renew the lease of the job in hand."""
        job_id = self._in_hand
        if job_id is not None:
            with self._sessions() as session:
                posting.renew(session, self._now(), self._owner, [job_id], lease=self._lease)

    def _do(self, job: Claimed) -> None:
        letter_id = job.subject_id if job.kind == SEND_LETTER else None
        try:
            if letter_id is not None:
                self._hand_over(job, letter_id)
            elif job.kind == keeping.FORGET_KEPT:
                self._forget_kept(job)
            elif job.kind == DRAW:
                self._draw(job)
            else:
                self._reach_instant(job)
        except AWAY:
            raise  # the database is away: the lease runs out, and the job is done again
        except HeaderRefused as refused:
            self._fail(job, letter_id, f"header refused: {refused}", permanent=True)
        except NotSent as failure:
            self._fail(job, letter_id, failure.reason, permanent=failure.permanent)
        except Exception as fault:  # noqa: BLE001 - one letter that cannot be written must not hold up the others
            self._fail(job, letter_id, f"cannot be done: {type(fault).__name__}")

    def _reach_instant(self, job: Claimed) -> None:
        now = self._now()
        with self._sessions() as session:
            if now < job.run_at:  # the clock was set back since the job was taken: its instant is still to come
                posting.postpone(session, job.job_id, job.run_at)
                JOURNAL.warning("job=%s kind=%s outcome=not-yet", job.job_id, job.kind)
                return
            AT_INSTANT[job.kind](session, now, job.subject_id)
            posting.finish(session, job.job_id)
        JOURNAL.info("job=%s kind=%s outcome=done", job.job_id, job.kind)

    def _forget_kept(self, job: Claimed) -> None:
        with self._sessions() as session:
            forgotten = keeping.forget(session, self._now())
            posting.finish(session, job.job_id)
        JOURNAL.info("job=%s kind=%s outcome=done forgotten=%s", job.job_id, job.kind, forgotten)

    def _draw(self, job: Claimed) -> None:
        with self._sessions() as session:
            there = drawing.draw(session, self._now(), job.subject_id, self._settings.base_url)
            posting.finish(session, job.job_id)
        JOURNAL.info("job=%s kind=%s outcome=%s", job.job_id, job.kind, "done" if there else "left to the next")

    def _hand_over(self, job: Claimed, letter_id: int) -> None:
        with self._sessions() as session:
            view = letter_view(session, self._links, self._settings.base_url, self._now(), letter_id)
        if view is None:
            self._insist(lambda session: posting.finish(session, job.job_id))
            return
        if isinstance(view, Unneeded):
            reason = view.reason
            self._insist(lambda session: posting.mark_dropped(session, self._now(), job.job_id, letter_id, reason))
            JOURNAL.info("letter=%s outcome=dropped reason=%r", letter_id, reason)
            return
        if isinstance(view, Postponed):
            until = view.until
            self._insist(lambda session: posting.postpone(session, job.job_id, until))
            JOURNAL.info("letter=%s outcome=postponed", letter_id)
            return
        mail = message(
            view,
            render(view),
            mail_from=self._settings.mail_from,
            base_url=self._settings.base_url,
            now=self._now(),
        )
        self._sender.send(mail)
        self._insist(lambda session: posting.mark_sent(session, self._now(), job.job_id, letter_id))
        JOURNAL.info("letter=%s kind=%s outcome=sent attempt=%s", letter_id, view.kind.value, job.attempts + 1)

    def _fail(self, job: Claimed, letter_id: int | None, reason: str, *, permanent: bool = False) -> None:
        with self._sessions() as session:
            gave_up = posting.mark_failed(
                session, self._now(), job.job_id, self._owner, letter_id, reason, permanent=permanent
            )
        outcome = "given-up" if gave_up else "again-later"
        JOURNAL.warning("job=%s letter=%s outcome=%s attempt=%s", job.job_id, letter_id, outcome, job.attempts + 1)

    def _insist(self, mark: Callable[[Session], None]) -> None:
        """Note what happened also where the database is away for a moment: else the letter goes out twice."""
        for seconds in INSIST_SECONDS:
            try:
                with self._sessions() as session:
                    return mark(session)
            except AWAY as fault:
                JOURNAL.warning("outcome=not-noted-yet fault=%s", type(fault).__name__)
                time.sleep(seconds)
        with self._sessions() as session:
            return mark(session)


def run_due(
    sessions: Sessions,
    sender: Sender,
    settings: Settings,
    links: Links,
    now: Callable[[], datetime] = clock.now,
    limit: int = 100_000,
    lease: timedelta = LEASE,
    kinds: Collection[str] = KINDS,
) -> int:
    """Do all jobs of these kinds that are due, at most `limit`, and give how many were done."""
    worker = Worker(sessions, sender, settings, links, now, lease, kinds=kinds)
    done = 0
    while done < limit and worker.do_next():
        done += 1
    return done


def loop(settings: Settings, stop: threading.Event, *, lease: timedelta = LEASE, hands: int = HANDS) -> None:
    """Do jobs as they become due until `stop` is set; the letters in hand are finished then."""
    sender = sender_for(settings.mail_url)
    links = Links(settings.secret_keys)
    engine = db.engine_for(settings.database_url)
    signing_key = keys.from_settings(settings.signing_key, settings.signing_key_file, settings.base_host)
    sessions = db.sessions_for(engine, signing_key)
    _have_missing_drawn(sessions, settings)
    workers = [
        Worker(sessions, sender, settings, links, clock.now, lease, clock.Steady(clock.now), kinds)
        for kinds in [KINDS, *[AT_ONCE] * (hands - 1)]
    ]
    threads = [threading.Thread(target=_work, args=(worker, stop), daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    pause = lease.total_seconds() / 4
    while not stop.wait(pause):
        _keep(workers)
    for thread in threads:
        while thread.is_alive():
            thread.join(pause)
            _keep(workers)
    engine.dispose()


def _have_missing_drawn(sessions: Sessions, settings: Settings) -> None:
    """Have the files of publications made that this version, or this address, has not made yet."""
    try:
        with sessions() as session:
            number = drawing.have_missing_drawn(session, clock.now(), settings.base_url)
    except Exception as fault:  # noqa: BLE001 - letters go out also where this cannot be asked now
        JOURNAL.error("outcome=files-not-looked-for fault=%s", type(fault).__name__)
    else:
        JOURNAL.info("outcome=files-to-draw number=%s", number)


def _work(worker: Worker, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            busy = worker.do_next()
        except Exception as fault:  # noqa: BLE001 - a database that restarts or is locked must not end the loop
            JOURNAL.error("outcome=fault fault=%s", type(fault).__name__)
            stop.wait(FAULT_SECONDS)
        else:
            if not busy:
                stop.wait(IDLE_SECONDS)


def _keep(workers: list[Worker]) -> None:
    for worker in workers:
        try:
            worker.keep()
        except Exception as fault:  # noqa: BLE001 - the next round tries again, long before the lease runs out
            JOURNAL.error("outcome=lease-not-renewed fault=%s", type(fault).__name__)
