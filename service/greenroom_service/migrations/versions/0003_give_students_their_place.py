"""Give students their place: reviews, today's problem, bookmarks, notes, goals, notices, leaving."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON_TYPE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
RATINGS = "('again', 'hard', 'good', 'easy')"

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay them."""
    _give_drafts_spaces()
    with op.batch_alter_table("accounts") as accounts:
        for name in ("hide_difficulty", "hide_topics"):
            accounts.add_column(sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    _lay_reviews()
    _lay_the_rest_of_study()
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("target", JSON_TYPE, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("user_name", "key", name=op.f("uq_notices_user_name_key")),
    )
    op.create_index("ix_notices_user_name_id", "notices", ["user_name", "id"], unique=False)
    op.create_index(
        "ix_notices_unread",
        "notices",
        ["user_name"],
        unique=False,
        sqlite_where=sa.text("read_at is null"),
        postgresql_where=sa.text("read_at is null"),
    )
    op.create_table(
        "departures",
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delete_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_name", name=op.f("pk_departures")),
    )
    op.create_index("ix_departures_delete_at", "departures", ["delete_at"], unique=False)


def _give_drafts_spaces() -> None:
    for table, keys in (("drafts", []), ("draft_versions", ["version"])):
        with op.batch_alter_table(table) as drafts:
            drafts.add_column(sa.Column("space", sa.Text(), server_default="", nullable=False))
            drafts.drop_constraint(op.f(f"pk_{table}"), type_="primary")
            drafts.create_primary_key(op.f(f"pk_{table}"), ["user_name", "problem_id", "space", *keys])


def _lay_reviews() -> None:
    op.create_table(
        "review_cards",
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("problem_id", sa.Text(), nullable=False),
        sa.Column("stability", sa.Double(), nullable=False),
        sa.Column("difficulty", sa.Double(), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("rating", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("user_name", "problem_id", name=op.f("pk_review_cards")),
    )
    op.create_index(
        "ix_review_cards_user_name_due_on", "review_cards", ["user_name", "due_on", "problem_id"], unique=False
    )
    op.create_table(
        "review_answers",
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("problem_id", sa.Text(), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("rating", sa.Text(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("before_stability", sa.Double(), nullable=True),
        sa.Column("before_difficulty", sa.Double(), nullable=True),
        sa.Column("before_rated_on", sa.Date(), nullable=True),
        sa.Column("predicted", sa.Double(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"rating in {RATINGS}", name=op.f("ck_review_answers_rating")),
        sa.CheckConstraint(f"proposed in {RATINGS}", name=op.f("ck_review_answers_proposed")),
        sa.PrimaryKeyConstraint("user_name", "problem_id", "rated_on", name=op.f("pk_review_answers")),
    )
    op.create_index(
        "ix_review_answers_user_name_rated_on", "review_answers", ["user_name", "rated_on", "problem_id"], unique=False
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("problem_id", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index("ix_reviews_user_name_problem_id_id", "reviews", ["user_name", "problem_id", "id"], unique=False)
    op.create_index(
        "ix_reviews_one_open",
        "reviews",
        ["user_name", "problem_id"],
        unique=True,
        sqlite_where=sa.text("closed_at is null"),
        postgresql_where=sa.text("closed_at is null"),
    )


def _lay_the_rest_of_study() -> None:
    op.create_table(
        "daily_picks",
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("problem_id", sa.Text(), nullable=False),
        sa.Column("picked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("choice", "day", name=op.f("pk_daily_picks")),
    )
    op.create_table(
        "cohort_sheets",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohorts.id"], name=op.f("fk_cohort_sheets_cohort_id_cohorts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "sheet_id", name=op.f("pk_cohort_sheets")),
    )
    op.create_table(
        "bookmarks",
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("problem_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_name", "problem_id", name=op.f("pk_bookmarks")),
    )
    op.create_table(
        "notes",
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("problem_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_name", "problem_id", name=op.f("pk_notes")),
    )
    op.create_table(
        "goals",
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("from_week", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("skips", sa.Integer(), nullable=False),
        sa.CheckConstraint("days between 1 and 7", name=op.f("ck_goals_days")),
        sa.CheckConstraint("skips between 0 and 6", name=op.f("ck_goals_skips")),
        sa.PrimaryKeyConstraint("user_name", "from_week", name=op.f("pk_goals")),
    )


def downgrade() -> None:
    """Drop them. What was written in reviews' own drafts is dropped with them."""
    for table in (
        "departures",
        "notices",
        "goals",
        "notes",
        "bookmarks",
        "cohort_sheets",
        "daily_picks",
        "reviews",
        "review_answers",
        "review_cards",
    ):
        op.drop_table(table)
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_column("hide_topics")
        accounts.drop_column("hide_difficulty")
    for table, keys in (("drafts", []), ("draft_versions", ["version"])):
        op.execute(sa.text(f"delete from {table} where space <> ''"))  # noqa: S608 - two names of our own
        with op.batch_alter_table(table) as drafts:
            drafts.drop_constraint(op.f(f"pk_{table}"), type_="primary")
            drafts.create_primary_key(op.f(f"pk_{table}"), ["user_name", "problem_id", *keys])
            drafts.drop_column("space")
