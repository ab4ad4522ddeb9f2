"""The rule of completeness: a number of the others, open until the deadline, silence; signatories taken off a roll.

The new columns have a value in the database too, so that no table is made anew and no trigger is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANTS = {"circulations": ("time_up_at", "broken_at"), "signatories": ("dropped_at",)}


def upgrade() -> None:
    op.add_column("circulations", sa.Column("others", sa.Integer(), server_default="0", nullable=False))
    for name in ("hold_open", "silence"):
        op.add_column("circulations", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    for table, names in INSTANTS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """What only these columns knew goes: a roll has its dropped signatories again."""
    for table, names in INSTANTS.items():
        for name in names:
            op.drop_column(table, name)
    for name in ("silence", "hold_open", "others"):
        op.drop_column("circulations", name)
