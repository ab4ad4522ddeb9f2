"""The clock: late answers that the lead has counted, reminders, soft deadlines.

The new columns have a value in the database too, so that no table is made anew and no trigger is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INSTANTS = ("soft_deadline_at", "reminders_since")
FLAGS = ("remind_half_way", "urgent")


def upgrade() -> None:
    for name in FLAGS:
        op.add_column("circulations", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column(
        "circulations", sa.Column("remind_hours", sa.String(60), server_default=sa.text("''"), nullable=False)
    )
    for name in INSTANTS:
        op.add_column("circulations", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("invitations", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("signatories", sa.Column("counted_answer_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    """What only these columns knew goes: a late answer that was counted is late again, nobody is reminded."""
    op.drop_column("invitations", "reminded_at")
    for name in ("remind_hours", *FLAGS, *INSTANTS):
        op.drop_column("circulations", name)
    op.drop_column("signatories", "counted_answer_id")
