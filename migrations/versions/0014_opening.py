"""Open pages, the applications made there, and letters to those who made them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TWO = "(contact_id IS NULL) <> (user_id IS NULL)"
THREE = (
    "(CASE WHEN contact_id IS NULL THEN 0 ELSE 1 END + CASE WHEN user_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN application_id IS NULL THEN 0 ELSE 1 END) = 1"
)
ADDRESSEE = "ck_letters_one_addressee"
CHECKS = {
    "decision": "decision IN ('accepted', 'refused')",
    "decided": "(decision IS NULL) = (decided_at IS NULL)",
    "confirmed_first": "decision IS NULL OR confirmed_at IS NOT NULL",
    "on_the_roll": "decision IS NULL OR decision <> 'accepted' OR signatory_id IS NOT NULL",
}
REFERENCES = {
    "circulation_id": "circulations",
    "revision_id": "revisions",
    "decided_by_id": "users",
    "signatory_id": "signatories",
}
LINES = {"key": 32, "name": 300, "country": 100, "person_name": 300, "person_role": 300, "mail": 254, "language": 20}
LINES_TO_COMPARE = {"name_key": 300, "mail_key": 254}
INDEXES = {
    "ix_applications_name": ["circulation_id", "name_key"],
    "ix_applications_mail": ["circulation_id", "mail_key"],
    "ix_applications_batch": ["batch"],
    "ix_applications_signatory_id": ["signatory_id"],
}


def upgrade() -> None:
    op.create_table(
        "open_pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circulation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["circulation_id"], ["circulations.id"], name=op.f("fk_open_pages_circulation_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["users.id"], name=op.f("fk_open_pages_opened_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_pages")),
        sa.UniqueConstraint("circulation_id", name=op.f("uq_open_pages_circulation_id")),
        sa.UniqueConstraint("key", name=op.f("uq_open_pages_key")),
    )
    _create_applications()
    with op.batch_alter_table("letters") as letters:
        letters.add_column(sa.Column("application_id", sa.Integer(), nullable=True))
        letters.drop_constraint(op.f(ADDRESSEE), type_="check")
        letters.create_check_constraint(op.f(ADDRESSEE), THREE)
        letters.create_foreign_key(op.f("fk_letters_application_id"), "applications", ["application_id"], ["id"])
    op.create_index(op.f("ix_letters_application_id"), "letters", ["application_id"])


def _create_applications() -> None:
    op.create_table(
        "applications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circulation_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("individual", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in LINES.items()),
        *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in LINES_TO_COMPARE.items()),
        sa.Column("imitates", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("batch", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("signatory_id", sa.Integer(), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_applications_{name}")) for name, rule in CHECKS.items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_applications_{column}"))
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("key", name=op.f("uq_applications_key")),
    )
    for name, columns in INDEXES.items():
        op.create_index(op.f(name), "applications", columns)


def downgrade() -> None:
    """Letters to those who only applied have nobody to go to any more; who was accepted stays on the roll."""
    op.execute("DELETE FROM jobs WHERE kind = 'forget-applications'")
    op.execute(
        "DELETE FROM jobs WHERE kind = 'send-letter'"
        " AND subject_id IN (SELECT id FROM letters WHERE application_id IS NOT NULL)"
    )
    op.execute("DELETE FROM letters WHERE application_id IS NOT NULL")
    op.drop_index(op.f("ix_letters_application_id"), table_name="letters")
    with op.batch_alter_table("letters") as letters:
        letters.drop_constraint(op.f("fk_letters_application_id"), type_="foreignkey")
        letters.drop_constraint(op.f(ADDRESSEE), type_="check")
        letters.drop_column("application_id")
        letters.create_check_constraint(op.f(ADDRESSEE), TWO)
    op.drop_table("applications")
    op.drop_table("open_pages")
