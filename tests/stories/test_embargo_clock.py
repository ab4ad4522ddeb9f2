"""The clock is set while a text waits for its instant: it is published once, late rather than early, and never lost."""

from datetime import timedelta

import pytest

from tests.actions.acting import count, letters, rows
from tests.actions.test_locked import AT, locked_world, take_back
from tests.builders import LINKS, NOW
from tests.ground.application import settings_for
from workflow.clock import Steady
from workflow.mail.smtp import MemorySender
from workflow.models.posting import Job
from workflow.models.publication import Publication
from workflow.worker import Worker

HOUR = timedelta(hours=1)


class Hands:
    """A worker whose wall clock is set at will; `passed` seconds since its start, which nobody sets."""

    def __init__(self, database, directory, at=NOW):
        self.at, self.passed, self.step = at, 0.0, None
        steady = Steady(lambda: self.at, lambda: self.passed)
        settings = settings_for(database.url, directory)
        self.worker = Worker(database.sessions, MemorySender(), settings, LINKS, self.now, steady=steady)

    def now(self):
        told = self.at
        if self.step is not None:  # set by somebody right after it was looked at
            self.at, self.step = self.step, None
        return told

    def go(self, seconds=0.0, at=None):
        """So many seconds later, and with the wall clock set where it is said; all that is due is done."""
        self.passed += seconds
        self.at = at if at is not None else self.at + timedelta(seconds=seconds)
        while self.worker.do_next():
            pass


@pytest.fixture
def made(database):
    with database.sessions() as session:
        found = locked_world(session)
        yield found


@pytest.fixture
def hands(database, tmp_path, made):
    return Hands(database, tmp_path)


def published(made):
    return count(made.session, Publication)


def test_set_back_after_the_job_was_taken_it_waits_for_its_instant_again(made, hands):
    """Taken at the instant by a clock that was ahead; put right before anything was done."""
    hands.go(1)
    hands.step = AT - HOUR
    hands.go(0, at=AT)
    assert published(made) == 0
    assert [one.run_at for one in rows(made.session, Job) if one.kind == "publish"] == [AT]
    hands.go(3599)
    assert published(made) == 0
    hands.go(1)
    assert published(made) == 1
    assert len(letters(made.session, "published")) == 3


def test_set_forward_and_back_nothing_is_public_too_early(made, hands):
    hands.go(1)
    hands.go(1, at=AT + HOUR)  # somebody typed another day
    assert published(made) == 0
    hands.go(30)
    assert published(made) == 0
    hands.go(1, at=NOW + timedelta(seconds=33))
    hands.go(3600)
    assert published(made) == 0
    hands.go(10, at=AT - timedelta(seconds=5))
    hands.go(5)
    assert published(made) == 0, "the clock leapt to just before the instant"
    hands.go(60)
    assert published(made) == 1


def test_set_forward_for_good_it_is_a_minute_late(made, hands):
    hands.go(1)
    hands.go(1, at=AT)
    hands.go(59)
    assert published(made) == 0
    hands.go(1)
    assert published(made) == 1


def test_a_clock_that_merely_goes_on_is_on_the_minute(made, hands):
    hands.go(1)
    hands.go((AT - NOW).total_seconds() - 2)
    assert published(made) == 0
    hands.go(1)
    assert published(made) == 1


def test_set_back_after_the_publication_it_is_not_published_again(made, hands):
    hands.go((AT - NOW).total_seconds())
    assert published(made) == 1
    hands.go(1, at=NOW)
    hands.go((AT - NOW).total_seconds())
    assert published(made) == 1
    assert len(letters(made.session, "published")) == 3


def test_whoever_is_alive_releases_what_a_dead_worker_had_taken(database, tmp_path, made):
    dead, alive = Hands(database, tmp_path, AT), Hands(database, tmp_path, AT)
    dead.worker._do = lambda job: None
    assert dead.worker.do_next()
    alive.go(30)
    assert published(made) == 0, "the other may still be at it"
    alive.go(31)
    assert published(made) == 1


def test_what_is_not_complete_any_more_is_held_and_the_lead_alarmed(made, hands):
    take_back(made, 0, NOW)
    hands.go((AT - NOW).total_seconds())
    assert published(made) == 0
    assert [one.user_id for one in letters(made.session, "unlocked") if one.user_id] == [made.user.id]
