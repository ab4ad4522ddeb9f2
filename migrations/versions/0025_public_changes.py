"""What changed of what is public, noted by the database itself: web processes read here what to forget.

Triggers and not the actions write it, so that none can forget to. A table that a public page is made of needs them
too: tests/house/test_ready.py looks.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# Tables whose rows are public, or become so with their statement; each row names its statement.
WATCHED = ("publications", "notes", "disclosures", "record_signatures", "public_files", "translations")
VERBS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
TABLES = {"OLD": "former", "NEW": "latter"}
# Triggers on single columns.
FURTHER = {"tell_statements_stage": "statements", "tell_coalitions_name": "coalitions"}


def upgrade() -> None:
    op.create_table(
        "public_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_changes")),
        sqlite_autoincrement=True,
    )
    write = _postgresql if op.get_bind().dialect.name == "postgresql" else _sqlite
    for table in WATCHED:
        write(table)
    _watch_stage()
    _watch_coalition()


def _sqlite(table: str) -> None:
    for verb, rows in VERBS.items():
        row = rows[-1]
        # A publication itself changes what is public; the rest only where there is one.
        when = "" if table == "publications" else f" WHEN {_published(f'{row}.statement_id')}"
        op.execute(
            f"CREATE TRIGGER tell_{table}_{verb.lower()} AFTER {verb} ON {table}{when} BEGIN {_noting(row)}; END"
        )


def _noting(row: str, column: str = "statement_id") -> str:
    return f"INSERT INTO public_changes (statement_id) VALUES ({row}.{column})"  # noqa: S608 - names of WATCHED


def _published(statement_id: str) -> str:
    return f"EXISTS (SELECT 1 FROM publications WHERE publications.statement_id = {statement_id})"  # noqa: S608


def _postgresql(table: str) -> None:
    """One row for each statement that a command touched, whatever the number of its rows."""
    for verb, rows in VERBS.items():
        row = rows[-1]
        name, changed = f"tell_{table}_{verb.lower()}", TABLES[row]
        only = "" if table == "publications" else f" WHERE {_published(f'{changed}.statement_id')}"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608 - names of WATCHED
            f"INSERT INTO public_changes (statement_id) SELECT DISTINCT {changed}.statement_id FROM {changed}{only}; "
            "RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {verb} ON {table} REFERENCING {row} TABLE AS {changed} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def _watch_stage() -> None:
    """A statement is published, retracted: its stage stands in the list."""
    moved = "OLD.stage <> NEW.stage"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION tell_statements_stage() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608
            f"IF {_published('NEW.id')} THEN INSERT INTO public_changes (statement_id) VALUES (NEW.id); END IF; "
            "RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER tell_statements_stage AFTER UPDATE OF stage ON statements FOR EACH ROW WHEN ({moved}) "
            "EXECUTE FUNCTION tell_statements_stage()"
        )
        return
    op.execute(
        "CREATE TRIGGER tell_statements_stage AFTER UPDATE OF stage ON statements "
        f"WHEN {moved} AND {_published('NEW.id')} BEGIN {_noting('NEW', 'id')}; END"
    )


def _watch_coalition() -> None:
    """The name that a coalition has in public stands on all that it has published."""
    published = "SELECT publications.statement_id FROM publications"
    published += " JOIN statements ON statements.id = publications.statement_id WHERE statements.coalition_id = NEW.id"
    note = f"INSERT INTO public_changes (statement_id) {published}"
    renamed = "AFTER UPDATE OF public_name ON coalitions"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION tell_coalitions_name() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{note}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER tell_coalitions_name {renamed} FOR EACH ROW WHEN (OLD.public_name <> NEW.public_name) "
            "EXECUTE FUNCTION tell_coalitions_name()"
        )
        return
    op.execute(
        f"CREATE TRIGGER tell_coalitions_name {renamed} WHEN OLD.public_name <> NEW.public_name BEGIN {note}; END"
    )


def downgrade() -> None:
    """What was noted is of use to running processes alone."""
    named = [(f"tell_{table}_{verb.lower()}", table) for table in WATCHED for verb in VERBS]
    for name, table in [*named, *FURTHER.items()]:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
        else:
            op.execute(f"DROP TRIGGER {name}")
    op.drop_table("public_changes")
