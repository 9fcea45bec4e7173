"""What the classroom sends and takes over HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from greenroom_service.classroom.models import CohortRole
from greenroom_service.web import Schema, Text

CohortName = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class NewCohort(Schema):
    """A cohort to be made."""

    name: CohortName


class CohortOut(Schema):
    """A cohort, and what the caller is in it."""

    id: uuid.UUID
    name: str
    created_at: dt.datetime
    role: CohortRole


class CohortPage(Schema):
    """A page of cohorts."""

    items: list[CohortOut]
    next: str | None


class MemberIn(Schema):
    """What a person becomes in a cohort."""

    role: CohortRole


class MemberOut(Schema):
    """A member of a cohort."""

    user: str
    role: CohortRole
    added_at: dt.datetime


class MemberPage(Schema):
    """A page of members."""

    items: list[MemberOut]
    next: str | None


class StudentProgress(Schema):
    """How far one student of a cohort is."""

    user: str
    submissions: int
    tried: int
    solved: int


class StudentProgressPage(Schema):
    """A page of students."""

    items: list[StudentProgress]
    next: str | None


class AuditOut(Schema):
    """One change by staff."""

    id: uuid.UUID
    actor: str
    action: str
    target: str
    cohort_id: uuid.UUID | None
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    request_id: str
    at: dt.datetime


class AuditPage(Schema):
    """A page of the audit log."""

    items: list[AuditOut]
    next: str | None = Field(description="cursor of the next page")
