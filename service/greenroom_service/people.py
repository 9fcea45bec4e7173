"""Routes about the caller: who am I, what may I do, where do my days begin."""

from __future__ import annotations

import uuid
import zoneinfo
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import AfterValidator, StringConstraints

from greenroom_service import accounts
from greenroom_service.classroom import queries as classroom
from greenroom_service.classroom.models import CohortRole
from greenroom_service.ratelimit import Limit
from greenroom_service.service import Allowed, Parts, limited
from greenroom_service.web import Schema, Text

router = APIRouter(tags=["people"])


def _known_zone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise ValueError("is not an IANA time zone; write for example Europe/Paris")
    return name


class MyCohort(Schema):
    """A cohort of the caller."""

    id: uuid.UUID
    name: str
    role: CohortRole


class Me(Schema):
    """Who the caller is and what they may do."""

    name: str
    #: ``student``, ``assistant``, ``instructor`` or ``admin``: the most that the Hub allows.
    role: str
    scopes: list[str]
    cohorts: list[MyCohort]
    time_zone: str
    #: What lists and reasons leave out.
    hide_difficulty: bool
    hide_topics: bool


class MeIn(Schema):
    """What the caller may change about themselves; what is left out stays."""

    time_zone: Annotated[Text, StringConstraints(max_length=64), AfterValidator(_known_zone)] | None = None
    hide_difficulty: bool | None = None
    hide_topics: bool | None = None


@router.get("/me", response_model=Me)
def read_me(parts: Parts, access: Allowed) -> dict[str, Any]:
    """Who the caller is and what they may do."""
    caller = access.principal
    with parts.database.read() as session:
        rows = classroom.cohorts_of(session, caller.name)
        chosen = accounts.preferences_of(session, caller.name)
    return {
        "name": caller.name,
        "role": caller.role.name.lower(),
        "scopes": list(caller.scopes),
        "cohorts": [{"id": row.id, "name": row.name, "role": access.role_in(row.id)} for row in rows],
        **asdict(chosen),
    }


@router.patch("/me", response_model=Me, dependencies=[Depends(limited(Limit.WRITE))])
def change_me(parts: Parts, access: Allowed, body: MeIn) -> dict[str, Any]:
    """Choose where the caller's days begin, and what lists leave out."""
    with parts.database.write() as session:
        accounts.prefer(session, access.principal.name, **body.model_dump(exclude_none=True))
    return read_me(parts, access)
