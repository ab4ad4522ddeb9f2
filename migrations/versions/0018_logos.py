"""Logos of organisations, which of them an answer lets stand beside the name, and a style of the list with them.

The new columns have a value in the database too, so that no table with triggers is made anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None

BEFORE = "style IN ('line', 'numbered', 'columns', 'persons')"
NOW = "style IN ('line', 'numbered', 'columns', 'persons', 'logos')"


def _styles(condition: str) -> None:
    with op.batch_alter_table("listings") as listings:
        listings.drop_constraint(op.f("ck_listings_style"), type_="check")
        listings.create_check_constraint(op.f("ck_listings_style"), condition)


def _protection(dialect: str) -> str:
    """What an answer agreed to can be erased, and never become another logo."""
    changed = "BEFORE UPDATE ON answers FOR EACH ROW WHEN (NEW.logo <> OLD.logo AND NEW.logo <> '')"
    if dialect == "postgresql":
        return f"CREATE TRIGGER protect_answers_logo {changed} EXECUTE FUNCTION refuse_change()"
    refused = "SELECT RAISE(ABORT, 'answers are append-only: update refused')"
    return f"CREATE TRIGGER protect_answers_logo {changed} BEGIN {refused}; END"


def upgrade() -> None:
    op.create_table(
        "logos",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_logos_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "digest", name=op.f("pk_logos")),
    )
    op.create_index(op.f("ix_logos_digest"), "logos", ["digest"])
    op.add_column("organisations", sa.Column("logo", sa.String(64), server_default=sa.text("''"), nullable=False))
    op.add_column("answers", sa.Column("logo", sa.String(64), server_default=sa.text("''"), nullable=False))
    _styles(NOW)
    op.execute(_protection(op.get_bind().dialect.name))


def downgrade() -> None:
    """Refused where something is published with logos: it cannot be shown without them, nor changed."""
    shown = sa.text('SELECT count(*) FROM publications WHERE manner LIKE \'%"style": "logos"%\'')
    if op.get_bind().execute(shown).scalar_one():
        raise RuntimeError("a statement is published with logos: this database cannot go back below 0018")
    op.execute("UPDATE listings SET style = 'columns' WHERE style = 'logos'")
    _styles(BEFORE)
    on = " ON answers" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER protect_answers_logo{on}")
    op.drop_column("answers", "logo")
    op.drop_column("organisations", "logo")
    op.drop_index(op.f("ix_logos_digest"), table_name="logos")
    op.drop_table("logos")
