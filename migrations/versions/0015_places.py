"""Who was taken off a roll and comes back has a new place there; the former one stays as history."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WHOSE = ["circulation_id", "organisation_id"]
ONCE = "uq_signatories_circulation_id_organisation_id"
ON_THE_ROLL = sa.text("dropped_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("signatories") as signatories:
        signatories.drop_constraint(op.f(ONCE), type_="unique")
    op.create_index(
        "uq_signatories_one_place",
        "signatories",
        WHOSE,
        unique=True,
        sqlite_where=ON_THE_ROLL,
        postgresql_where=ON_THE_ROLL,
    )
    op.create_index(op.f("ix_signatories_circulation_id"), "signatories", ["circulation_id"])


def downgrade() -> None:
    """Refused by the constraint where somebody has come back: what was said on a former place cannot be thrown away."""
    op.drop_index(op.f("ix_signatories_circulation_id"), table_name="signatories")
    op.drop_index("uq_signatories_one_place", table_name="signatories")
    with op.batch_alter_table("signatories") as signatories:
        signatories.create_unique_constraint(op.f(ONCE), WHOSE)
