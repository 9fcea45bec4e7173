"""What notices send and take over HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from pydantic import Field

from greenroom_service.notices.models import NoticeKind
from greenroom_service.web import Schema


class NoticeOut(Schema):
    """Something that the caller is told."""

    id: uuid.UUID
    kind: NoticeKind
    title: str
    text: str
    #: What to open, e.g. ``{"problem_id": "two-sum"}``.
    target: dict[str, Any]
    made_at: dt.datetime
    read_at: dt.datetime | None


class NoticePage(Schema):
    """A page of notices, newest first, and how many are unread in all."""

    items: list[NoticeOut]
    next: str | None
    unread: int


class ReadIn(Schema):
    """Which notices were read."""

    ids: list[uuid.UUID] | None = Field(default=None, max_length=200, description="leave out for all of them")


class UnreadOut(Schema):
    """How many notices are unread."""

    unread: int
