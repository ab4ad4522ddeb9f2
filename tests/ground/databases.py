"""Migrated databases for the tests: a fresh SQLite file each, or a PostgreSQL database without rows.

A PostgreSQL database is copied from a template too, but that takes longer than most tests: who leaves its
schema as it was leaves it, emptied and counting from one again, to the next test of this process.
"""

import itertools
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.orm import Session, sessionmaker

from tests.builders import SIGNING
from tests.ground.postgres import Server
from workflow import db
from workflow.upgrade import upgrade

COUNTER = itertools.count(1)
# By its kind the engine that made the template, connected once: its dialect knows the server.
FIRST: dict[str, Engine] = {}


@dataclass
class Database:
    """A migrated database: its address, an engine, and sessions on it."""

    url: str
    engine: Engine
    sessions: sessionmaker[Session]


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """Every engine of this process knows the statements that others before it have compiled.

    A server has one engine for all its life and compiles each once; a test has a new one, and would spend a
    third of its time on compiling again.
    """

    def sharing(url: str, **how: Any) -> Engine:
        engine = create_engine(url, **how)
        if (known := FIRST.get(engine.dialect.name)) is not None:
            engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(db, "create_engine", sharing)
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    engine = db.engine_for(f"sqlite:///{path}")
    upgrade(engine)
    FIRST[engine.dialect.name] = engine
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql: Server) -> str:
    name = f"template_{os.getpid()}"
    engine = db.engine_for(postgresql.create(name))
    upgrade(engine)
    FIRST[engine.dialect.name] = engine
    engine.dispose()
    return name


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "undersigned.sqlite3"
    shutil.copy(sqlite_template, path)
    yield from _database(f"sqlite:///{path}")


class Kept:
    """The database that one test leaves to the next, if its schema is still that of the template."""

    def __init__(self, server: Server, template: str) -> None:
        self.server, self.template = server, template
        self.name, self.schema = "", ""

    def lent(self) -> str:
        """The address of a migrated database without rows."""
        if not self.name:
            self.name = f"test_{os.getpid()}_{next(COUNTER)}"
            url = self.server.create(self.name, template=self.template)
            with _as_admin(url) as connection:
                self.schema = _schema(connection)
        return self.server.url(self.name)

    def back(self) -> None:
        """Empties it, or does away with it: where its schema is another, or where much was written."""
        with _as_admin(self.server.url(self.name)) as connection:
            if _schema(connection) == self.schema and _emptied(connection):
                return
        self.server.drop(self.name)
        self.name = ""


# Dead rows are read over until they are swept up: a new copy is quicker.
MANY_ROWS = 3000
SCHEMA = """
SELECT md5(string_agg(said, ';' ORDER BY said)) FROM (
    SELECT concat_ws(' ', 'class', oid, relname, relkind, relchecks, relhastriggers) AS said FROM pg_class
    UNION ALL SELECT concat_ws(' ', 'trigger', oid, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', 'function', oid, md5(prosrc)) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'column', attrelid, attname, attnotnull, atthasdef) FROM pg_attribute
        WHERE attnum > 0 AND attrelid > 16384
    UNION ALL SELECT concat_ws(' ', 'version', version_num) FROM alembic_version
) AS everything
"""


def _as_admin(url: str) -> psycopg.Connection[tuple[str]]:
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))


def _schema(connection: psycopg.Connection[tuple[str]]) -> str:
    found = connection.execute(SCHEMA).fetchone()
    assert found
    return found[0]


def _emptied(connection: psycopg.Connection[tuple[str]]) -> bool:
    """Whether all rows are gone: not where we may not pass the triggers that protect them."""
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    try:
        connection.execute("SET LOCAL session_replication_role = replica")
    except psycopg.errors.InsufficientPrivilege:
        return False
    tables = connection.execute(
        "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
    ).fetchall()
    gone = sum(connection.execute(f"DELETE FROM {name}".encode()).rowcount for (name,) in tables)
    connection.execute("SELECT setval(seqrelid, seqstart, false) FROM pg_sequence")
    connection.commit()
    return gone <= MANY_ROWS


@pytest.fixture(scope="session")
def kept(postgresql: Server, postgresql_template: str) -> Kept:
    return Kept(postgresql, postgresql_template)


@pytest.fixture
def postgresql_database(kept: Kept) -> Iterator[Database]:
    yield from _database(kept.lent())
    kept.back()


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
