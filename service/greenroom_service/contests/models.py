"""Tables of contests."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from greenroom_service.database import Base, new_id


class Face(StrEnum):
    """Who looks at a board."""

    #: Everybody: since the freeze, what was handed in is pending.
    PUBLIC = "public"
    #: The cohort's staff: everything.
    JURY = "jury"


class MessageKind(StrEnum):
    """What a message of a contest is."""

    QUESTION = "question"
    ANSWER = "answer"
    ANNOUNCEMENT = "announcement"


class Contest(Base):
    """A contest of a cohort."""

    __tablename__ = "contests"
    __table_args__ = (
        Index("ix_contests_cohort_id_id", "cohort_id", "id"),
        Index("ix_contests_starts_at", "starts_at"),
        sa.CheckConstraint("duration_ms > 0", name="lasts"),
        sa.CheckConstraint("freeze_ms is null or (freeze_ms >= 0 and freeze_ms <= duration_ms)", name="freezes_within"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"))
    name: Mapped[str]
    #: A key of formats.FORMATS.
    format: Mapped[str]
    #: Its parameters, all of them.
    rules: Mapped[dict[str, Any]]
    teams: Mapped[bool]
    starts_at: Mapped[dt.datetime]
    duration_ms: Mapped[int] = mapped_column(sa.BigInteger)
    #: Contest time from which the public board hides verdicts; None for no freeze.
    freeze_ms: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: When the freeze was lifted.
    thawed_at: Mapped[dt.datetime | None]
    #: The number of the newest change of each face of the board. Two counters: a gap in the public one would tell what
    #: the jury's board did behind the freeze.
    public_seq: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    jury_seq: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: Grows with every change by staff, so that two who edit do not overwrite each other.
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str]
    created_at: Mapped[dt.datetime]

    def seq_of(self, face: Face) -> int:
        """The number of the newest change that a face shows."""
        return self.public_seq if face is Face.PUBLIC else self.jury_seq

    def next_seq(self, face: Face) -> int:
        """The number of the next change of a face. The contest must be locked."""
        if face is Face.PUBLIC:
            self.public_seq += 1
            return self.public_seq
        self.jury_seq += 1
        return self.jury_seq


class ContestProblem(Base):
    """A problem of a contest."""

    __tablename__ = "contest_problems"
    __table_args__ = (
        Index("ix_contest_problems_problem_id", "problem_id"),
        sa.UniqueConstraint("contest_id", "ordinal"),
    )

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), primary_key=True)
    problem_id: Mapped[str] = mapped_column(primary_key=True)
    #: 0 for the first.
    ordinal: Mapped[int]
    #: Millionths of a point for a full solution.
    weight: Mapped[int] = mapped_column(sa.BigInteger)


class ContestPause(Base):
    """Time that does not count: the contest's clock stood still."""

    __tablename__ = "contest_pauses"

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), primary_key=True)
    began_at: Mapped[dt.datetime] = mapped_column(primary_key=True)
    #: None while it lasts.
    ended_at: Mapped[dt.datetime | None]


class ContestParty(Base):
    """Who takes part: one person, or a team."""

    __tablename__ = "contest_parties"
    __table_args__ = (sa.UniqueConstraint("contest_id", "name"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    name: Mapped[str]
    registered_at: Mapped[dt.datetime]


class ContestMember(Base):
    """A person of a party; nobody is in two of one contest."""

    __tablename__ = "contest_members"
    __table_args__ = (Index("ix_contest_members_party_id", "party_id"),)

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), primary_key=True)
    user_name: Mapped[str] = mapped_column(primary_key=True)
    party_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest_parties.id", ondelete="CASCADE"))


class ContestSubmission(Base):
    """A submission that counts for a contest; its code and verdict are practice's."""

    __tablename__ = "contest_submissions"
    __table_args__ = (
        Index("ix_contest_submissions_party_id_at_ms", "party_id", "at_ms"),
        Index("ix_contest_submissions_contest_id_at_ms", "contest_id", "at_ms"),
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    party_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest_parties.id", ondelete="CASCADE"))
    problem_id: Mapped[str]
    user_name: Mapped[str]
    #: Contest time.
    at_ms: Mapped[int] = mapped_column(sa.BigInteger)
    #: A value of formats.Outcome.
    outcome: Mapped[str]
    #: Millionths of a point that it was worth.
    points: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class ContestStanding(Base):
    """One line of a board, kept in order by its index."""

    __tablename__ = "contest_standings"
    __table_args__ = (
        Index("ix_contest_standings_place", "contest_id", "face", "minus_points", "penalty", "tie", "party_id"),
        Index("ix_contest_standings_contest_id_face_seq", "contest_id", "face", "seq"),
    )

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), primary_key=True)
    #: A value of Face.
    face: Mapped[str] = mapped_column(primary_key=True)
    party_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest_parties.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str]
    #: The three numbers of formats.Score.
    minus_points: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    penalty: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    tie: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: Cells by problem, those with a submission.
    cells: Mapped[dict[str, Any]]
    #: The change of the board that this line is from.
    seq: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class ContestMessage(Base):
    """A question to the jury, its answer, or an announcement."""

    __tablename__ = "contest_messages"
    __table_args__ = (
        Index("ix_contest_messages_contest_id_id", "contest_id", "id"),
        sa.CheckConstraint("kind in ('question', 'answer', 'announcement')", name="kind"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    kind: Mapped[str]
    #: Whose question it is, or whom the answer is for; None for everybody.
    party_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("contest_parties.id", ondelete="CASCADE"))
    reply_to: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("contest_messages.id", ondelete="CASCADE"))
    problem_id: Mapped[str | None]
    author: Mapped[str]
    text: Mapped[str]
    at: Mapped[dt.datetime]
