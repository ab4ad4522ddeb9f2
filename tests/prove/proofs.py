"""The proofs as `make prove` runs them: each on a database of its own if it needs one, scaled, told line by line."""

import random
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.builders import SIGNING
from tests.prove import (
    anchoring,
    canary,
    changed_records,
    doors,
    freshness,
    kills,
    life,
    life_on_rules,
    orders,
    orders_on_database,
    races,
    redlines,
    tampering,
    withheld,
)
from workflow import db
from workflow.upgrade import upgrade

RACES, LIVES, LIVES_ON_RULES, MOMENTS, PAIRS = 200, 2000, 20_000, 15, 2000
# From which scale on there are so many lives that each thing must have been met.
WHOLE_ENOUGH = 0.25
LONGEST_ORDER, ORDERS = 6, 2000
STORIES = 60
RELEASES = 10
EDITED = 3000
LONG_PLACES, TOOL_PLACES = 10_000, 60
TAMPERINGS = 10_000
WEB_PROCESSES, NOTED = 4, 40


@dataclass(frozen=True)
class Found:
    """What one proof found: how many runs, and what does not hold."""

    runs: int
    violations: list[str]


Proof = Callable[[str, float, int], Found]


def race(how: str, url: str, scale: float, seed: int) -> Found:
    """Two last signers at the same instant. Who comes first is not for us to say: the seed decides nothing."""
    del seed
    rounds = max(1, round(RACES * scale))
    return Found(rounds, races.race(url, rounds, how))


def live(url: str, scale: float, seed: int) -> Found:
    """Whole lives on a database, by the actions themselves."""
    number = max(1, round(LIVES * scale))
    engine = db.engine_for(url)
    sessions = db.sessions_for(engine, SIGNING)
    told = life.on_database(sessions, seed, number, lambda line: say(f"  {engine.dialect.name}: {line}"))
    engine.dispose()
    say(f"  seed {seed}, {engine.dialect.name}: {number} lives, {dict(told.met.most_common())}")
    wanted = (*life.MET, *(f"refused: {one}" for one in life.REFUSED))
    return Found(number, told.violations + _never(wanted, told.met, scale))


def live_on_rules(url: str, scale: float, seed: int) -> Found:
    """Whole lives on the pure rules, beside a second judge. Needs no database."""
    del url
    number = max(1, round(LIVES_ON_RULES * scale))
    told = life_on_rules.on_rules(seed, number, lambda line: say(f"  rules: {line}"))
    say(f"  seed {seed}: {told.runs} lives, {dict(told.met.most_common())}")
    return Found(number, told.violations + _never(life_on_rules.MET, told.met, scale))


def _never(wanted: Iterable[str], met: Mapping[str, int], scale: float) -> list[str]:
    """What lives should have met and never did: so many lives that do not are wrong themselves."""
    return [f"no life ever met: {one}" for one in wanted if scale >= WHOLE_ENOUGH and not met.get(one)]


def try_doors(url: str, scale: float, seed: int) -> Found:
    """Every door under every rule in every stage, on a SQLite of its own: all of them, whatever the scale."""
    del url, scale, seed
    with tempfile.TemporaryDirectory(prefix="undersigned-doors-") as folder:
        engine = db.engine_for(f"sqlite:///{Path(folder) / 'doors.sqlite3'}")
        upgrade(engine)
        cells, wrong = doors.every_door(db.sessions_for(engine, SIGNING))
        engine.dispose()
    return Found(cells, wrong)


def kill(url: str, scale: float, seed: int) -> Found:
    """Killed at every statement, and at random moments."""
    runs, wrong = 0, []
    for what in kills.DOINGS:
        told = kills.kills(url, what, every=max(1, round(1 / scale)), moments=round(MOMENTS * scale), seed=seed)
        runs += told.runs
        wrong += told.violations
        say(f"  {url.partition(':')[0].partition('+')[0]}: {what} killed {told.runs} times, kept {told.kept} times")
    return Found(runs, wrong)


def redline(url: str, scale: float, seed: int) -> Found:
    """Changes as a page shows them, applied to the old text, give the new one. Needs no database."""
    del url
    number = max(1, round(PAIRS * scale))
    told = redlines.round_trips(seed, number)
    say(f"  seed {seed}: {number} pairs, {dict(sorted(told.met.items()))}")
    return Found(number, told.violations)


def anchor(url: str, scale: float, seed: int) -> Found:
    """Comments on passages of texts that are edited: on their own words, or gone. Needs no database."""
    del url
    number = max(1, round(EDITED * scale))
    told = anchoring.edits(seed, number)
    say(f"  seed {seed}: {number} texts, {', '.join(f'{name}: {met}' for (_, name), met in sorted(told.met.items()))}")
    return Found(number, told.violations)


def order(url: str, scale: float, seed: int) -> Found:
    """Every order of what can happen, up to a length, on the rules alone; a smaller scale means a shorter length."""
    del url, seed
    told = orders.every_order(LONGEST_ORDER if scale >= 1 else LONGEST_ORDER - 2)
    say(f"  {told.runs} orders up to {told.longest} steps, {told.complete} of them complete")
    return Found(told.runs, told.violations)


def order_on_database(url: str, scale: float, seed: int) -> Found:
    """Random orders, longer ones too, by the actions themselves."""
    number = max(1, round(ORDERS * scale))
    engine = db.engine_for(url)
    told = orders_on_database.random_orders(db.sessions_for(engine, SIGNING), seed, number, say)
    engine.dispose()
    return Found(told.runs, told.violations)


def withheld_names(url: str, scale: float, seed: int) -> Found:
    """No byte given to anybody else holds a withheld name. On the database given, else on a SQLite of its own."""
    number = max(1, round(STORIES * scale))
    with tempfile.TemporaryDirectory(prefix="undersigned-withheld-") as folder:
        url = url or f"sqlite:///{Path(folder) / 'withheld.sqlite3'}"
        engine = db.engine_for(url)
        upgrade(engine)
        told = withheld.stories(db.sessions_for(engine, SIGNING), url, Path(folder), seed, number)
        say(f"  seed {seed}, {engine.dialect.name}: {told.runs} stories, {told.searched} answers and letters searched")
        engine.dispose()
    return Found(told.runs, told.violations)


def tampered_records(url: str, scale: float, seed: int) -> Found:
    """Records with one byte changed are refused by libraries and by the tools that are here. Needs no database."""
    del url
    told, chance = changed_records.Told(), random.Random(seed)
    short, long = changed_records.made_record(1), changed_records.made_record(1000)
    told_of = [
        (short, range(0, len(short), max(1, round(1 / scale)))),
        (long, chance.sample(range(len(long)), max(1, round(LONG_PLACES * scale)))),
    ]
    for message, places in told_of:
        changed_records.try_libraries(told, message, list(places), chance, lambda line: say(f"  {line}"))
    with tempfile.TemporaryDirectory(prefix="undersigned-records-") as folder:
        for message in (short, long):
            changed_records.try_tools(told, message, max(1, round(TOOL_PLACES * scale)), chance, Path(folder))
    here, whole = changed_records.tools_here(), list(changed_records.TOOLS)
    say(f"  seed {seed}: refused by {dict(told.refused_by)}")
    if here != whole:
        say(f"  not here, and so tried by its library alone: {', '.join(one for one in whole if one not in here)}")
    return Found(told.runs, told.violations)


def tampered_rows(url: str, scale: float, seed: int) -> Found:
    """Histories, notes and log tampered with at random: each is found. On the database given, else on a SQLite."""
    number = max(1, round(TAMPERINGS * scale))
    with tempfile.TemporaryDirectory(prefix="undersigned-tampering-") as folder:
        url = url or f"sqlite:///{Path(folder) / 'tampering.sqlite3'}"
        engine = db.engine_for(url)
        upgrade(engine)
        living = tampering.live(db.sessions_for(engine, SIGNING), Path(folder))
        told = tampering.tamper(living, seed, number, lambda line: say(f"  {engine.dialect.name}: {line}"))
        living.session.close()
        say(f"  seed {seed}, {engine.dialect.name}: {told.runs} tamperings, found by {dict(told.found_by)}")
        engine.dispose()
    return Found(told.runs, told.violations)


def note_everywhere(url: str, scale: float, seed: int) -> Found:
    """What is noted is what each of four processes answers within a second. Nothing in it is left to chance."""
    del seed
    with tempfile.TemporaryDirectory(prefix="undersigned-notes-") as folder:
        engine = db.engine_for(url)
        rounds = max(4, round(NOTED * scale))
        told = freshness.changes(db.sessions_for(engine, SIGNING), url, Path(folder), WEB_PROCESSES, rounds)
        say(f"  {told.changes} changes, {told.weighed} answers weighed; the oldest was old for {told.oldest:.2f} s")
        engine.dispose()
    return Found(told.changes, told.violations)


def embargo_canary(url: str, scale: float, seed: int) -> Found:
    """No byte of a draft or an embargoed text before the instant, all of it within two seconds after."""
    number = max(1, round(RELEASES * scale))
    with tempfile.TemporaryDirectory(prefix="undersigned-canary-") as folder:
        url = url or f"sqlite:///{Path(folder) / 'canary.sqlite3'}"
        engine = db.engine_for(url)
        upgrade(engine)
        told = canary.releases(db.sessions_for(engine, SIGNING), url, Path(folder), seed, number)
        slowest = max(told.delays, default=0.0)
        found = f"{told.looked_at} answers, {number} releases, slowest {slowest:.2f} s"
        say(f"  seed {seed}, {engine.dialect.name}: {found}")
        engine.dispose()
    return Found(told.looked_at, told.violations)


def say(line: str) -> None:
    """One line of progress, at once."""
    print(line, flush=True)
