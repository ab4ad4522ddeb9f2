"""Bringing a database to the shape that this code expects."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from workflow.config import MIGRATIONS

# PostgreSQL: two processes that start together must not migrate at the same time.
ADVISORY_LOCK = 8_261_406_113


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate the database of `engine` up to `revision`; nothing happens where it is there already."""
    _run(engine, command.upgrade, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Migrate the database of `engine` down to `revision` ("base" for an empty one)."""
    _run(engine, command.downgrade, revision)


def _run(engine: Engine, what: object, revision: str) -> None:
    with engine.connect() as connection:
        locked = connection.dialect.name == "postgresql"
        if locked:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
            connection.commit()
        config = _config()
        config.attributes["connection"] = connection
        with _tables_can_be_made_anew(connection):
            what(config, revision)  # type: ignore[operator]
            connection.commit()
        if locked:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
            connection.commit()


@contextmanager
def _tables_can_be_made_anew(connection: Connection) -> Iterator[None]:
    """SQLite drops a table that others refer to only while foreign keys are not enforced; they are checked after.

    The switch works outside transactions only, and a connection that goes back to the pool enforces them again.
    (SQLite documentation, ALTER TABLE, "Making Other Kinds Of Table Schema Changes".)
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = driver.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"rows refer to others that are not there: {broken[:5]}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def is_current(engine: Engine) -> bool:
    """Whether the database has the shape that this code expects."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
