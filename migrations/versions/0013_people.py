"""People: contacts hand over to colleagues.

The new columns have a value in the database too, so that no table is made anew and no trigger is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None

# Table: its new columns, each with its kind and the value of rows that are there; None: there is none.
ADDED = {
    "circulations": {"domains_asked": (sa.Boolean, sa.true())},
    "invitations": {
        "handed_to_id": (sa.Integer, None),
        "named_by_id": (sa.Integer, None),
        "waits_for_lead": (sa.Boolean, sa.false()),
    },
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, (kind, value) in columns.items():
            op.add_column(table, sa.Column(name, kind(), server_default=value, nullable=value is None))


def downgrade() -> None:
    """What the tables before could not hold goes: a link that was handed on, or waits for the lead, is revoked."""
    op.execute(
        "UPDATE invitations SET revoked_at = created_at"
        " WHERE revoked_at IS NULL AND (handed_to_id IS NOT NULL OR waits_for_lead)"
    )
    for table, columns in ADDED.items():
        for name in columns:
            op.drop_column(table, name)
