"""How signatories are listed: the manner of a statement, what is said of each, its place, and what was frozen of it.

The new columns have a value in the database too, so that no table is made anew and no trigger is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listings",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("ordered_by", sa.String(20), nullable=False),
        sa.Column("style", sa.String(20), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("lead_first", "article_ignored")),
        sa.Column("international_first", sa.Boolean(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "ordered_by IN ('alphabet', 'country', 'section', 'hand')", name=op.f("ck_listings_ordered_by")
        ),
        sa.CheckConstraint("style IN ('line', 'numbered', 'columns', 'persons')", name=op.f("ck_listings_style")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_listings_statement_id")),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_listings")),
    )
    op.create_table(
        "listed_as",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("acronym", sa.String(40), nullable=False),
        sa.Column("mark", sa.String(20), nullable=True),
        sa.Column("individual", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("mark IN ('identification', 'umbrella')", name=op.f("ck_listed_as_mark")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_listed_as_organisation_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_listed_as_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_as")),
        sa.UniqueConstraint("statement_id", "organisation_id", name=op.f("uq_listed_as_statement_id_organisation_id")),
    )
    op.create_index(op.f("ix_listed_as_organisation_id"), "listed_as", ["organisation_id"])
    op.add_column("signatories", sa.Column("listed_at", sa.Integer(), nullable=True))
    op.add_column("signatories", sa.Column("person_commitment", sa.String(64), nullable=True))
    op.add_column("answers", sa.Column("person_named", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("publications", sa.Column("manner", sa.Text(), server_default="{}", nullable=False))


def downgrade() -> None:
    """What only these tables and columns knew goes; the order of what was published stands in its listing."""
    op.drop_column("publications", "manner")
    op.drop_column("answers", "person_named")
    op.drop_column("signatories", "person_commitment")
    op.drop_column("signatories", "listed_at")
    op.drop_index(op.f("ix_listed_as_organisation_id"), table_name="listed_as")
    op.drop_table("listed_as")
    op.drop_table("listings")
