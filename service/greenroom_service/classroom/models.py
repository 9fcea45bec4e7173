"""Tables of the classroom."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from greenroom_service.database import Base, new_id


class CohortRole(StrEnum):
    """What a person is in one cohort."""

    STUDENT = "student"
    ASSISTANT = "assistant"
    INSTRUCTOR = "instructor"


class Cohort(Base):
    """A group of students who learn together, and those who teach them."""

    __tablename__ = "cohorts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(unique=True)
    created_by: Mapped[str]
    created_at: Mapped[dt.datetime]


class Membership(Base):
    """One person in one cohort."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index("ix_memberships_user_name_cohort_id", "user_name", "cohort_id"),
        sa.CheckConstraint("role in ('student', 'assistant', 'instructor')", name="role"),
    )

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True)
    user_name: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    added_at: Mapped[dt.datetime]
