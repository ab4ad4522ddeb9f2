"""Review: remarks on passages with replies and dispositions, quotes as a gate, the editorial rule, comments first.

SQLite cannot change a column or a constraint, so a table that needs it is made anew and its rows are copied.
(None of these tables has triggers; foreign keys are looked at again when the migrations are done.)
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# What the new columns hold in rows that are there already.
CIRCULATIONS = {
    "objections_hold": (sa.Boolean, "false"),
    "visibility": (lambda: sa.String(length=20), "'everything'"),
    "editorial_hours": (sa.Integer, "0"),
    "editorial_words": (sa.Integer, "0"),
    "carried": (sa.JSON, "'[]'"),
}
OUTCOMES = "outcome IN ('complete', 'recalled', 'abandoned')"
OUTCOMES_NOW = "outcome IN ('complete', 'recalled', 'abandoned', 'concluded')"
CIRCULATION_CHECKS = {
    "visibility": "visibility IN ('everything', 'positions', 'nothing')",
    "objections_by_editorial_rule": "objections_until IS NULL OR editorial_hours > 0",
}
COMMENT_CHECKS = {
    "one_door": "(invitation_id IS NULL) <> (user_id IS NULL)",
    "kind": "kind IN ('comment', 'suggestion', 'objection', 'reply')",
    "reply_in_thread": "(kind = 'reply') = (thread_id IS NOT NULL)",
    "objection_is_answer": "(kind = 'objection') = (answer_id IS NOT NULL)",
    "disposition": "disposition IN ('accepted', 'partly', 'declined')",
    "disposed_at_an_instant": "(disposition IS NULL) = (disposed_at IS NULL)",
}
COMMENT_REFERENCES = {
    "circulation_id": "circulations",
    "user_id": "users",
    "thread_id": "comments",
    "answer_id": "answers",
    "disposed_by_id": "users",
    "taken_into_id": "revisions",
}
# In which circulation a comment was made, before that stood in its own row.
OF_ITS_SIGNATORY = "(SELECT s.circulation_id FROM signatories s WHERE s.id = comments.signatory_id)"
FIXED = (
    *("id", "signatory_id", "revision_id", "invitation_id", "user_id"),
    *("quote_digest", "decision", "decided_at", "event_hash"),
)


def upgrade() -> None:
    op.add_column("answers", sa.Column("passage", sa.JSON(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        _upgrade_postgresql()
    else:
        _anew("circulations", _circulations(now=True), {name: value for name, (_, value) in CIRCULATIONS.items()})
        _anew("signatories", _signatories(now=True), {"quotes": "'{}'"})
        given = {"circulation_id": OF_ITS_SIGNATORY, "kind": "'comment'", "proposed": "''", "reason": "''"}
        _anew("comments", _comments(now=True), given)
    for column in ("circulation_id", "thread_id"):
        op.create_index(op.f(f"ix_comments_{column}"), "comments", [column], unique=False)
    _create_quote_answers()


def downgrade() -> None:
    """What the tables before could not hold goes: the lead's replies, and words on quotes."""
    _drop_quote_answers()
    op.execute("UPDATE circulations SET outcome = 'recalled' WHERE outcome = 'concluded'")
    op.execute("DELETE FROM comments WHERE signatory_id IS NULL OR invitation_id IS NULL")
    op.execute("UPDATE comments SET thread_id = NULL, kind = 'comment' WHERE kind = 'reply'")
    for column in ("thread_id", "circulation_id"):
        op.drop_index(op.f(f"ix_comments_{column}"), table_name="comments")
    if op.get_bind().dialect.name == "postgresql":
        _downgrade_postgresql()
    else:
        _anew("comments", _comments(now=False), {})
        _anew("signatories", _signatories(now=False), {})
        _anew("circulations", _circulations(now=False), {})
    op.drop_column("answers", "passage")


# SQLite: the tables as they are now, and as they were ------------------------------------------------


def _circulations(*, now: bool) -> list[sa.schema.SchemaItem]:
    added = [
        *(sa.Column(name, kind(), nullable=False) for name, (kind, _) in CIRCULATIONS.items()),
        sa.Column("objections_until", sa.DateTime(timezone=True), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_circulations_{name}")) for name, rule in CIRCULATION_CHECKS.items()),
    ]
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("at_least", sa.Integer(), nullable=False),
        sa.Column("code_required", sa.Boolean(), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_zone", sa.String(length=60), nullable=False),
        sa.Column("cover_note", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        *(added if now else []),
        sa.CheckConstraint(OUTCOMES_NOW if now else OUTCOMES, name=op.f("ck_circulations_outcome")),
        sa.CheckConstraint("purpose IN ('sign-off', 'comment')", name=op.f("ck_circulations_purpose")),
        sa.CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name=op.f("ck_circulations_ended_with_outcome")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["users.id"], name=op.f("fk_circulations_opened_by_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_circulations_revision_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_circulations_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circulations")),
        sa.UniqueConstraint("statement_id", "number", name=op.f("uq_circulations_statement_id_number")),
    ]


def _signatories(*, now: bool) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circulation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("decided_name", sa.String(length=300), nullable=True),
        sa.Column("name_accepted", sa.Boolean(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        *([sa.Column("quotes", sa.JSON(), nullable=False)] if now else []),
        sa.CheckConstraint("role IN ('required', 'optional', 'observer')", name=op.f("ck_signatories_role")),
        sa.ForeignKeyConstraint(["circulation_id"], ["circulations.id"], name=op.f("fk_signatories_circulation_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_signatories_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatories")),
        sa.UniqueConstraint(
            "circulation_id", "organisation_id", name=op.f("uq_signatories_circulation_id_organisation_id")
        ),
    ]


def _comments(*, now: bool) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signatory_id", sa.Integer(), nullable=now),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=now),
        sa.Column("person_name", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        *([*_comment_columns(), *_comment_rules()] if now else []),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name=op.f("fk_comments_invitation_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_comments_revision_id")),
        sa.ForeignKeyConstraint(["signatory_id"], ["signatories.id"], name=op.f("fk_comments_signatory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    ]


def _comment_columns() -> list[sa.Column]:
    return [
        sa.Column("circulation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("passage", sa.JSON(), nullable=True),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("disposition", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("disposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disposed_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_into_id", sa.Integer(), nullable=True),
    ]


def _comment_rules() -> list[sa.Constraint]:
    return [
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_comments_{column}"))
            for column, table in COMMENT_REFERENCES.items()
        ),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_comments_{name}")) for name, rule in COMMENT_CHECKS.items()),
    ]


INDEXES = {
    "circulations": (),
    "signatories": ("answer_id", "organisation_id"),
    "comments": ("signatory_id",),
}


def _anew(table: str, items: list[sa.schema.SchemaItem], given: dict[str, str]) -> None:
    """Make `table` of `items`, with the rows that are there; `given` is SQL for columns that are new."""
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}
    kept = [item.name for item in items if isinstance(item, sa.Column) and item.name in there]
    op.create_table(f"new_{table}", *items)
    into, taken = ", ".join([*kept, *given]), ", ".join([*kept, *given.values()])
    op.execute(f"INSERT INTO new_{table} ({into}) SELECT {taken} FROM {table}")  # noqa: S608 - names from here only
    op.drop_table(table)
    op.rename_table(f"new_{table}", table)
    for column in INDEXES[table]:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    if table == "circulations":
        whole = sa.text("ended_at IS NULL")
        op.create_index("uq_circulations_one_open", table, ["statement_id"], unique=True, sqlite_where=whole)


# PostgreSQL ------------------------------------------------------------------------------------------


def _filled(table: str, column: sa.Column, value: str) -> None:
    """Add a column that must hold something, with `value` (SQL) in the rows that are there."""
    column.nullable = True
    op.add_column(table, column)
    op.execute(f"UPDATE {table} SET {column.name} = {value}")  # noqa: S608 - names and values from here only
    op.alter_column(table, column.name, nullable=False)


def _upgrade_postgresql() -> None:
    for name, (kind, value) in CIRCULATIONS.items():
        _filled("circulations", sa.Column(name, kind()), value)
    op.add_column("circulations", sa.Column("objections_until", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f("ck_circulations_outcome"), "circulations")
    for name, rule in {**CIRCULATION_CHECKS, "outcome": OUTCOMES_NOW}.items():
        op.create_check_constraint(op.f(f"ck_circulations_{name}"), "circulations", rule)
    _filled("signatories", sa.Column("quotes", sa.JSON()), "'{}'")
    values = {"circulation_id": OF_ITS_SIGNATORY, "kind": "'comment'", "proposed": "''", "reason": "''"}
    for column in _comment_columns():
        if column.name in values:
            _filled("comments", column, values[column.name])
        else:
            op.add_column("comments", column)
    for column in ("signatory_id", "invitation_id"):
        op.alter_column("comments", column, nullable=True)
    for column, table in COMMENT_REFERENCES.items():
        op.create_foreign_key(op.f(f"fk_comments_{column}"), "comments", table, [column], ["id"])
    for name, rule in COMMENT_CHECKS.items():
        op.create_check_constraint(op.f(f"ck_comments_{name}"), "comments", rule)


def _downgrade_postgresql() -> None:
    for name in COMMENT_CHECKS:
        op.drop_constraint(op.f(f"ck_comments_{name}"), "comments")
    for column in ("signatory_id", "invitation_id"):
        op.alter_column("comments", column, nullable=False)
    for column in _comment_columns():
        op.drop_column("comments", column.name)
    op.drop_column("signatories", "quotes")
    for name in (*CIRCULATION_CHECKS, "outcome"):
        op.drop_constraint(op.f(f"ck_circulations_{name}"), "circulations")
    op.create_check_constraint(op.f("ck_circulations_outcome"), "circulations", OUTCOMES)
    for name in (*CIRCULATIONS, "objections_until"):
        op.drop_column("circulations", name)


# Words on quotes: append-only, as answers are ----------------------------------------------------------


def _create_quote_answers() -> None:
    op.create_table(
        "quote_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signatory_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("quote_digest", sa.String(length=64), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("person_name", sa.String(length=300), nullable=False),
        sa.Column("person_role", sa.String(length=300), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("decision IN ('approved', 'reworded', 'refused')", name=op.f("ck_quote_answers_decision")),
        sa.CheckConstraint(
            "decision <> 'reworded' OR wording <> ''", name=op.f("ck_quote_answers_reworded_with_wording")
        ),
        sa.CheckConstraint("(invitation_id IS NULL) <> (user_id IS NULL)", name=op.f("ck_quote_answers_one_door")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name=op.f("fk_quote_answers_invitation_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_quote_answers_revision_id")),
        sa.ForeignKeyConstraint(["signatory_id"], ["signatories.id"], name=op.f("fk_quote_answers_signatory_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_quote_answers_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_answers")),
    )
    op.create_index(op.f("ix_quote_answers_signatory_id"), "quote_answers", ["signatory_id"], unique=False)
    for statement in _protection():
        op.execute(statement)


def _protection() -> list[str]:
    columns = ", ".join(FIXED)
    named = "CREATE TRIGGER protect_quote_answers_"
    if op.get_bind().dialect.name == "postgresql":
        row = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        return [
            f"{named}update BEFORE UPDATE OF {columns} ON quote_answers {row}",
            f"{named}delete BEFORE DELETE ON quote_answers {row}",
            f"{named}truncate BEFORE TRUNCATE ON quote_answers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        ]
    refuse = "BEGIN SELECT RAISE(ABORT, 'quote_answers are append-only: {} refused'); END"
    same = "WHEN EXISTS (SELECT 1 FROM quote_answers t WHERE t.id = NEW.id)"
    return [
        f"{named}update BEFORE UPDATE OF {columns} ON quote_answers {refuse.format('update')}",
        f"{named}delete BEFORE DELETE ON quote_answers {refuse.format('delete')}",
        f"{named}insert BEFORE INSERT ON quote_answers {same} {refuse.format('replace')}",
    ]


def _drop_quote_answers() -> None:
    op.drop_index(op.f("ix_quote_answers_signatory_id"), table_name="quote_answers")
    op.drop_table("quote_answers")
