"""Lay the first tables: accounts, audit, outbox, cohorts, practice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON_TYPE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay them."""
    op.create_table(
        "accounts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_accounts")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=True),
        sa.Column("old", JSON_TYPE, nullable=True),
        sa.Column("new", JSON_TYPE, nullable=True),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_cohort_id_id", "audit_entries", ["cohort_id", "id"], unique=False)

    op.create_table(
        "cohorts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohorts")),
        sa.UniqueConstraint("name", name=op.f("uq_cohorts_name")),
    )
    op.create_table(
        "draft_versions",
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("problem_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_name", "problem_id", "version", name=op.f("pk_draft_versions")),
    )
    op.create_table(
        "drafts",
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("problem_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_name", "problem_id", name=op.f("pk_drafts")),
    )
    op.create_table(
        "hints_opened",
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("problem_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_name", "problem_id", "step", name=op.f("pk_hints_opened")),
    )
    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", JSON_TYPE, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_at", "outbox", ["at"], unique=False)
    op.create_index("ix_outbox_user_name_seq", "outbox", ["user_name", "seq"], unique=False)

    op.create_table(
        "rejudges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("problem_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('previewing', 'ready', 'applied', 'cancelled')", name=op.f("ck_rejudges_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejudges")),
    )
    op.create_index("ix_rejudges_problem_id_id", "rejudges", ["problem_id", "id"], unique=False)

    op.create_table(
        "submissions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("problem_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("max_score", sa.Double(), nullable=True),
        sa.Column("passed", sa.Integer(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("cpu_ms", sa.Double(), nullable=True),
        sa.Column("wall_ms", sa.Double(), nullable=True),
        sa.Column("memory_kb", sa.Integer(), nullable=True),
        sa.Column("isolation", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("details", JSON_TYPE, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("runner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'final') = (verdict is not null)", name=op.f("ck_submissions_final_has_verdict")),
        sa.CheckConstraint("state in ('queued', 'running', 'final')", name=op.f("ck_submissions_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("user_name", "client_id", name=op.f("uq_submissions_user_name_client_id")),
    )
    op.create_index(
        "ix_submissions_open",
        "submissions",
        ["state", "lease_until"],
        unique=False,
        sqlite_where=sa.text("state <> 'final'"),
        postgresql_where=sa.text("state <> 'final'"),
    )
    op.create_index("ix_submissions_problem_id_id", "submissions", ["problem_id", "id"], unique=False)
    op.create_index("ix_submissions_user_name_id", "submissions", ["user_name", "id"], unique=False)
    op.create_index(
        "ix_submissions_user_name_problem_id_id", "submissions", ["user_name", "problem_id", "id"], unique=False
    )

    op.create_table(
        "memberships",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role in ('student', 'assistant', 'instructor')", name=op.f("ck_memberships_role")),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohorts.id"], name=op.f("fk_memberships_cohort_id_cohorts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "user_name", name=op.f("pk_memberships")),
    )
    op.create_index("ix_memberships_user_name_cohort_id", "memberships", ["user_name", "cohort_id"], unique=False)

    op.create_table(
        "rejudge_items",
        sa.Column("rejudge_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("old_verdict", sa.Text(), nullable=False),
        sa.Column("old_score", sa.Double(), nullable=False),
        sa.Column("new_verdict", sa.Text(), nullable=True),
        sa.Column("new_score", sa.Double(), nullable=True),
        sa.Column("report", JSON_TYPE, nullable=True),
        sa.ForeignKeyConstraint(
            ["rejudge_id"], ["rejudges.id"], name=op.f("fk_rejudge_items_rejudge_id_rejudges"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_rejudge_items_submission_id_submissions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("rejudge_id", "submission_id", name=op.f("pk_rejudge_items")),
    )
    op.create_table(
        "verdict_history",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("rejudge_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("details", JSON_TYPE, nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["rejudge_id"], ["rejudges.id"], name=op.f("fk_verdict_history_rejudge_id_rejudges"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_verdict_history_submission_id_submissions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict_history")),
    )
    op.create_index("ix_verdict_history_submission_id_id", "verdict_history", ["submission_id", "id"], unique=False)


def downgrade() -> None:
    """Drop every table."""
    op.drop_table("verdict_history")
    op.drop_table("rejudge_items")
    op.drop_table("memberships")
    op.drop_table("submissions")
    op.drop_table("rejudges")
    op.drop_table("outbox")
    op.drop_table("hints_opened")
    op.drop_table("drafts")
    op.drop_table("draft_versions")
    op.drop_table("cohorts")
    op.drop_table("audit_entries")
    op.drop_table("accounts")
