"""Tables of interviews and of what they cost. What people said is sealed (see ``greenroom_service.crypto``)."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from greenroom_service.database import Base, new_id


class Author(StrEnum):
    """Whose a message is."""

    CANDIDATE = "candidate"
    INTERVIEWER = "interviewer"
    #: What happened, as the server saw it: hints, verdicts, evidence, faults.
    RECORD = "record"


class TurnState(StrEnum):
    """Where a turn is on its way. All but RUNNING are final."""

    RUNNING = "running"
    DONE = "done"
    #: The candidate stopped the reply.
    STOPPED = "stopped"
    #: A fault of ours or of Claude's; what was said before it is kept.
    FAILED = "failed"


class ReportState(StrEnum):
    """Where a report is on its way."""

    NONE = "none"
    WRITING = "writing"
    #: With scores.
    READY = "ready"
    #: Facts alone: scripted interviews, and those whose scores could not be had.
    FACTS_ONLY = "facts_only"


class ChargeState(StrEnum):
    """Where a charge is on its way; a settled one never changes again."""

    RESERVED = "reserved"
    SETTLED = "settled"


class Interview(Base):
    """One interview."""

    __tablename__ = "interviews"
    __table_args__ = (
        UniqueConstraint("user_name", "client_id"),
        Index("ix_interviews_user_name_id", "user_name", "id"),
        sa.CheckConstraint("report_state in ('none', 'writing', 'ready', 'facts_only')", name="report_state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_name: Mapped[str]
    #: Chosen by the client, so that a repeated request begins no second interview.
    client_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    #: Id of the problem or of the scenario.
    subject: Mapped[str]
    minutes: Mapped[int]
    #: The model that asks; empty for the scripted interviewer.
    model: Mapped[str]
    #: ``phases.to_json``.
    progress: Mapped[dict[str, Any]]
    #: Rungs of the ladder that were given.
    hints: Mapped[int] = mapped_column(default=0)
    report_state: Mapped[str] = mapped_column(default=ReportState.NONE)
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class InterviewTurn(Base):
    """What the candidate says and what is answered. Number 0 is the opening."""

    __tablename__ = "interview_turns"
    __table_args__ = (
        UniqueConstraint("interview_id", "client_id"),
        # Two replies at a time would be paid twice and read as one.
        Index(
            "ix_interview_turns_one_running",
            "interview_id",
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        ),
        Index(
            "ix_interview_turns_lease",
            "lease_until",
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        ),
        sa.CheckConstraint("state in ('running', 'done', 'stopped', 'failed')", name="state"),
    )

    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID]
    state: Mapped[str]
    phase: Mapped[str]
    #: A FaultKind, or why else it failed.
    fault: Mapped[str | None]
    #: Until when the process that answers is believed to live without a sign of it.
    lease_until: Mapped[dt.datetime]
    stop_asked: Mapped[bool] = mapped_column(default=False)
    begun_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]


class InterviewMessage(Base):
    """Something that was said. Rows are added, never changed: pieces of a reply, then the whole of it as final."""

    __tablename__ = "interview_messages"
    __table_args__ = (sa.CheckConstraint("author in ('candidate', 'interviewer', 'record')", name="author"),)

    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True)
    turn: Mapped[int] = mapped_column(primary_key=True)
    #: Within the turn.
    seq: Mapped[int] = mapped_column(primary_key=True)
    author: Mapped[str]
    final: Mapped[bool]
    phase: Mapped[str]
    #: Sealed JSON; see ``transcript``.
    body: Mapped[bytes]
    at: Mapped[dt.datetime]


class InterviewReport(Base):
    """The report of an interview, and what its candidate thinks of it; all sealed JSON."""

    __tablename__ = "interview_reports"

    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[bytes]
    #: Scores that the candidate marked as wrong, and why.
    objections: Mapped[bytes | None]
    #: The candidate's own levels.
    assessment: Mapped[bytes | None]
    written_at: Mapped[dt.datetime]


class AiBudget(Base):
    """What was spent and is reserved in one period by one scope: ``user:ada``, ``cohort:...``, ``deployment``."""

    __tablename__ = "ai_budgets"

    scope: Mapped[str] = mapped_column(primary_key=True)
    #: A month in UTC, ``2026-11``.
    period: Mapped[str] = mapped_column(primary_key=True)
    spent_tokens: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    reserved_tokens: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: Millionths of a dollar.
    spent_micros: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    reserved_micros: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class AiCharge(Base):
    """One call of Claude: reserved before it, settled once after it."""

    __tablename__ = "ai_charges"
    __table_args__ = (
        Index("ix_ai_charges_interview_id", "interview_id"),
        Index(
            "ix_ai_charges_open",
            "expires_at",
            sqlite_where=sa.text("state = 'reserved'"),
            postgresql_where=sa.text("state = 'reserved'"),
        ),
        sa.CheckConstraint("state in ('reserved', 'settled')", name="state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_name: Mapped[str]
    #: No foreign key: what was paid stays known when the interview is deleted.
    interview_id: Mapped[uuid.UUID]
    #: ``turn`` or ``report``.
    purpose: Mapped[str]
    model: Mapped[str]
    prompt_version: Mapped[str]
    period: Mapped[str]
    #: Scopes that the reservation stands in.
    scopes: Mapped[dict[str, Any]]
    state: Mapped[str]
    reserved_tokens: Mapped[int]
    reserved_micros: Mapped[int] = mapped_column(sa.BigInteger)
    input_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    cache_read_tokens: Mapped[int | None]
    cache_write_tokens: Mapped[int | None]
    micros: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: A FaultKind, when the call failed.
    fault: Mapped[str | None]
    created_at: Mapped[dt.datetime]
    #: When a reservation that nobody settles counts as spent.
    expires_at: Mapped[dt.datetime]
    settled_at: Mapped[dt.datetime | None]


class AiBucket(Base):
    """The token bucket that says how fast one person may ask."""

    __tablename__ = "ai_buckets"

    user_name: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[float] = mapped_column(sa.Double)
    at: Mapped[dt.datetime]


class AiSwitch(Base):
    """What an instructor decided about the interviewer for a cohort."""

    __tablename__ = "ai_switches"

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True)
    enabled: Mapped[bool]
    #: Kinds of interview that are offered, as a list under ``kinds``.
    kinds: Mapped[dict[str, Any]]
    #: Most hints in one interview.
    max_hints: Mapped[int]
    #: Limits per month; None for the deployment's own.
    student_tokens: Mapped[int | None] = mapped_column(sa.BigInteger)
    cohort_tokens: Mapped[int | None] = mapped_column(sa.BigInteger)
    cohort_micros: Mapped[int | None] = mapped_column(sa.BigInteger)
    changed_by: Mapped[str]
    changed_at: Mapped[dt.datetime]
