"""Tables of practice."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from greenroom_service.database import Base, new_id


class State(StrEnum):
    """Where a submission is on its way."""

    QUEUED = "queued"
    RUNNING = "running"
    FINAL = "final"


class RejudgeState(StrEnum):
    """Where a rejudge of a problem is on its way."""

    #: New verdicts are being found; nothing has changed yet.
    PREVIEWING = "previewing"
    #: Every new verdict is known and waits for apply or cancel.
    READY = "ready"
    APPLIED = "applied"
    CANCELLED = "cancelled"


class Draft(Base):
    """The newest text of one student for one problem."""

    __tablename__ = "drafts"

    user_name: Mapped[str] = mapped_column(primary_key=True)
    problem_id: Mapped[str] = mapped_column(primary_key=True)
    #: Empty for the student's own draft; the id of a review for what is written in that.
    space: Mapped[str] = mapped_column(primary_key=True, default="", server_default="")
    code: Mapped[str]
    #: Counts saves, from 1.
    version: Mapped[int]
    #: The editor that saved it.
    client_id: Mapped[str]
    saved_at: Mapped[dt.datetime]


class DraftVersion(Base):
    """An earlier or the present text; thinned out as it ages."""

    __tablename__ = "draft_versions"

    user_name: Mapped[str] = mapped_column(primary_key=True)
    problem_id: Mapped[str] = mapped_column(primary_key=True)
    space: Mapped[str] = mapped_column(primary_key=True, default="", server_default="")
    version: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    #: Bytes of the code in UTF-8.
    size: Mapped[int]
    saved_at: Mapped[dt.datetime]


class Submission(Base):
    """One submission: the truth about its grading. Written once as queued, once as final."""

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("user_name", "client_id"),
        Index("ix_submissions_user_name_id", "user_name", "id"),
        Index("ix_submissions_user_name_problem_id_id", "user_name", "problem_id", "id"),
        Index("ix_submissions_problem_id_id", "problem_id", "id"),
        Index(
            "ix_submissions_open",
            "state",
            "lease_until",
            sqlite_where=sa.text("state <> 'final'"),
            postgresql_where=sa.text("state <> 'final'"),
        ),
        sa.CheckConstraint("state in ('queued', 'running', 'final')", name="state"),
        sa.CheckConstraint("(state = 'final') = (verdict is not null)", name="final_has_verdict"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_name: Mapped[str]
    problem_id: Mapped[str]
    code: Mapped[str]
    #: Chosen by the client, so that a repeated request makes no second submission.
    client_id: Mapped[uuid.UUID]
    state: Mapped[str] = mapped_column(default=State.QUEUED)
    priority: Mapped[int]
    verdict: Mapped[str | None]
    score: Mapped[float | None] = mapped_column(sa.Double)
    max_score: Mapped[float | None] = mapped_column(sa.Double)
    passed: Mapped[int | None]
    total: Mapped[int | None]
    cpu_ms: Mapped[float | None] = mapped_column(sa.Double)
    wall_ms: Mapped[float | None] = mapped_column(sa.Double)
    memory_kb: Mapped[int | None]
    isolation: Mapped[str | None]
    message: Mapped[str | None]
    #: Digest of the problem version that was judged.
    digest: Mapped[str | None]
    #: ``cases``, ``failing`` and ``growth`` of the report.
    details: Mapped[dict[str, Any] | None]
    #: How often grading was begun.
    attempts: Mapped[int] = mapped_column(default=0)
    #: Who grades it now, and until when that is believed without a sign of life.
    runner: Mapped[str | None]
    lease_until: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    started_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]


class HintOpened(Base):
    """A hint that a student opened."""

    __tablename__ = "hints_opened"

    user_name: Mapped[str] = mapped_column(primary_key=True)
    problem_id: Mapped[str] = mapped_column(primary_key=True)
    #: 1 for the first.
    step: Mapped[int] = mapped_column(primary_key=True)
    opened_at: Mapped[dt.datetime]


class Rejudge(Base):
    """Judging every submission of a problem again, after the problem or the grader changed."""

    __tablename__ = "rejudges"
    __table_args__ = (
        Index("ix_rejudges_problem_id_id", "problem_id", "id"),
        # Two previews of one problem would each replace what the other had not seen.
        Index(
            "ix_rejudges_one_open",
            "problem_id",
            unique=True,
            sqlite_where=sa.text("state in ('previewing', 'ready')"),
            postgresql_where=sa.text("state in ('previewing', 'ready')"),
        ),
        sa.CheckConstraint("state in ('previewing', 'ready', 'applied', 'cancelled')", name="state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    problem_id: Mapped[str]
    state: Mapped[str] = mapped_column(default=RejudgeState.PREVIEWING)
    reason: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]


class RejudgeItem(Base):
    """One submission within a rejudge: before and, once it was judged again, after."""

    __tablename__ = "rejudge_items"

    rejudge_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rejudges.id", ondelete="CASCADE"), primary_key=True)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True)
    old_verdict: Mapped[str]
    old_score: Mapped[float] = mapped_column(sa.Double)
    new_verdict: Mapped[str | None]
    new_score: Mapped[float | None] = mapped_column(sa.Double)
    #: The whole new report as JSON.
    report: Mapped[dict[str, Any] | None]


class VerdictHistory(Base):
    """A verdict that a rejudge replaced."""

    __tablename__ = "verdict_history"
    __table_args__ = (Index("ix_verdict_history_submission_id_id", "submission_id", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"))
    rejudge_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rejudges.id", ondelete="CASCADE"))
    verdict: Mapped[str]
    score: Mapped[float] = mapped_column(sa.Double)
    digest: Mapped[str | None]
    details: Mapped[dict[str, Any] | None]
    replaced_at: Mapped[dt.datetime]
