"""People: contacts hand over to colleagues, contest answers, have their say to what the lead recorded.

The new columns have a value in the database too, so that no table is made anew and no trigger is lost.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


# Table: its new columns, each with its kind and the value of rows that are there; None: there is none.
ADDED = {
    "organisations": {"needed": (sa.Integer, "1")},
    "contacts": {"alternate": (sa.Boolean, sa.false()), "away_until": (_instant, None)},
    "circulations": {"domains_asked": (sa.Boolean, sa.true()), "word_hours": (sa.Integer, "24")},
    "invitations": {
        "handed_to_id": (sa.Integer, None),
        "named_by_id": (sa.Integer, None),
        "waits_for_lead": (sa.Boolean, sa.false()),
    },
    "signatories": {
        "contest_id": (sa.Integer, None),
        "recorded_kind": (lambda: sa.String(length=20), None),
        "needed": (sa.Integer, "1"),
        "voices": (sa.Integer, "1"),
    },
}
TABLES: dict[str, dict[str, Any]] = {
    "contests": {
        "references": {
            "signatory_id": "signatories",
            "answer_id": "answers",
            "invitation_id": "invitations",
            "resolved_by_id": "users",
        },
        "indexed": ("signatory_id", "answer_id"),
        "checks": {
            "resolution": "resolution IN ('stands', 'void')",
            "resolved_by_somebody": "(resolution IS NULL) = (resolved_at IS NULL)"
            " AND (resolution IS NULL) = (resolved_by_id IS NULL)",
        },
        "protected": ("id", "signatory_id", "answer_id", "invitation_id", "contested_at", "event_hash"),
    },
    "recordings": {
        "references": {
            "signatory_id": "signatories",
            "revision_id": "revisions",
            "user_id": "users",
            "invitation_id": "invitations",
            "answer_id": "answers",
        },
        "indexed": ("signatory_id",),
        "checks": {
            "how": "how IN ('phone', 'mail', 'talk')",
            "outcome": "outcome IN ('confirmed', 'unopposed', 'contradicted', 'overtaken')",
            "ended_some_time": "(outcome IS NULL) = (decided_at IS NULL)",
            "answer_that_counts": "answer_id IS NULL OR outcome IN ('confirmed', 'unopposed')",
        },
        "protected": ("id", "signatory_id", "revision_id", "user_id", "kind", "how", "recorded_at", "event_hash"),
    },
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, (kind, value) in columns.items():
            op.add_column(table, sa.Column(name, kind(), server_default=value, nullable=value is None))
    _create(
        "contests",
        sa.Column("signatory_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("contested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.Column("resolution", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
    )
    _create_recordings()


def _create_recordings() -> None:
    _create(
        "recordings",
        sa.Column("signatory_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("listed_name", sa.String(length=300), nullable=False),
        sa.Column("withheld", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("person_name", sa.String(length=300), nullable=False),
        sa.Column("person_role", sa.String(length=300), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
    )
    op.create_index("uq_recordings_answer_id", "recordings", ["answer_id"], unique=True)


def _create(table: str, *columns: sa.Column[Any]) -> None:
    """A table of TABLES with its keys, indexes and protection."""
    made = TABLES[table]
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        *columns,
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in made["checks"].items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, other in made["references"].items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for column in made["indexed"]:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    for statement in _protection(table, ", ".join(made["protected"])):
        op.execute(statement)


def _protection(table: str, columns: str) -> list[str]:
    """Triggers: these columns never change, no row goes, and none is put in the place of another."""
    named = f"CREATE TRIGGER protect_{table}_"
    if op.get_bind().dialect.name == "postgresql":
        refused = "EXECUTE FUNCTION refuse_change()"
        return [
            f"{named}update BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW {refused}",
            f"{named}delete BEFORE DELETE ON {table} FOR EACH ROW {refused}",
            f"{named}truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refused}",
        ]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} are append-only: {{}} refused'); END"
    same = f"WHEN EXISTS (SELECT 1 FROM {table} t WHERE t.id = NEW.id)"  # noqa: S608 - names of TABLES only
    return [
        f"{named}update BEFORE UPDATE OF {columns} ON {table} {refuse.format('update')}",
        f"{named}delete BEFORE DELETE ON {table} {refuse.format('delete')}",
        f"{named}insert BEFORE INSERT ON {table} {same} {refuse.format('replace')}",
    ]


def downgrade() -> None:
    """What the tables before could not hold goes: a link that was handed on, or waits for the lead, is revoked."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute(
        "UPDATE invitations SET revoked_at = created_at"
        " WHERE revoked_at IS NULL AND (handed_to_id IS NOT NULL OR waits_for_lead)"
    )
    for table, columns in ADDED.items():
        for name in columns:
            op.drop_column(table, name)
