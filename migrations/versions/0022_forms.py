"""Files of publications that are made by a job, and the name and address that a coalition has in public.

The new columns stand in the table as it is: nothing is made anew and no trigger is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "public_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("drawn_from", sa.String(64), nullable=False),
        sa.Column("drawn_with", sa.String(40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind IN ('pdf', 'png', 'zip')", name=op.f("ck_public_files_kind")),
        sa.CheckConstraint("(size IS NULL) = (content IS NULL)", name=op.f("ck_public_files_size_of_content")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_public_files_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_files")),
        sa.UniqueConstraint(
            "statement_id", "language", "kind", name=op.f("uq_public_files_statement_id_language_kind")
        ),
    )
    op.add_column("coalitions", sa.Column("public_name", sa.String(300), server_default=sa.text("''"), nullable=False))
    op.add_column("coalitions", sa.Column("slug", sa.String(120), nullable=True))
    op.create_index("uq_coalitions_slug", "coalitions", ["slug"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_coalitions_slug", table_name="coalitions")
    op.drop_column("coalitions", "slug")
    op.drop_column("coalitions", "public_name")
    op.drop_table("public_files")
