"""On completion and after: embargo and validity, reconfirmations, withheld names, notes beside a publication.

The new columns have a value in the database too, so that no table is made anew and no trigger is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

DAYS = 90
COMPLETION = "VARCHAR(20) DEFAULT 'at-once' NOT NULL CONSTRAINT ck_circulations_completion CHECK ({})"
ONE_OF = "completion IN ('at-once', 'embargo', 'hold', 'press')"
ADDED = {
    "circulations": {
        "embargo_zone": (lambda: sa.String(length=60), "UTC"),
        "hold_minutes": (sa.Integer, "0"),
        "validity_days": (sa.Integer, str(DAYS)),
        "withheld_allowed": (sa.Boolean, sa.true()),
    },
    "signatories": {"withheld": (sa.Boolean, sa.false())},
    "answers": {"withheld": (sa.Boolean, sa.false())},
}
INSTANTS = ("embargo_at", "late_until", "held_since")
KINDS = "kind IN ('withdrawal', 'late', 'name-fix', 'correction', 'retraction')"
NOTE_CHECKS = {
    "kind": KINDS,
    "one_door": "(invitation_id IS NULL) <> (user_id IS NULL)",
    "of_one_in_the_record": "(signatory_id IS NULL) = (commitment IS NULL)",
    "fixed_name_is_committed": "(kind = 'name-fix') = (replaced_by IS NOT NULL)",
}
NOTE_REFERENCES = {
    "statement_id": "statements",
    "signatory_id": "signatories",
    "invitation_id": "invitations",
    "user_id": "users",
}
# Table: the columns that never change; None: none does. Of a note the words can be erased, and nothing else.
PROTECTED = {
    "reconfirmations": None,
    "notes": (
        *("id", "statement_id", "kind", "signatory_id", "commitment", "replaced_by"),
        *("invitation_id", "user_id", "noted_at", "event_hash"),
    ),
}
ERASABLE = ("text", "person_name", "person_role")


def upgrade() -> None:
    op.execute(f"ALTER TABLE circulations ADD COLUMN completion {COMPLETION.format(ONE_OF)}")
    for table, columns in ADDED.items():
        for name, (kind, value) in columns.items():
            op.add_column(table, sa.Column(name, kind(), server_default=value, nullable=False))
    for name in INSTANTS:
        op.add_column("circulations", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("signatories", sa.Column("commitment", sa.String(length=64), nullable=True))
    _create_reconfirmations()
    _create_notes()
    for statement in _protection():
        op.execute(statement)


def downgrade() -> None:
    """What the tables before could not hold goes, and a text that is locked is circulating again."""
    op.drop_table("notes")
    op.drop_table("reconfirmations")
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(f"DROP TRIGGER protect_answers_withheld{' ON answers' if postgresql else ''}")
    op.execute(
        "UPDATE circulations SET ended_at = NULL, outcome = NULL WHERE outcome = 'complete'"
        " AND statement_id IN (SELECT id FROM statements WHERE stage = 'locked')"
    )
    op.execute("UPDATE statements SET stage = 'circulating', slug = NULL WHERE stage = 'locked'")
    op.drop_column("signatories", "commitment")
    for name in INSTANTS:
        op.drop_column("circulations", name)
    for table, columns in ADDED.items():
        for name in columns:
            op.drop_column(table, name)
    op.drop_column("circulations", "completion")


def _create_reconfirmations() -> None:
    references = {
        "signatory_id": "signatories",
        "answer_id": "answers",
        "invitation_id": "invitations",
        "user_id": "users",
    }
    op.create_table(
        "reconfirmations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signatory_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("reconfirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(NOTE_CHECKS["one_door"], name=op.f("ck_reconfirmations_one_door")),
        *_references("reconfirmations", references),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconfirmations")),
    )
    op.create_index(op.f("ix_reconfirmations_signatory_id"), "reconfirmations", ["signatory_id"], unique=False)


def _create_notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("signatory_id", sa.Integer(), nullable=True),
        sa.Column("commitment", sa.String(length=64), nullable=True),
        sa.Column("replaced_by", sa.String(length=64), nullable=True),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("person_name", sa.String(length=300), nullable=False),
        sa.Column("person_role", sa.String(length=300), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_notes_{name}")) for name, rule in NOTE_CHECKS.items()),
        *_references("notes", NOTE_REFERENCES),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_statement_id"), "notes", ["statement_id"], unique=False)


def _references(table: str, references: dict[str, str]) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in references.items()
    ]


def _protection() -> list[str]:
    if op.get_bind().dialect.name == "postgresql":
        refused = "EXECUTE FUNCTION refuse_change()"
        found = [f"CREATE TRIGGER protect_answers_withheld BEFORE UPDATE OF withheld ON answers FOR EACH ROW {refused}"]
        for table, columns in PROTECTED.items():
            of = f" OF {', '.join(columns)}" if columns else ""
            named = f"CREATE TRIGGER protect_{table}_"
            found += [
                f"{named}update BEFORE UPDATE{of} ON {table} FOR EACH ROW {refused}",
                f"{named}delete BEFORE DELETE ON {table} FOR EACH ROW {refused}",
                f"{named}truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refused}",
            ]
        return [*found, f"CREATE TRIGGER protect_notes_words BEFORE UPDATE ON notes {_rewritten()} {refused}"]
    refuse = "BEGIN SELECT RAISE(ABORT, '{} are append-only: {} refused'); END"
    withheld = "CREATE TRIGGER protect_answers_withheld BEFORE UPDATE OF withheld ON answers"
    found = [f"{withheld} {refuse.format('answers', 'update')}"]
    for table, columns in PROTECTED.items():
        of = f" OF {', '.join(columns)}" if columns else ""
        named = f"CREATE TRIGGER protect_{table}_"
        same = f"WHEN EXISTS (SELECT 1 FROM {table} t WHERE t.id = NEW.id)"  # noqa: S608 - names of PROTECTED only
        found += [
            f"{named}update BEFORE UPDATE{of} ON {table} {refuse.format(table, 'update')}",
            f"{named}delete BEFORE DELETE ON {table} {refuse.format(table, 'delete')}",
            f"{named}insert BEFORE INSERT ON {table} {same} {refuse.format(table, 'replace')}",
        ]
    words = f"CREATE TRIGGER protect_notes_words BEFORE UPDATE ON notes {_rewritten()}"
    return [*found, f"{words} {refuse.format('notes', 'update')}"]


def _rewritten() -> str:
    """Words that become others, and not none."""
    tests = " OR ".join(f"(NEW.{name} <> OLD.{name} AND NEW.{name} <> '')" for name in ERASABLE)
    return f"FOR EACH ROW WHEN ({tests})"
