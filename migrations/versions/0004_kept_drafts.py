"""What is being typed at the desk is kept, editor by editor, until it is saved."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_kept_drafts_statement_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_kept_drafts_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_drafts")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_kept_drafts_user_id_key")),
    )
    op.create_index(op.f("ix_kept_drafts_statement_id"), "kept_drafts", ["statement_id"], unique=False)
    op.create_index(op.f("ix_kept_drafts_kept_at"), "kept_drafts", ["kept_at"], unique=False)


def downgrade() -> None:
    op.drop_table("kept_drafts")
