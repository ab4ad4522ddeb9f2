"""Alembic's environment: runs migrations over the connection that `workflow.upgrade` hands in, or by URL."""

from alembic import context

from workflow import models  # noqa: F401 - registers the rows
from workflow.db import Base, UtcDateTime, engine_for

config = context.config


def render_item(kind, item, _context):
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = engine_for(config.get_main_option("sqlalchemy.url"))
    with engine.connect() as connection:
        run(connection)
    engine.dispose()
