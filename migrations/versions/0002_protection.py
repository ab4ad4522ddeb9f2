"""Protection in the database itself: what was published, signed or said is never changed.

SQLite: BEFORE triggers; an INSERT over an existing key is refused too, so that INSERT OR REPLACE and upserts
find no way past them. PostgreSQL: the same, and TRUNCATE by statement triggers of its own.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Table: columns that may never change (None: none may), and the keys that a second insert could hit.
PROTECTED = {
    "publications": (None, ("id", "statement_id", "slug")),
    "events": (None, ("id", "statement_id, number")),
    "revisions": (None, ("id", "statement_id, number")),
    # What a person wrote can be erased later; who is bound to what cannot change.
    "answers": (
        (
            "id",
            "signatory_id",
            "revision_id",
            "invitation_id",
            "user_id",
            "kind",
            "answered_at",
            "event_hash",
        ),
        ("id",),
    ),
}
SENTENCE = "{table} are append-only: {verb} refused"


def _clash(table: str, keys: tuple[str, ...]) -> str:
    tests = []
    for key in keys:
        same = " AND ".join(f"t.{column.strip()} = NEW.{column.strip()}" for column in key.split(","))
        tests.append(f"EXISTS (SELECT 1 FROM {table} t WHERE {same})")  # noqa: S608 - names of PROTECTED only
    return " OR ".join(tests)


def _sqlite(table: str, columns: tuple[str, ...] | None, keys: tuple[str, ...]) -> None:
    of = f" OF {', '.join(columns)}" if columns else ""
    for verb, when in (("UPDATE", of), ("DELETE", "")):
        sentence = SENTENCE.format(table=table, verb=verb.lower())
        op.execute(
            f"CREATE TRIGGER protect_{table}_{verb.lower()} BEFORE {verb}{when} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
    sentence = SENTENCE.format(table=table, verb="replace")
    op.execute(
        f"CREATE TRIGGER protect_{table}_insert BEFORE INSERT ON {table} WHEN {_clash(table, keys)} "
        f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )


def _postgresql(table: str, columns: tuple[str, ...] | None) -> None:
    of = f" OF {', '.join(columns)}" if columns else ""
    for verb, when in (("UPDATE", of), ("DELETE", "")):
        op.execute(
            f"CREATE TRIGGER protect_{table}_{verb.lower()} BEFORE {verb}{when} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        f"CREATE TRIGGER protect_{table}_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION '% are append-only: % refused', TG_TABLE_NAME, lower(TG_OP) "
            "USING ERRCODE = 'restrict_violation'; END $$"
        )
    for table, (columns, keys) in PROTECTED.items():
        if dialect == "postgresql":
            _postgresql(table, columns)
        else:
            _sqlite(table, columns, keys)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in PROTECTED:
        if dialect == "postgresql":
            for verb in ("update", "delete", "truncate"):
                op.execute(f"DROP TRIGGER protect_{table}_{verb} ON {table}")
        else:
            for verb in ("update", "delete", "insert"):
                op.execute(f"DROP TRIGGER protect_{table}_{verb}")
    if dialect == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
