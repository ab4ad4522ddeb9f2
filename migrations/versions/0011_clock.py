"""The clock: late answers that the lead has counted.

The new columns have a value in the database too, so that no table is made anew and no trigger is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("signatories", sa.Column("counted_answer_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    """What only these columns knew goes: a late answer that was counted is late again."""
    op.drop_column("signatories", "counted_answer_id")
