"""Previews for journalists, the press list, and the operator's legal takedown as a dated note.

`notes` gets other CHECKs, for which SQLite makes the table anew: its triggers are made anew after it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ADDRESSEE = "ck_letters_one_addressee"
BEFORE = ("contact_id", "user_id", "application_id")
ADDED = {"preview_id": "previews", "journalist_id": "journalists"}
OF_OPERATOR = "kind IN ('takedown', 'restored')"
TWO_DOORS = "(invitation_id IS NULL) <> (user_id IS NULL)"
THREE_DOORS = f"({TWO_DOORS}) <> ({OF_OPERATOR} AND user_id IS NULL AND invitation_id IS NULL)"
FIVE_KINDS = "kind IN ('withdrawal', 'late', 'name-fix', 'correction', 'retraction')"
SEVEN_KINDS = "kind IN ('withdrawal', 'late', 'name-fix', 'correction', 'retraction', 'takedown', 'restored')"
# What of a note never changes; its words can be erased, and become no others.
KEPT = (
    *("id", "statement_id", "kind", "signatory_id", "commitment", "replaced_by"),
    *("invitation_id", "user_id", "noted_at", "event_hash"),
)
ERASABLE = ("text", "person_name", "person_role")


def upgrade() -> None:
    _create_previews()
    _create_press()
    with op.batch_alter_table("letters") as letters:
        letters.drop_constraint(op.f(ADDRESSEE), type_="check")
        for column, table in ADDED.items():
            letters.add_column(sa.Column(column, sa.Integer(), nullable=True))
            letters.create_foreign_key(op.f(f"fk_letters_{column}"), table, [column], ["id"])
        letters.create_check_constraint(op.f(ADDRESSEE), _one_of(*BEFORE, *ADDED))
    for column in ADDED:
        op.create_index(op.f(f"ix_letters_{column}"), "letters", [column])
    _remake_notes(SEVEN_KINDS, THREE_DOORS)
    where = sa.text(OF_OPERATOR)
    op.create_index("ix_notes_taken_down", "notes", ["statement_id"], sqlite_where=where, postgresql_where=where)


def _one_of(*columns: str) -> str:
    return f"({' + '.join(f'CASE WHEN {one} IS NULL THEN 0 ELSE 1 END' for one in columns)}) = 1"


def _create_previews() -> None:
    op.create_table(
        "previews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circulation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("hours IS NULL OR hours > 0", name=op.f("ck_previews_hours")),
        sa.ForeignKeyConstraint(["circulation_id"], ["circulations.id"], name=op.f("fk_previews_circulation_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_previews_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_previews")),
        sa.UniqueConstraint("circulation_id", "mail", name=op.f("uq_previews_circulation_id_mail")),
    )
    op.create_table(
        "preview_openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("preview_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["preview_id"], ["previews.id"], name=op.f("fk_preview_openings_preview_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preview_openings")),
    )
    op.create_index(op.f("ix_preview_openings_preview_id"), "preview_openings", ["preview_id"])


def _create_press() -> None:
    op.create_table(
        "journalists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["lead_id"], ["organisations.id"], name=op.f("fk_journalists_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journalists")),
        sa.UniqueConstraint("lead_id", "mail", name=op.f("uq_journalists_lead_id_mail")),
    )
    op.create_table(
        "press_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("journalist_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_press_choices_statement_id")),
        sa.ForeignKeyConstraint(["journalist_id"], ["journalists.id"], name=op.f("fk_press_choices_journalist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_press_choices")),
        sa.UniqueConstraint("statement_id", "journalist_id", name=op.f("uq_press_choices_statement_id_journalist_id")),
    )
    op.create_index(op.f("ix_press_choices_journalist_id"), "press_choices", ["journalist_id"])


def _remake_notes(kinds: str, doors: str) -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("notes") as notes:
        for name, rule in (("kind", kinds), ("one_door", doors)):
            notes.drop_constraint(op.f(f"ck_notes_{name}"), type_="check")
            notes.create_check_constraint(op.f(f"ck_notes_{name}"), rule)
    if sqlite:
        for statement in _protection():
            op.execute(statement)


def _protection() -> list[str]:
    """The triggers that protect notes on SQLite, as they were before the table was made anew."""
    refuse = "BEGIN SELECT RAISE(ABORT, 'notes are append-only: {} refused'); END"
    same = "WHEN EXISTS (SELECT 1 FROM notes t WHERE t.id = NEW.id)"
    rewritten = " OR ".join(f"(NEW.{name} <> OLD.{name} AND NEW.{name} <> '')" for name in ERASABLE)
    named = "CREATE TRIGGER protect_notes_"
    return [
        f"{named}update BEFORE UPDATE OF {', '.join(KEPT)} ON notes {refuse.format('update')}",
        f"{named}delete BEFORE DELETE ON notes {refuse.format('delete')}",
        f"{named}insert BEFORE INSERT ON notes {same} {refuse.format('replace')}",
        f"{named}words BEFORE UPDATE ON notes FOR EACH ROW WHEN ({rewritten}) {refuse.format('update')}",
    ]


def downgrade() -> None:
    """An older release knows no takedown: what was taken down has to be taken out of its reach before."""
    _forget_takedowns()
    op.drop_index("ix_notes_taken_down", table_name="notes")
    _remake_notes(FIVE_KINDS, TWO_DOORS)
    gone = " OR ".join(f"{one} IS NOT NULL" for one in ADDED)
    op.execute(
        "DELETE FROM jobs WHERE kind = 'send-letter'"  # noqa: S608 - names of ADDED only
        f" AND subject_id IN (SELECT id FROM letters WHERE {gone})"
    )
    op.execute("DELETE FROM jobs WHERE kind = 'forget-previews'")
    op.execute(f"DELETE FROM letters WHERE {gone}")  # noqa: S608 - names of ADDED only
    for column in ADDED:
        op.drop_index(op.f(f"ix_letters_{column}"), table_name="letters")
    with op.batch_alter_table("letters") as letters:
        letters.drop_constraint(op.f(ADDRESSEE), type_="check")
        for column in ADDED:
            letters.drop_constraint(op.f(f"fk_letters_{column}"), type_="foreignkey")
            letters.drop_column(column)
        letters.create_check_constraint(op.f(ADDRESSEE), _one_of(*BEFORE))
    for table in ("press_choices", "journalists", "preview_openings", "previews"):
        op.drop_table(table)


def _forget_takedowns() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:  # made anew with the table
        op.execute("DROP TRIGGER protect_notes_delete")
    else:
        op.execute("ALTER TABLE notes DISABLE TRIGGER USER")
    op.execute(f"DELETE FROM notes WHERE {OF_OPERATOR}")  # noqa: S608 - a constant
    if not sqlite:
        op.execute("ALTER TABLE notes ENABLE TRIGGER USER")
