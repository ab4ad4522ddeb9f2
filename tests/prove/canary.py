"""Canary words in a draft and in embargoed texts: not a byte gets out before the instant, all of it within two seconds
after, whichever of three workers is first.

The workers are processes of their own (`workflow worker`); the instants lie a few seconds ahead on the real clock. The
pages are asked of the application itself, without a cookie.
"""

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from tests.builders import KEYS, LINKS, SIGNING_KEY, World, circulate, offered
from tests.prove.invariants import violations
from tests.stories.test_canary import (
    ACCEPTS,
    ELSEWHERE,
    METHODS,
    SECRET,
    SUFFIXES,
    TEXT,
    TRANSLATED,
    arguments,
    begin,
    canaries,
)
from workflow import clock
from workflow.actions import drafting, press, previewing, signing
from workflow.app import create_app
from workflow.config import Settings
from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.drafting import Statement
from workflow.models.posting import Job, Letter
from workflow.models.publication import Publication
from workflow.rules.completion import Completion, Ending
from workflow.rules.publication import slug as slug_of
from workflow.text.addresses import Address
from workflow.text.content import Edition

WORKERS = 3
PATIENCE = 180
PROMISED = 2.0
# From the last sign-off to the instant: the workers are up by then, and every form was asked for a few times.
AHEAD = timedelta(seconds=4)
JOURNALISTS = 3
UNKNOWN = "no-such-statement"
PUBLIC = ("", "/ar", ".json", ".txt", ".md", "/record", "/states/0", "/embed")
# Made by a job within seconds of the instant; before it they answer like nothing.
MADE = (".pdf", "/card.png", "/press-kit.zip")
LISTS = ("/", "/feed.atom")
# An embargoed address may take as long as an unknown one, give or take what a busy machine does to medians.
SLOWER, TIMED = 1.5, 150
BASE_URL = "http://localhost"


@dataclass
class Told:
    """How many answers were looked at, how long after its instant each text was public, and what does not hold."""

    looked_at: int = 0
    delays: list[float] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


def settings_for(url: str, folder: Path) -> Settings:
    """An installation that keeps its mails in `folder`."""
    mail = f"file://{folder / 'mail'}"
    return Settings(url, KEYS, BASE_URL, mail, "undersigned@lead.example", folder, signing_key=SIGNING_KEY)


@contextmanager
def workers(settings: Settings, sessions: sessionmaker[Session], number: int = WORKERS) -> Iterator[None]:
    """So many worker processes, as the operator starts them; each of them has done a job already."""
    environment = {
        **os.environ,
        "WORKFLOW_DATABASE_URL": settings.database_url,
        "WORKFLOW_SECRET_KEYS": ",".join(KEYS),
        "WORKFLOW_BASE_URL": settings.base_url,
        "WORKFLOW_MAIL_URL": settings.mail_url,
        "WORKFLOW_MAIL_FROM": settings.mail_from,
        "WORKFLOW_DATA_DIR": str(settings.data_dir),
        "WORKFLOW_SIGNING_KEY": settings.signing_key,
    }
    order = [sys.executable, "-m", "workflow.cli", "worker"]
    root, started = Path(__file__).parents[2], []
    journals = [settings.data_dir / f"worker-{one}.log" for one in range(number)]
    for journal in journals:
        with journal.open("wb") as told:
            started.append(subprocess.Popen(order, env=environment, cwd=root, stdout=told, stderr=told))
    try:
        _wait_for_all(journals, sessions)
        yield
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.wait(60)


def _wait_for_all(journals: Sequence[Path], sessions: sessionmaker[Session]) -> None:
    """Give jobs that do nothing until each of the workers has done one."""
    until = time.monotonic() + PATIENCE
    number = 0
    while not all(b"outcome=done" in one.read_bytes() for one in journals):
        if time.monotonic() > until:
            raise TimeoutError("not every worker has begun")
        with sessions() as session, transaction(session):
            waiting = session.scalar(select(func.count()).select_from(Job).where(Job.subject_id < 0)) or 0
            for _ in range(2 * len(journals) - waiting):
                number += 1
                outbox.await_instant(session, outbox.FORGET_PREVIEWS, -number, clock.now())
        time.sleep(0.2)


# What waits ---------------------------------------------------------------------------------------


def embargoed(session: Session, word: str, at: datetime) -> World:
    """A locked text in which every part holds `word`, with journalists who get it, one of them a preview too."""
    number = _count(session)
    session.rollback()  # what it read would be too old to write upon once a worker has written
    made = begin(session, f"Lead {number}")
    made.statement = _drafted(session, made, spelled(word), spelled(word, TRANSLATED))
    now = clock.now()
    circulate(made, ending=Ending(Completion.EMBARGO, embargo_at=at), now=now, deadline=now + timedelta(days=2))
    people = [Address(f"Reporter {one}", f"reporter{one}@paper.example.net") for one in range(JOURNALISTS)]
    press.add(session, now, made.user.id, people, "en")
    ids = [one.id for one in _journalists(session, made)]
    press.choose(session, now, made.user.id, made.statement.public_id, ids)
    for index, invitation in enumerate(made.invitations):
        signing.answer(session, LINKS, clock.now(), invitation.id, 1, offered(made, index))
    who = (session, clock.now(), made.user.id, made.statement.public_id)
    previewing.add(*who, people[:1], language="en", time_zone="UTC", hours=None)
    session.rollback()
    return made


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Statement)) or 0


def _journalists(session: Session, made: World) -> list[press.Journalist]:
    return list(press.looking.press_list(session, made.user.organisation_id))


def _drafted(session: Session, made: World, edition: Edition, translation: Edition) -> Statement:
    who = (session, clock.now(), made.user.id, made.coalition.id)
    drafted = drafting.begin(*who, edition, translations=[translation])
    session.expunge_all()
    return drafted


def spelled(word: str, edition: Edition = SECRET) -> Edition:
    """The edition whose every part holds the canary, with another word for it."""

    def other(value: object) -> object:
        if isinstance(value, str):
            return value.replace(TEXT, word).replace(TEXT.lower(), word.lower())
        if isinstance(value, tuple):
            return tuple(other(one) for one in value)
        if hasattr(value, "__dataclass_fields__"):
            return replace(value, **{name: other(getattr(value, name)) for name in value.__dataclass_fields__})  # type: ignore[type-var]
        return value

    made = other(edition)
    assert isinstance(made, Edition)
    return made


# Before -------------------------------------------------------------------------------------------


def addresses(app: Flask, worlds: list[World]) -> list[str]:
    """Every address of the application, filled in as somebody would who knows every number."""
    adapter = app.url_map.bind("localhost")
    found = set(ELSEWHERE)
    for rule in app.url_map.iter_rules():
        for made in worlds:
            given = (
                {**arguments(made), "slug": slug_of(made.revision.parsed.authoritative.headline)}
                if (made.circulation)
                else arguments(made)
            )
            found.add(adapter.build(rule.endpoint, {name: given[name] for name in rule.arguments}, method=None))
    return sorted(found)


def sweep(client: FlaskClient, paths: list[str], words: list[str], told: Told) -> None:
    """Every address × method × Accept × suffix: none of the words."""
    looks = [(path + suffix, "GET", "text/html") for path in paths for suffix in SUFFIXES if path != "/"]
    looks += [(path, "GET", accept) for path in paths for accept in ACCEPTS]
    looks += [(path, method, "text/html") for path in paths for method in METHODS]
    for path, method, accept in looks:
        answer = client.open(path, method=method, headers={"Accept": accept}, buffered=True)
        told.looked_at += 1
        held = canaries(answer, *words)
        if held:
            told.violations.append(f"{method} {path} ({accept}) holds {held} before the instant")
        if answer.status_code >= 500:
            told.violations.append(f"{method} {path} ({accept}): {answer.status_code}")


def whole(client: FlaskClient, path: str, method: str, accept: str) -> tuple[object, ...]:
    """All of an answer but its date."""
    answer = client.open(path, method=method, headers={"Accept": accept}, buffered=True)
    return answer.status, sorted(pair for pair in answer.headers if pair[0] != "Date"), answer.data


def alike(client: FlaskClient, slugs: list[str], methods: Sequence[str], told: Told) -> None:
    """An address that will be public answers like one that is unknown, byte for byte."""
    forms = (*PUBLIC, *MADE, ".html", "/")
    for form in forms:
        for method in methods:
            for accept in ACCEPTS:
                nothing = whole(client, f"/statements/{UNKNOWN}{form}", method, accept)
                for slug in slugs:
                    told.looked_at += 1
                    if whole(client, f"/statements/{slug}{form}", method, accept) != nothing:
                        told.violations.append(f"{method} {form} ({accept}) of {slug} is told from nothing")


def as_fast(client: FlaskClient, slugs: list[str], told: Told) -> None:
    """The same for the time: by the medians of many answers, taken in turns."""
    taken: dict[str, list[float]] = {"embargoed": [], "unknown": []}
    for number in range(TIMED):
        turns = [("embargoed", slugs[number % len(slugs)]), ("unknown", UNKNOWN)]
        for name, slug in turns if number % 2 else reversed(turns):
            begun = time.perf_counter()
            client.get(f"/statements/{slug}")
            taken[name].append(time.perf_counter() - begun)
    medians = {name: statistics.median(found) for name, found in taken.items()}
    if max(medians.values()) > SLOWER * min(medians.values()):
        told.violations.append(f"an embargoed address is told from an unknown one by its time: {medians}")


# At the instant -----------------------------------------------------------------------------------


def watch(client: FlaskClient, word: str, at: datetime, folder: Path, promised: float, told: Told) -> None:
    """Ask for every public form again and again: nothing before the instant, everything within `promised` seconds."""
    paths = [*(f"/statements/{slug_of(spelled(word).headline)}{form}" for form in PUBLIC), *LISTS]
    missing, last = set(paths), at
    while missing and clock.now() < at + timedelta(seconds=60):
        for path in sorted(missing):
            asked = clock.now()
            held = canaries(client.get(path, buffered=True), word)
            answered = clock.now()
            told.looked_at += 1
            if held and answered < at:
                told.violations.append(f"{path} holds {word} before the instant")
            if held:
                missing.discard(path)
                last = asked
        if clock.now() < at:
            early = [one.name for one in (folder / "mail").glob("*.eml") if word.encode() in one.read_bytes()]
            if early and clock.now() < at:  # else it was the reading that took until then
                told.violations.append(f"letters hold {word} before the instant: {early}")
    if missing:
        told.violations.append(f"a minute after the instant still not public: {sorted(missing)}")
        return
    told.delays.append((last - at).total_seconds())
    if told.delays[-1] > promised:
        told.violations.append(f"{word} was public {told.delays[-1]:.2f} s after its instant")


def afterwards(session: Session, made: World, word: str, told: Told) -> None:
    """Published once, and each journalist has one letter."""
    published = select(func.count()).select_from(Publication).where(Publication.statement_id == made.statement.id)
    if session.scalar(published) != 1:
        told.violations.append(f"{word}: {session.scalar(published)} publications")
    of_it = (Letter.statement_id == made.statement.id, Letter.kind == "release")
    to = list(session.scalars(select(Letter.journalist_id).where(*of_it)))
    if len(to) != JOURNALISTS or len(set(to)) != JOURNALISTS:
        told.violations.append(f"{word}: releases went to {to}")
    session.rollback()


def releases(
    sessions: sessionmaker[Session],
    url: str,
    folder: Path,
    seed: int,
    rounds: int,
    *,
    whole_sweep: bool = True,
    promised: float = PROMISED,
) -> Told:
    """So many embargoes that end, one after the other, each looked at before, at, and after its instant."""
    told, random_ = Told(), random.Random(seed)
    settings = settings_for(url, folder)
    app = create_app(settings)
    client = app.test_client()
    with sessions() as session, workers(settings, sessions):
        draft = begin(session, "Lead of a draft", (TRANSLATED,))
        far = embargoed(session, "Farawaykestrel", clock.now() + timedelta(days=1))
        paths = addresses(app, [draft, far])
        if not whole_sweep:
            paths = random_.sample(paths, 10)
        sweep(client, paths, [TEXT, "Farawaykestrel"], told)
        slugs = [slug_of(spelled("Farawaykestrel").headline), far.statement.public_id]
        alike(client, slugs, METHODS if whole_sweep else ("GET",), told)
        if whole_sweep:
            as_fast(client, slugs, told)
        for _ in range(rounds):
            word = "Canary" + "".join(random_.choices("bcdfghjklmnpqrstvwz", k=12))
            at = clock.now() + AHEAD + timedelta(seconds=random_.random())
            made = embargoed(session, word, at)
            watch(client, word, at, folder, promised, told)
            afterwards(session, made, word, told)
        told.violations += violations(session)
    app.extensions["undersigned"].engine.dispose()
    return told
