"""Editions: names of organisations for single languages, their places in each list, translations added later.

The new columns are empty in rows that are there. `notes` gets another kind, for which SQLite makes the table anew: its
triggers are made anew after it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# Table: its new columns; each holds a JSON object.
ADDED = {
    "organisations": ("listed_names",),
    "signatories": ("names", "decided_names", "listed_in"),
    "answers": ("names",),
}
SEVEN_KINDS = "kind IN ('withdrawal', 'late', 'name-fix', 'correction', 'retraction', 'takedown', 'restored')"
EIGHT_KINDS = SEVEN_KINDS.replace(")", ", 'translation')")
OF_OPERATOR = "kind IN ('takedown', 'restored')"
# What of a note never changes; its words can be erased, and become no others.
KEPT = (
    *("id", "statement_id", "kind", "signatory_id", "commitment", "replaced_by"),
    *("invitation_id", "user_id", "noted_at", "event_hash"),
)
ERASABLE = ("text", "person_name", "person_role")
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
    op.execute(_protection_of_names())
    _remake_notes(EIGHT_KINDS)


def downgrade() -> None:
    """What only these tables and columns knew goes: translations added later, and names for single languages."""
    _forget_translations()
    _remake_notes(SEVEN_KINDS)
    op.drop_table("translations")
    op.execute(f"DROP TRIGGER protect_answers_names{' ON answers' if _postgresql() else ''}")
    for table, columns in reversed(ADDED.items()):
        for name in reversed(columns):
            op.drop_column(table, name)


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _protection_of_names() -> str:
    """The names that an answer asks for can be erased, and never become others."""
    other = "CAST(NEW.names AS TEXT) {} CAST(OLD.names AS TEXT) AND COALESCE(CAST(NEW.names AS TEXT), '{{}}') <> '{{}}'"
    named = "CREATE TRIGGER protect_answers_names BEFORE UPDATE ON answers FOR EACH ROW WHEN ("
    if _postgresql():
        return f"{named}{other.format('IS DISTINCT FROM')}) EXECUTE FUNCTION refuse_change()"
    return f"{named}{other.format('IS NOT')}) BEGIN SELECT RAISE(ABORT, 'answers are append-only: update refused'); END"


def _remake_notes(kinds: str) -> None:
    where = sa.text(OF_OPERATOR)
    op.drop_index("ix_notes_taken_down", table_name="notes")
    with op.batch_alter_table("notes") as notes:
        notes.drop_constraint(op.f("ck_notes_kind"), type_="check")
        notes.create_check_constraint(op.f("ck_notes_kind"), kinds)
    op.create_index("ix_notes_taken_down", "notes", ["statement_id"], sqlite_where=where, postgresql_where=where)
    if not _postgresql():
        for statement in _protection_of_notes():
            op.execute(statement)


def _protection_of_notes() -> list[str]:
    """The triggers that protect notes on SQLite, as they were before the table was made anew."""
    refuse = "BEGIN SELECT RAISE(ABORT, 'notes are append-only: {} refused'); END"
    same = "WHEN EXISTS (SELECT 1 FROM notes t WHERE t.id = NEW.id)"
    rewritten = " OR ".join(f"(NEW.{name} <> OLD.{name} AND NEW.{name} <> '')" for name in ERASABLE)
    named = "CREATE TRIGGER protect_notes_"
    return [
        f"{named}update BEFORE UPDATE OF {', '.join(KEPT)} ON notes {refuse.format('update')}",
        f"{named}delete BEFORE DELETE ON notes {refuse.format('delete')}",
        f"{named}insert BEFORE INSERT ON notes {same} {refuse.format('replace')}",
        f"{named}words BEFORE UPDATE ON notes FOR EACH ROW WHEN ({rewritten}) {refuse.format('update')}",
    ]


def _forget_translations() -> None:
    if _postgresql():
        op.execute("ALTER TABLE notes DISABLE TRIGGER USER")
    else:  # made anew with the table
        op.execute("DROP TRIGGER protect_notes_delete")
    op.execute("DELETE FROM notes WHERE kind = 'translation'")
    if _postgresql():
        op.execute("ALTER TABLE notes ENABLE TRIGGER USER")


def _protection() -> list[str]:
    """A translation that was added is never changed: as it is with what was published."""
    named = "CREATE TRIGGER protect_translations_"
    if _postgresql():
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
