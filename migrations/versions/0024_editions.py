"""Editions: names of organisations for single languages, their places in each list, translations added later.

The new columns are empty in rows that are there, so that no table is made anew and no trigger is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0015"
branch_labels = None
depends_on = None

# Table: its new columns; each holds a JSON object.
ADDED = {
    "organisations": ("listed_names",),
    "signatories": ("names", "decided_names", "listed_in"),
    "answers": ("names",),
}
REFERENCES = {"statement_id": "statements", "user_id": "users"}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name in columns:
            op.add_column(table, sa.Column(name, sa.JSON(), nullable=True))
    op.create_table(
        "translations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("approved_by", sa.String(length=300), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_translations_{column}"))
            for column, other in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translations")),
        sa.UniqueConstraint("statement_id", "language", name=op.f("uq_translations_statement_id_language")),
    )
    for statement in _protection():
        op.execute(statement)


def downgrade() -> None:
    """What only these tables and columns knew goes: translations added later, and names for single languages."""
    op.drop_table("translations")
    for table, columns in reversed(ADDED.items()):
        for name in reversed(columns):
            op.drop_column(table, name)


def _protection() -> list[str]:
    """A translation that was added is never changed: as it is with what was published."""
    named = "CREATE TRIGGER protect_translations_"
    if op.get_bind().dialect.name == "postgresql":
        refused = "EXECUTE FUNCTION refuse_change()"
        return [
            f"{named}update BEFORE UPDATE ON translations FOR EACH ROW {refused}",
            f"{named}delete BEFORE DELETE ON translations FOR EACH ROW {refused}",
            f"{named}truncate BEFORE TRUNCATE ON translations FOR EACH STATEMENT {refused}",
        ]
    refuse = "BEGIN SELECT RAISE(ABORT, 'translations are append-only: {} refused'); END"
    same = (
        "WHEN EXISTS (SELECT 1 FROM translations t WHERE t.id = NEW.id)"
        " OR EXISTS (SELECT 1 FROM translations t"
        " WHERE t.statement_id = NEW.statement_id AND t.language = NEW.language)"
    )
    return [
        f"{named}update BEFORE UPDATE ON translations {refuse.format('update')}",
        f"{named}delete BEFORE DELETE ON translations {refuse.format('delete')}",
        f"{named}insert BEFORE INSERT ON translations {same} {refuse.format('replace')}",
    ]
