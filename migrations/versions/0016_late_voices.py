"""Signing after the publication where several contacts of an organisation have to say the same: what each has said.

Append-only, as all that is said; what a person is called can be erased.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLE = "late_voices"
KEPT = "id, signatory_id, invitation_id, withheld, said_at, event_hash"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signatory_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("person_name", sa.String(length=300), nullable=False),
        sa.Column("person_role", sa.String(length=300), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["signatory_id"], ["signatories.id"], name=op.f(f"fk_{TABLE}_signatory_id")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name=op.f(f"fk_{TABLE}_invitation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(op.f(f"ix_{TABLE}_signatory_id"), TABLE, ["signatory_id"], unique=False)
    for statement in _protection():
        op.execute(statement)


def _protection() -> list[str]:
    """Triggers: what was said never changes, no row goes, and none is put in the place of another."""
    named = f"CREATE TRIGGER protect_{TABLE}_"
    if op.get_bind().dialect.name == "postgresql":
        refused = "EXECUTE FUNCTION refuse_change()"
        return [
            f"{named}update BEFORE UPDATE OF {KEPT} ON {TABLE} FOR EACH ROW {refused}",
            f"{named}delete BEFORE DELETE ON {TABLE} FOR EACH ROW {refused}",
            f"{named}truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT {refused}",
        ]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{TABLE} are append-only: {{}} refused'); END"
    same = f"WHEN EXISTS (SELECT 1 FROM {TABLE} t WHERE t.id = NEW.id)"  # noqa: S608 - the name is the one above
    return [
        f"{named}update BEFORE UPDATE OF {KEPT} ON {TABLE} {refuse.format('update')}",
        f"{named}delete BEFORE DELETE ON {TABLE} {refuse.format('delete')}",
        f"{named}insert BEFORE INSERT ON {TABLE} {same} {refuse.format('replace')}",
    ]


def downgrade() -> None:
    """What one of several contacts has said alone is lost; whoever signed late has its note."""
    op.drop_table(TABLE)
