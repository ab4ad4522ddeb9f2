"""The database: engine, base class with constraint names, sessions and transactions.

SQLite runs in WAL with `synchronous=FULL`; writers begin IMMEDIATE, so that they wait for each other at
the start instead of failing in the middle. PostgreSQL runs READ COMMITTED and writers lock the statement row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, DateTime, Engine, MetaData, TypeDecorator, create_engine, event, text
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from workflow.keys import SigningKey

WRITES = "workflow_writes"
# Under which word a session holds what signs its publications.
SIGNING_KEY = "signing_key"
BUSY_TIMEOUT_MS = 30_000


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: only aware datetimes go in, UTC comes out, on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all rows. Every constraint has a name, so that migrations can change it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy reads it as declared


def only(condition: str) -> dict[str, Any]:
    """The words of an index over the rows alone that meet a condition."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def engine_for(url: str) -> Engine:
    """An engine for `url` with what promises.md asks of every connection set. Its faults tell no values."""
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=10)


def _prepare_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:
    del record
    # The driver must not begin transactions by itself: _begin_sqlite says how they begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # Without it INSERT OR REPLACE deletes protected rows past their triggers.
        "recursive_triggers=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def sessions_for(engine: Engine, signing_key: SigningKey | None = None) -> sessionmaker[Session]:
    """Sessions on `engine`; rows stay readable after commit. Without the signing key they can publish nothing."""
    return sessionmaker(engine, expire_on_commit=False, info={SIGNING_KEY: signing_key})


@contextmanager
def transaction(session: Session) -> Iterator[None]:
    """One writing transaction: commits at the end, rolls back on any exception.

    What the session read before is let go first: a decision rests only on what is read inside. (Expunged
    before the rollback, rows that a page still shows keep what they had loaded.)
    """
    session.expunge_all()
    session.rollback()
    session.connection(execution_options={WRITES: True})
    try:
        yield
    except BaseException:
        session.rollback()
        raise
    session.commit()
