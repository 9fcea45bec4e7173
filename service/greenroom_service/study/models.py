"""Tables of study."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from greenroom_service.database import Base, new_id


class Rating(StrEnum):
    """How well a problem was solved, in the words of FSRS."""

    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"


class ReviewCard(Base):
    """What is remembered of one problem by one student, and when it comes again."""

    __tablename__ = "review_cards"
    __table_args__ = (Index("ix_review_cards_user_name_due_on", "user_name", "due_on", "problem_id"),)

    user_name: Mapped[str] = mapped_column(primary_key=True)
    problem_id: Mapped[str] = mapped_column(primary_key=True)
    #: Days after which the chance to remember has fallen to 90 %.
    stability: Mapped[float] = mapped_column(sa.Double)
    #: 1 to 10, as FSRS has it.
    difficulty: Mapped[float] = mapped_column(sa.Double)
    #: Days of the student's own calendar.
    rated_on: Mapped[dt.date]
    due_on: Mapped[dt.date]
    rating: Mapped[str]


class ReviewAnswer(Base):
    """A rating that was given. One a day and problem: a second one on the same day replaces it."""

    __tablename__ = "review_answers"
    __table_args__ = (
        Index("ix_review_answers_user_name_rated_on", "user_name", "rated_on", "problem_id"),
        sa.CheckConstraint("rating in ('again', 'hard', 'good', 'easy')", name="rating"),
        sa.CheckConstraint("proposed in ('again', 'hard', 'good', 'easy')", name="proposed"),
    )

    user_name: Mapped[str] = mapped_column(primary_key=True)
    problem_id: Mapped[str] = mapped_column(primary_key=True)
    rated_on: Mapped[dt.date] = mapped_column(primary_key=True)
    rating: Mapped[str]
    #: What the rule said, before the student confirmed or changed it.
    proposed: Mapped[str]
    #: Seconds at work, attempts that were not accepted, hints opened: what the rule saw.
    seconds: Mapped[float] = mapped_column(sa.Double)
    attempts: Mapped[int]
    hints: Mapped[int]
    #: The card before this answer, so that it can be replaced; all null for the first answer.
    before_stability: Mapped[float | None] = mapped_column(sa.Double)
    before_difficulty: Mapped[float | None] = mapped_column(sa.Double)
    before_rated_on: Mapped[dt.date | None]
    #: The chance to remember that was predicted for this day; null for the first answer.
    predicted: Mapped[float | None] = mapped_column(sa.Double)
    answered_at: Mapped[dt.datetime]


class Review(Base):
    """A review that was begun: a blank editor, whose draft lies in a space of its own."""

    __tablename__ = "reviews"
    __table_args__ = (
        Index("ix_reviews_user_name_problem_id_id", "user_name", "problem_id", "id"),
        Index(
            "ix_reviews_one_open",
            "user_name",
            "problem_id",
            unique=True,
            sqlite_where=sa.text("closed_at is null"),
            postgresql_where=sa.text("closed_at is null"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_name: Mapped[str]
    problem_id: Mapped[str]
    begun_at: Mapped[dt.datetime]
    #: When it was rated or given up.
    closed_at: Mapped[dt.datetime | None]


class DailyPick(Base):
    """The problem of one day for everybody with one choice of sheets. Kept once it was promised."""

    __tablename__ = "daily_picks"

    #: Ids of the sheets in order, joined by commas; empty for all problems.
    choice: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    problem_id: Mapped[str]
    picked_at: Mapped[dt.datetime]


class CohortSheet(Base):
    """A sheet that a cohort has chosen."""

    __tablename__ = "cohort_sheets"

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True)
    sheet_id: Mapped[str] = mapped_column(primary_key=True)


class Bookmark(Base):
    """A problem that a student wants to find again."""

    __tablename__ = "bookmarks"

    user_name: Mapped[str] = mapped_column(primary_key=True)
    problem_id: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[dt.datetime]


class Note(Base):
    """What a student wrote for themselves about a problem. Nobody else reads it, whatever their role."""

    __tablename__ = "notes"

    user_name: Mapped[str] = mapped_column(primary_key=True)
    problem_id: Mapped[str] = mapped_column(primary_key=True)
    #: The text as sealed JSON; see ``greenroom_service.crypto``.
    body: Mapped[bytes]
    #: Counts saves, from 1.
    version: Mapped[int]
    saved_at: Mapped[dt.datetime]


class Goal(Base):
    """A weekly goal, from the week in which it was set. Earlier weeks keep the goal that they had."""

    __tablename__ = "goals"
    __table_args__ = (
        sa.CheckConstraint("days between 1 and 7", name="days"),
        sa.CheckConstraint("skips between 0 and 6", name="skips"),
    )

    user_name: Mapped[str] = mapped_column(primary_key=True)
    #: A Monday of the student's own calendar.
    from_week: Mapped[dt.date] = mapped_column(primary_key=True)
    #: Days a week on which something is handed in.
    days: Mapped[int]
    #: Days a week that may be skipped for free.
    skips: Mapped[int]
