"""The first tables: organisations, users, statements, circulations, answers, publications, letters, jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(owner IS NULL) = (lease_until IS NULL)", name=op.f("ck_jobs_leased_by_somebody")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_jobs_dedupe_key")),
    )
    op.create_index("ix_jobs_due", "jobs", ["urgency", "run_at"], unique=False)
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_by_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("listed_name", sa.String(length=300), nullable=False),
        sa.Column("country", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["kept_by_id"], ["organisations.id"], name=op.f("fk_organisations_kept_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("kept_by_id", "name", name=op.f("uq_organisations_kept_by_id_name")),
    )
    op.create_index(op.f("ix_organisations_kept_by_id"), "organisations", ["kept_by_id"], unique=False)
    op.create_table(
        "tries",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_tries")),
    )
    op.create_table(
        "coalitions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["organisations.id"], name=op.f("fk_coalitions_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coalitions")),
        sa.UniqueConstraint("lead_id", "name", name=op.f("uq_coalitions_lead_id_name")),
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_contacts_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_organisation_id"), "contacts", ["organisation_id"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("reset_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_users_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("mail", name=op.f("uq_users_mail")),
    )
    op.create_index(op.f("ix_users_organisation_id"), "users", ["organisation_id"], unique=False)
    op.create_table(
        "desk_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_desk_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_sessions")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_desk_sessions_key_hash")),
    )
    op.create_index(op.f("ix_desk_sessions_user_id"), "desk_sessions", ["user_id"], unique=False)
    op.create_table(
        "members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("default_role", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "default_role IN ('required', 'optional', 'observer')", name=op.f("ck_members_default_role")
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_members_coalition_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_members_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("coalition_id", "organisation_id", name=op.f("uq_members_coalition_id_organisation_id")),
    )
    op.create_index(op.f("ix_members_organisation_id"), "members", ["organisation_id"], unique=False)
    op.create_table(
        "statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=True),
        sa.Column("revision_count", sa.Integer(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("chain_head", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(slug IS NOT NULL) = (stage IN ('locked', 'published', 'retracted'))",
            name=op.f("ck_statements_slug_from_lock"),
        ),
        sa.CheckConstraint(
            "stage IN ('draft', 'circulating', 'locked', 'published', 'retracted', 'abandoned')",
            name=op.f("ck_statements_stage"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_statements_coalition_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["organisations.id"], name=op.f("fk_statements_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("public_id", name=op.f("uq_statements_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_statements_slug")),
    )
    op.create_index(op.f("ix_statements_coalition_id"), "statements", ["coalition_id"], unique=False)
    op.create_index(op.f("ix_statements_lead_id"), "statements", ["lead_id"], unique=False)
    op.create_table(
        "disclosures",
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_disclosures_statement_id")),
        sa.PrimaryKeyConstraint("commitment", name=op.f("pk_disclosures")),
    )
    op.create_index(op.f("ix_disclosures_statement_id"), "disclosures", ["statement_id"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_events_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("statement_id", "number", name=op.f("uq_events_statement_id_number")),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_revisions_created_by_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_revisions_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("statement_id", "number", name=op.f("uq_revisions_statement_id_number")),
    )
    op.create_table(
        "circulations",
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
        sa.CheckConstraint("outcome IN ('complete', 'recalled', 'abandoned')", name=op.f("ck_circulations_outcome")),
        sa.CheckConstraint("purpose IN ('sign-off', 'comment')", name=op.f("ck_circulations_purpose")),
        sa.CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name=op.f("ck_circulations_ended_with_outcome")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["users.id"], name=op.f("fk_circulations_opened_by_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_circulations_revision_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_circulations_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circulations")),
        sa.UniqueConstraint("statement_id", "number", name=op.f("uq_circulations_statement_id_number")),
    )
    op.create_index(
        "uq_circulations_one_open",
        "circulations",
        ["statement_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("record_digest", sa.String(length=64), nullable=False),
        sa.Column("listing", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_publications_revision_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_publications_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("slug", name=op.f("uq_publications_slug")),
        sa.UniqueConstraint("statement_id", name=op.f("uq_publications_statement_id")),
    )
    op.create_index(op.f("ix_publications_published_at"), "publications", ["published_at"], unique=False)
    op.create_table(
        "signatories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circulation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("decided_name", sa.String(length=300), nullable=True),
        sa.Column("name_accepted", sa.Boolean(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("role IN ('required', 'optional', 'observer')", name=op.f("ck_signatories_role")),
        sa.ForeignKeyConstraint(["circulation_id"], ["circulations.id"], name=op.f("fk_signatories_circulation_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_signatories_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatories")),
        sa.UniqueConstraint(
            "circulation_id", "organisation_id", name=op.f("uq_signatories_circulation_id_organisation_id")
        ),
    )
    op.create_index(op.f("ix_signatories_answer_id"), "signatories", ["answer_id"], unique=False)
    op.create_index(op.f("ix_signatories_organisation_id"), "signatories", ["organisation_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signatory_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_invitations_contact_id")),
        sa.ForeignKeyConstraint(["signatory_id"], ["signatories.id"], name=op.f("fk_invitations_signatory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("signatory_id", "contact_id", name=op.f("uq_invitations_signatory_id_contact_id")),
    )
    op.create_index(op.f("ix_invitations_contact_id"), "invitations", ["contact_id"], unique=False)
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signatory_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("listed_name", sa.String(length=300), nullable=False),
        sa.Column("person_name", sa.String(length=300), nullable=False),
        sa.Column("person_role", sa.String(length=300), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "kind IN ('sign-off', 'objection', 'decline', 'abstain', 'taken-back')",
            name=op.f("ck_answers_kind"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('objection', 'decline') OR text <> ''", name=op.f("ck_answers_objection_with_text")
        ),
        sa.CheckConstraint("(invitation_id IS NULL) <> (user_id IS NULL)", name=op.f("ck_answers_one_door")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name=op.f("fk_answers_invitation_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_answers_revision_id")),
        sa.ForeignKeyConstraint(["signatory_id"], ["signatories.id"], name=op.f("fk_answers_signatory_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_answers_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_signatory_id"), "answers", ["signatory_id"], unique=False)
    op.create_table(
        "code_challenges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("answer_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name=op.f("fk_code_challenges_invitation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_challenges")),
    )
    op.create_index(op.f("ix_code_challenges_invitation_id"), "code_challenges", ["invitation_id"], unique=False)
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signatory_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("person_name", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name=op.f("fk_comments_invitation_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_comments_revision_id")),
        sa.ForeignKeyConstraint(["signatory_id"], ["signatories.id"], name=op.f("fk_comments_signatory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index(op.f("ix_comments_signatory_id"), "comments", ["signatory_id"], unique=False)
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.CheckConstraint("(contact_id IS NULL) <> (user_id IS NULL)", name=op.f("ck_letters_one_addressee")),
        sa.CheckConstraint(
            "(CASE WHEN sent_at IS NULL THEN 0 ELSE 1 END + CASE WHEN failed_at IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN dropped_at IS NULL THEN 0 ELSE 1 END) <= 1",
            name=op.f("ck_letters_one_end"),
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_letters_contact_id")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name=op.f("fk_letters_invitation_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_letters_statement_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_letters_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letters_message_id")),
    )
    op.create_index(op.f("ix_letters_invitation_id"), "letters", ["invitation_id"], unique=False)
    op.create_index(op.f("ix_letters_statement_id"), "letters", ["statement_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_letters_statement_id"), table_name="letters")
    op.drop_index(op.f("ix_letters_invitation_id"), table_name="letters")
    op.drop_table("letters")
    op.drop_index(op.f("ix_comments_signatory_id"), table_name="comments")
    op.drop_table("comments")
    op.drop_index(op.f("ix_code_challenges_invitation_id"), table_name="code_challenges")
    op.drop_table("code_challenges")
    op.drop_index(op.f("ix_answers_signatory_id"), table_name="answers")
    op.drop_table("answers")
    op.drop_index(op.f("ix_invitations_contact_id"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_index(op.f("ix_signatories_organisation_id"), table_name="signatories")
    op.drop_index(op.f("ix_signatories_answer_id"), table_name="signatories")
    op.drop_table("signatories")
    op.drop_index(op.f("ix_publications_published_at"), table_name="publications")
    op.drop_table("publications")
    op.drop_index(
        "uq_circulations_one_open",
        table_name="circulations",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("circulations")
    op.drop_table("revisions")
    op.drop_table("events")
    op.drop_index(op.f("ix_disclosures_statement_id"), table_name="disclosures")
    op.drop_table("disclosures")
    op.drop_index(op.f("ix_statements_lead_id"), table_name="statements")
    op.drop_index(op.f("ix_statements_coalition_id"), table_name="statements")
    op.drop_table("statements")
    op.drop_index(op.f("ix_members_organisation_id"), table_name="members")
    op.drop_table("members")
    op.drop_index(op.f("ix_desk_sessions_user_id"), table_name="desk_sessions")
    op.drop_table("desk_sessions")
    op.drop_index(op.f("ix_users_organisation_id"), table_name="users")
    op.drop_table("users")
    op.drop_index(op.f("ix_contacts_organisation_id"), table_name="contacts")
    op.drop_table("contacts")
    op.drop_table("coalitions")
    op.drop_table("tries")
    op.drop_index(op.f("ix_organisations_kept_by_id"), table_name="organisations")
    op.drop_table("organisations")
    op.drop_index("ix_jobs_due", table_name="jobs")
    op.drop_table("jobs")
