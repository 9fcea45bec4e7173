"""Lay the tables of contests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON_TYPE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay them."""
    _lay_contests()
    _lay_boards()


def _lay_contests() -> None:
    op.create_table(
        "contests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("rules", JSON_TYPE, nullable=False),
        sa.Column("teams", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("freeze_ms", sa.BigInteger(), nullable=True),
        sa.Column("thawed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_seq", sa.BigInteger(), nullable=False),
        sa.Column("jury_seq", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("duration_ms > 0", name=op.f("ck_contests_lasts")),
        sa.CheckConstraint(
            "freeze_ms is null or (freeze_ms >= 0 and freeze_ms <= duration_ms)",
            name=op.f("ck_contests_freezes_within"),
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohorts.id"], name=op.f("fk_contests_cohort_id_cohorts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contests")),
    )
    op.create_index("ix_contests_cohort_id_id", "contests", ["cohort_id", "id"], unique=False)
    op.create_index("ix_contests_starts_at", "contests", ["starts_at"], unique=False)
    op.create_table(
        "contest_parties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name=op.f("fk_contest_parties_contest_id_contests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_parties")),
        sa.UniqueConstraint("contest_id", "name", name=op.f("uq_contest_parties_contest_id_name")),
    )
    op.create_table(
        "contest_pauses",
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name=op.f("fk_contest_pauses_contest_id_contests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contest_id", "began_at", name=op.f("pk_contest_pauses")),
    )
    op.create_table(
        "contest_problems",
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("problem_id", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name=op.f("fk_contest_problems_contest_id_contests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contest_id", "problem_id", name=op.f("pk_contest_problems")),
        sa.UniqueConstraint("contest_id", "ordinal", name=op.f("uq_contest_problems_contest_id_ordinal")),
    )
    op.create_index("ix_contest_problems_problem_id", "contest_problems", ["problem_id"], unique=False)


def _lay_boards() -> None:
    op.create_table(
        "contest_members",
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name=op.f("fk_contest_members_contest_id_contests"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["party_id"],
            ["contest_parties.id"],
            name=op.f("fk_contest_members_party_id_contest_parties"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contest_id", "user_name", name=op.f("pk_contest_members")),
    )
    op.create_index("ix_contest_members_party_id", "contest_members", ["party_id"], unique=False)
    op.create_table(
        "contest_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("reply_to", sa.Uuid(), nullable=True),
        sa.Column("problem_id", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('question', 'answer', 'announcement')", name=op.f("ck_contest_messages_kind")),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name=op.f("fk_contest_messages_contest_id_contests"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["party_id"],
            ["contest_parties.id"],
            name=op.f("fk_contest_messages_party_id_contest_parties"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reply_to"],
            ["contest_messages.id"],
            name=op.f("fk_contest_messages_reply_to_contest_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_messages")),
    )
    op.create_index("ix_contest_messages_contest_id_id", "contest_messages", ["contest_id", "id"], unique=False)
    op.create_table(
        "contest_standings",
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("face", sa.Text(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("minus_points", sa.BigInteger(), nullable=False),
        sa.Column("penalty", sa.BigInteger(), nullable=False),
        sa.Column("tie", sa.BigInteger(), nullable=False),
        sa.Column("cells", JSON_TYPE, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name=op.f("fk_contest_standings_contest_id_contests"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["party_id"],
            ["contest_parties.id"],
            name=op.f("fk_contest_standings_party_id_contest_parties"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contest_id", "face", "party_id", name=op.f("pk_contest_standings")),
    )
    op.create_index(
        "ix_contest_standings_contest_id_face_seq", "contest_standings", ["contest_id", "face", "seq"], unique=False
    )
    op.create_index(
        "ix_contest_standings_place",
        "contest_standings",
        ["contest_id", "face", "minus_points", "penalty", "tie", "party_id"],
        unique=False,
    )
    op.create_table(
        "contest_submissions",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("problem_id", sa.Text(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name=op.f("fk_contest_submissions_contest_id_contests"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["party_id"],
            ["contest_parties.id"],
            name=op.f("fk_contest_submissions_party_id_contest_parties"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_contest_submissions_submission_id_submissions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_contest_submissions")),
    )
    op.create_index(
        "ix_contest_submissions_contest_id_at_ms", "contest_submissions", ["contest_id", "at_ms"], unique=False
    )
    op.create_index("ix_contest_submissions_party_id_at_ms", "contest_submissions", ["party_id", "at_ms"], unique=False)


def downgrade() -> None:
    """Drop them."""
    for table in (
        "contest_submissions",
        "contest_standings",
        "contest_messages",
        "contest_members",
        "contest_problems",
        "contest_pauses",
        "contest_parties",
        "contests",
    ):
        op.drop_table(table)
