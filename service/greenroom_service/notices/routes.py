"""Routes of notices."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from greenroom_service import paging
from greenroom_service.notices import queries, schemas
from greenroom_service.ratelimit import Limit
from greenroom_service.service import Caller, Parts, limited

router = APIRouter(tags=["notices"])


@router.get("/notices", response_model=schemas.NoticePage)
def list_notices(
    parts: Parts,
    caller: Caller,
    unread: Annotated[bool, Query(description="only those that are unread")] = False,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
    cursor: paging.Cursor = None,
) -> dict[str, Any]:
    """What the caller was told, newest first. New ones come as events of the kind `notice`."""
    before = paging.decode_id(cursor)
    with parts.database.read() as session:
        rows = queries.page(session, caller.name, before=before, limit=limit, only_unread=unread)
        left = queries.unread(session, caller.name)
    items, following = paging.cut(rows, limit, lambda row: (str(row.id),))
    return {**paging.page(items, following), "unread": left}


@router.post("/notices/read", response_model=schemas.UnreadOut, dependencies=[Depends(limited(Limit.WRITE))])
def read_notices(parts: Parts, caller: Caller, body: schemas.ReadIn) -> dict[str, int]:
    """Mark notices as read: those that are named, or all."""
    with parts.database.write() as session:
        left = queries.mark_read(session, caller.name, body.ids)
    parts.events.nudge()
    return {"unread": left}
