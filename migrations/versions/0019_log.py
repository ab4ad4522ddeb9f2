"""The public log, its keys and checkpoints, and the signatures of records.

What was published before is entered and signed by `workflow migrate` after this: signing needs the key, which no
migration has.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# Table: the keys that a second insert could hit. No row of these ever changes or goes.
PROTECTED = {
    "log_keys": ("number", "public", "leaf"),
    "log_leaves": ("number",),
    "log_nodes": ("level, place",),
    "log_checkpoints": ("size",),
    "record_signatures": ("statement_id",),
}


def _number(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False)


def _hash(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=64), nullable=False)


def upgrade() -> None:
    op.create_table(
        "log_keys",
        _number("number"),
        _hash("public"),
        _text("origin"),
        _text("statement"),
        sa.Column("leaf", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_keys")),
        sa.UniqueConstraint("public", name=op.f("uq_log_keys_public")),
        sa.UniqueConstraint("leaf", name=op.f("uq_log_keys_leaf")),
    )
    op.create_table(
        "log_leaves",
        _number("number"),
        _text("body"),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("number >= 0", name=op.f("ck_log_leaves_from_zero")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_log_leaves_statement_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_leaves")),
    )
    op.create_index(op.f("ix_log_leaves_statement_id"), "log_leaves", ["statement_id"], unique=False)
    op.create_table(
        "log_nodes",
        _number("level"),
        _number("place"),
        _hash("hash"),
        sa.PrimaryKeyConstraint("level", "place", name=op.f("pk_log_nodes")),
    )
    op.create_table(
        "log_checkpoints",
        _number("size"),
        _text("text"),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_checkpoints")),
    )
    op.create_table(
        "record_signatures",
        _number("statement_id"),
        _hash("public"),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        _text("minisign"),
        _text("ssh"),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_record_signatures_statement_id")),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_record_signatures")),
    )
    for table, keys in PROTECTED.items():
        for statement in _protection(table, keys):
            op.execute(statement)


def _protection(table: str, keys: tuple[str, ...]) -> list[str]:
    named = f"CREATE TRIGGER protect_{table}_"
    if op.get_bind().dialect.name == "postgresql":
        refused = "EXECUTE FUNCTION refuse_change()"
        return [
            f"{named}update BEFORE UPDATE ON {table} FOR EACH ROW {refused}",
            f"{named}delete BEFORE DELETE ON {table} FOR EACH ROW {refused}",
            f"{named}truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refused}",
        ]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} are append-only: {{}} refused'); END"
    clashes = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} t WHERE "  # noqa: S608 - names of PROTECTED only
        f"{' AND '.join(f't.{column} = NEW.{column}' for column in key.split(', '))})"
        for key in keys
    )
    return [
        f"{named}update BEFORE UPDATE ON {table} {refuse.format('update')}",
        f"{named}delete BEFORE DELETE ON {table} {refuse.format('delete')}",
        f"{named}insert BEFORE INSERT ON {table} WHEN {clashes} {refuse.format('replace')}",
    ]


def downgrade() -> None:
    """The log goes, and with it what receipts and copies prove; coming up again begins another one."""
    for table in reversed(PROTECTED):
        op.drop_table(table)
