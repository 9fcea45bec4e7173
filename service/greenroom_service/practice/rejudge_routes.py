"""Routes of rejudging. For admins: a problem belongs to every cohort, so no one cohort may change its verdicts."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from fastapi import APIRouter, Request

from greenroom_service import audit, paging
from greenroom_service.errors import NotFoundError
from greenroom_service.identity import Role
from greenroom_service.practice import rejudging, schemas
from greenroom_service.practice.models import Rejudge, RejudgeItem, Submission
from greenroom_service.service import Allowed, Parts
from greenroom_service.web import request_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

router = APIRouter(prefix="/rejudges", tags=["rejudge"])


def _rows(session: Session, *conditions: Any, limit: int) -> Any:
    total, judged, changed = rejudging.counts(Rejudge.id)
    columns = [
        *Rejudge.__table__.columns,
        total.label("total"),
        judged.label("judged"),
        changed.label("changed"),
    ]
    return session.execute(sa.select(*columns).where(*conditions).order_by(Rejudge.id.desc()).limit(limit)).all()


def _one(session: Session, rejudge_id: uuid.UUID) -> Any:
    rows = _rows(session, Rejudge.id == rejudge_id, limit=1)
    if not rows:
        raise NotFoundError("There is no such rejudge.")
    return rows[0]


@router.get("", response_model=schemas.RejudgePage)
def list_rejudges(
    parts: Parts, access: Allowed, limit: paging.Limit = paging.DEFAULT_LIMIT, cursor: paging.Cursor = None
) -> dict[str, Any]:
    """Rejudges, newest first."""
    access.require_role(Role.ADMIN)
    before = paging.decode_id(cursor)
    conditions = [] if before is None else [Rejudge.id < before]
    with parts.database.read() as session:
        rows = _rows(session, *conditions, limit=limit + 1)
    items, following = paging.cut(rows, limit, lambda row: (str(row.id),))
    return paging.page(items, following)


@router.post("", status_code=202, response_model=schemas.RejudgeOut)
def begin_rejudge(request: Request, parts: Parts, access: Allowed, body: schemas.RejudgeIn) -> Any:
    """Begin a preview: every final submission of the problem is judged again; nothing changes yet."""
    access.require_role(Role.ADMIN)
    parts.shelf.problem(body.problem_id)
    with parts.database.write() as session:
        rejudge_id = parts.rejudger.begin(
            session, problem_id=body.problem_id, reason=body.reason, actor=access.principal.name
        )
        _record(session, request, access, "rejudge.preview", body.problem_id, {"id": str(rejudge_id), **_reason(body)})
        row = _one(session, rejudge_id)
    parts.rejudger.wake()
    return row


@router.get("/{rejudge_id}", response_model=schemas.RejudgeOut)
def read_rejudge(parts: Parts, access: Allowed, rejudge_id: uuid.UUID) -> Any:
    """One rejudge and how far it is."""
    access.require_role(Role.ADMIN)
    with parts.database.read() as session:
        return _one(session, rejudge_id)


@router.get("/{rejudge_id}/changes", response_model=schemas.RejudgeChangePage)
def list_changes(
    parts: Parts,
    access: Allowed,
    rejudge_id: uuid.UUID,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
    cursor: paging.Cursor = None,
) -> dict[str, Any]:
    """Every verdict or score that would change, or that changed."""
    access.require_role(Role.ADMIN)
    after = paging.decode_id(cursor)
    query = (
        sa.select(
            RejudgeItem.submission_id,
            Submission.user_name.label("user"),
            RejudgeItem.old_verdict,
            RejudgeItem.old_score,
            RejudgeItem.new_verdict,
            RejudgeItem.new_score,
        )
        .join(Submission, Submission.id == RejudgeItem.submission_id)
        .where(RejudgeItem.rejudge_id == rejudge_id, rejudging.CHANGED)
        .order_by(RejudgeItem.submission_id)
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(RejudgeItem.submission_id > after)
    with parts.database.read() as session:
        _one(session, rejudge_id)
        rows = session.execute(query).all()
    items, following = paging.cut(rows, limit, lambda row: (str(row.submission_id),))
    return paging.page(items, following)


@router.post("/{rejudge_id}/apply", response_model=schemas.RejudgeOut)
def apply_rejudge(request: Request, parts: Parts, access: Allowed, rejudge_id: uuid.UUID) -> Any:
    """Replace the verdicts that changed; the old ones stay in the history of each submission."""
    access.require_role(Role.ADMIN)
    with parts.database.write() as session:
        changed = parts.rejudger.apply(session, rejudge_id)
        row = _one(session, rejudge_id)
        _record(session, request, access, "rejudge.apply", row.problem_id, {"id": str(row.id), "changed": changed})
    parts.events.nudge()
    return row


@router.post("/{rejudge_id}/cancel", response_model=schemas.RejudgeOut)
def cancel_rejudge(request: Request, parts: Parts, access: Allowed, rejudge_id: uuid.UUID) -> Any:
    """Drop the preview; nothing changes."""
    access.require_role(Role.ADMIN)
    with parts.database.write() as session:
        parts.rejudger.cancel(session, rejudge_id)
        row = _one(session, rejudge_id)
        _record(session, request, access, "rejudge.cancel", row.problem_id, {"id": str(row.id)})
    return row


def _reason(body: schemas.RejudgeIn) -> dict[str, str]:
    return {"reason": body.reason}


def _record(session: Session, request: Request, access: Allowed, action: str, target: str, new: dict[str, Any]) -> None:
    audit.record(
        session,
        actor=access.principal.name,
        action=action,
        target=target,
        new=new,
        request_id=request_id(request.scope),
    )
