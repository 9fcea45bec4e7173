"""Routes of what a student keeps with problems: bookmarks and private notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Response

from greenroom_service import paging
from greenroom_service.database import insert, now
from greenroom_service.errors import ConflictError, NotFoundError
from greenroom_service.practice.schemas import ProblemId
from greenroom_service.ratelimit import Limit
from greenroom_service.service import Caller, Parts, limited
from greenroom_service.study import queries, schemas
from greenroom_service.study.models import Bookmark, Note

if TYPE_CHECKING:
    from greenroom_service.database import AnyRow
    from greenroom_service.service import Service

router = APIRouter(tags=["study"])
_writes = [Depends(limited(Limit.WRITE))]


@router.get("/bookmarks", response_model=schemas.BookmarkPage)
def list_bookmarks(
    parts: Parts, caller: Caller, limit: paging.Limit = paging.MAX_LIMIT, cursor: paging.Cursor = None
) -> dict[str, Any]:
    """The caller's bookmarks, by problem."""
    after = None if cursor is None else paging.decode(cursor, 1)[0]
    with parts.database.read() as session:
        rows = queries.bookmarks(session, caller.name, after=after, limit=limit)
    items, following = paging.cut(rows, limit, lambda row: (row.problem_id,))
    return paging.page(items, following)


@router.put("/bookmarks/{problem_id}", status_code=204, dependencies=_writes)
def add_bookmark(parts: Parts, caller: Caller, problem_id: ProblemId) -> Response:
    """Set a bookmark; one that is set stays as it is."""
    problem = parts.shelf.problem(problem_id)
    with parts.database.write() as session:
        statement = insert(session, Bookmark).values(user_name=caller.name, problem_id=problem.id, made_at=now())
        session.execute(statement.on_conflict_do_nothing())
    return Response(status_code=204)


@router.delete("/bookmarks/{problem_id}", status_code=204, dependencies=_writes)
def remove_bookmark(parts: Parts, caller: Caller, problem_id: ProblemId) -> Response:
    """Take a bookmark away, whether it is set or not."""
    mine = sa.and_(Bookmark.user_name == caller.name, Bookmark.problem_id == problem_id)
    with parts.database.write() as session:
        session.execute(sa.delete(Bookmark).where(mine))
    return Response(status_code=204)


@router.get("/notes", response_model=schemas.NotePage)
def list_notes(
    parts: Parts, caller: Caller, limit: paging.Limit = paging.MAX_LIMIT, cursor: paging.Cursor = None
) -> dict[str, Any]:
    """The problems that the caller has written a note about."""
    after = None if cursor is None else paging.decode(cursor, 1)[0]
    with parts.database.read() as session:
        rows = queries.notes(session, caller.name, after=after, limit=limit)
    items, following = paging.cut(rows, limit, lambda row: (row.problem_id,))
    return paging.page(items, following)


@router.get("/notes/{problem_id}", response_model=schemas.NoteOut)
def read_note(parts: Parts, caller: Caller, problem_id: ProblemId) -> dict[str, Any]:
    """The caller's own note about a problem; version 0 when there is none. Nobody else can read it."""
    with parts.database.read() as session:
        row = queries.note(session, caller.name, problem_id)
    return _note(parts, caller.name, problem_id, row)


@router.put("/notes/{problem_id}", response_model=schemas.NoteOut, dependencies=_writes)
def write_note(parts: Parts, caller: Caller, problem_id: ProblemId, body: schemas.NoteIn) -> dict[str, Any]:
    """Write a note. 409 with both texts when it was written elsewhere since."""
    parts.shelf.problem(problem_id)
    sealed = parts.keyring.seal_json(body.text, queries.place_of_note(caller.name, problem_id))
    with parts.database.write() as session:
        written = queries.write_note(session, caller.name, problem_id, sealed, body.base_version)
        row = queries.note(session, caller.name, problem_id)
    current = _note(parts, caller.name, problem_id, row)
    # An editor whose answer got lost sends the same text again: that is no conflict.
    if not written and current["text"] != body.text:
        raise ConflictError(
            "This note was written elsewhere since you opened it. Compare the texts, then save on top of it.",
            extra={"current": current, "yours": body.text},
        )
    return current


@router.delete("/notes/{problem_id}", status_code=204, dependencies=_writes)
def delete_note(parts: Parts, caller: Caller, problem_id: ProblemId) -> Response:
    """Delete a note."""
    mine = sa.and_(Note.user_name == caller.name, Note.problem_id == problem_id)
    with parts.database.write() as session:
        if session.execute(sa.delete(Note).where(mine).returning(Note.problem_id)).first() is None:
            raise NotFoundError("There is no note about this problem.")
    return Response(status_code=204)


def _note(parts: Service, user: str, problem_id: str, row: AnyRow | None) -> dict[str, Any]:
    if row is None:
        return {"problem_id": problem_id, "text": "", "version": 0, "saved_at": None}
    text = parts.keyring.open_json(row.body, queries.place_of_note(user, problem_id))
    return {"problem_id": problem_id, "text": text, "version": row.version, "saved_at": row.saved_at}
