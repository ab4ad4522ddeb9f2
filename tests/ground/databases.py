"""Migrated databases for the tests: a fresh SQLite file or PostgreSQL database each, copied from a template."""

import itertools
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from tests.builders import SIGNING
from tests.ground.postgres import Server
from workflow import db
from workflow.upgrade import upgrade

COUNTER = itertools.count(1)


@dataclass
class Database:
    """A migrated database: its address, an engine, and sessions on it."""

    url: str
    engine: Engine
    sessions: sessionmaker[Session]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    engine = db.engine_for(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql: Server) -> str:
    name = f"template_{os.getpid()}"
    engine = db.engine_for(postgresql.create(name))
    upgrade(engine)
    engine.dispose()
    return name


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "undersigned.sqlite3"
    shutil.copy(sqlite_template, path)
    yield from _database(f"sqlite:///{path}")


@pytest.fixture
def postgresql_database(postgresql: Server, postgresql_template: str) -> Iterator[Database]:
    name = f"test_{os.getpid()}_{next(COUNTER)}"
    yield from _database(postgresql.create(name, template=postgresql_template))
    postgresql.drop(name)


def _database(url: str) -> Iterator[Database]:
    engine = db.engine_for(url)
    yield Database(url, engine, db.sessions_for(engine, SIGNING))
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Database:
    """Each test that asks for this runs twice: on SQLite and on PostgreSQL."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.sessions() as opened:
        yield opened
