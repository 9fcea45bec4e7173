"""Tables of notices."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from greenroom_service.database import Base, new_id


class NoticeKind(StrEnum):
    """What a notice is about."""

    #: Problems are due for review today.
    REVIEWS = "reviews"
    #: Somebody made the person a member of a cohort, or changed their role.
    COHORT = "cohort"
    #: A rejudge changed a verdict.
    VERDICT = "verdict"
    #: The account's data will be deleted, or will not be.
    LEAVING = "leaving"


class Notice(Base):
    """Something that one person is told once."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("user_name", "key"),
        Index("ix_notices_user_name_id", "user_name", "id"),
        Index(
            "ix_notices_unread",
            "user_name",
            sqlite_where=sa.text("read_at is null"),
            postgresql_where=sa.text("read_at is null"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_name: Mapped[str]
    #: Names what happened, so that it is told once however many processes see it.
    key: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    #: What the panel opens, e.g. ``{"problem_id": "two-sum"}``.
    target: Mapped[dict[str, Any]]
    made_at: Mapped[dt.datetime]
    read_at: Mapped[dt.datetime | None]
