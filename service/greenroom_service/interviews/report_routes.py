"""Routes of reports: reading, exporting, disagreeing, one's own assessment, the trend; and an instructor's switch."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request, Response

from greenroom_service import audit
from greenroom_service.classroom import queries as classroom
from greenroom_service.database import now
from greenroom_service.errors import ConflictError, NotFoundError
from greenroom_service.interviews import reports, schemas, showing
from greenroom_service.interviews.budgets import period_of
from greenroom_service.interviews.models import AiBudget, AiSwitch, Interview, InterviewReport, ReportState
from greenroom_service.interviews.phases import Kind
from greenroom_service.interviews.writing import place
from greenroom_service.ratelimit import Limit
from greenroom_service.service import Allowed, Caller, Parts, limited
from greenroom_service.web import request_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from greenroom_service.service import Service

router = APIRouter(tags=["interviews"])
_writes = [Depends(limited(Limit.WRITE))]
#: Interviews of a trend, and how few make none.
_TREND, _FEWEST = 10, 3
_MICROS = 1_000_000


@router.get("/interviews/{interview_id}/report", response_model=schemas.ReportOut)
def read_report(parts: Parts, caller: Caller, interview_id: uuid.UUID) -> dict[str, Any]:
    """The report; 409 while there is none yet."""
    return _report(parts, caller.name, interview_id)


@router.get("/interviews/{interview_id}/report.md", response_class=Response)
def export_report(parts: Parts, caller: Caller, interview_id: uuid.UUID) -> Response:
    """The report as one page of Markdown."""
    found = _report(parts, caller.name, interview_id)
    objections = {score["criterion"]: score["objection"] for score in found["scores"] if score["objection"]}
    text = reports.markdown(found["title"], found, objections)
    headers = {"Content-Disposition": f'attachment; filename="interview-{interview_id}.md"'}
    return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)


def _report(parts: Service, user: str, interview_id: uuid.UUID) -> dict[str, Any]:
    rooms = parts.interviews
    keyring = rooms.desk.transcripts.keyring
    with parts.database.read() as session:
        row, stored = _stored(parts, session, user, interview_id)
        shown = showing.interview(rooms, session, row)
    body = showing.opened(keyring, stored, "body")
    objections = showing.opened(keyring, stored, "objections") or {}
    own = showing.opened(keyring, stored, "assessment") or {}
    return showing.report(shown["title"], row, body, objections, own)


def _stored(
    parts: Service, session: Session, user: str, interview_id: uuid.UUID, *, lock: bool = False
) -> tuple[Interview, InterviewReport]:
    row = parts.interviews.desk.mine(session, user, interview_id, lock=lock)
    stored = session.get(InterviewReport, interview_id)
    if stored is None:
        raise ConflictError("There is no report yet: it is written when the interview has ended.")
    return row, stored


@router.post("/interviews/{interview_id}/report/objections", response_model=schemas.ReportOut, dependencies=_writes)
def object_to_score(parts: Parts, caller: Caller, interview_id: uuid.UUID, body: schemas.ObjectionIn) -> dict[str, Any]:
    """Mark a score as wrong, and say why. It stays as it is, with the objection beside it."""
    _add(parts, caller.name, interview_id, "objections", {body.criterion: body.why})
    return _report(parts, caller.name, interview_id)


@router.put("/interviews/{interview_id}/assessment", response_model=schemas.ReportOut, dependencies=_writes)
def assess_oneself(parts: Parts, caller: Caller, interview_id: uuid.UUID, body: schemas.AssessmentIn) -> dict[str, Any]:
    """Give one's own levels against the same anchors."""
    _add(parts, caller.name, interview_id, "assessment", dict(body.levels))
    return _report(parts, caller.name, interview_id)


def _add(parts: Service, user: str, interview_id: uuid.UUID, column: str, more: dict[str, Any]) -> None:
    keyring = parts.interviews.desk.transcripts.keyring
    with parts.database.write() as session:
        _, stored = _stored(parts, session, user, interview_id, lock=True)
        body = showing.opened(keyring, stored, "body")
        known = {score["criterion"] for score in body["scores"]}
        if not more.keys() <= known:
            raise NotFoundError(f"The report has no such criterion. It has: {', '.join(sorted(known)) or 'none'}.")
        before = showing.opened(keyring, stored, column) or {}
        setattr(stored, column, keyring.seal_json({**before, **more}, place(interview_id, column)))


@router.get("/interviews-trend", response_model=schemas.TrendOut)
def read_trend(parts: Parts, caller: Caller, kind: Annotated[Kind, Query()] = Kind.CODING) -> dict[str, Any]:
    """Levels of the caller's last interviews of a kind that have scores, once there are three."""
    query = (
        sa.select(Interview.id, Interview.ended_at, InterviewReport)
        .join(InterviewReport, InterviewReport.interview_id == Interview.id)
        .where(
            Interview.user_name == caller.name,
            Interview.kind == kind.value,
            Interview.report_state == ReportState.READY.value,
        )
        .order_by(Interview.id.desc())
        .limit(_TREND)
    )
    keyring = parts.interviews.desk.transcripts.keyring
    with parts.database.read() as session:
        rows = session.execute(query).all()
    if len(rows) < _FEWEST:
        return {"items": []}
    points = []
    for interview_id, ended_at, stored in reversed(rows):
        scores = showing.opened(keyring, stored, "body")["scores"]
        levels = {score["criterion"]: score["level"] for score in scores if score["level"] is not None}
        points.append({"interview_id": interview_id, "ended_at": ended_at, "levels": levels})
    return {"items": points}


@router.get("/cohorts/{cohort_id}/interviewer", response_model=schemas.SwitchOut)
def read_switch(parts: Parts, access: Allowed, cohort_id: uuid.UUID) -> dict[str, Any]:
    """What was decided about the interviewer for a cohort, and what it has used this month; for its staff."""
    access.require_staff(cohort_id)
    with parts.database.read() as session:
        return _switch_out(session, cohort_id)


@router.put("/cohorts/{cohort_id}/interviewer", response_model=schemas.SwitchOut, dependencies=_writes)
def put_switch(
    request: Request, parts: Parts, access: Allowed, cohort_id: uuid.UUID, body: schemas.SwitchIn
) -> dict[str, Any]:
    """Switch the interviewer off for a cohort, or shape it: kinds, hints, monthly limits."""
    access.require_instructor(cohort_id)
    with parts.database.write() as session:
        if classroom.cohort(session, cohort_id) is None:
            raise NotFoundError("There is no such cohort, or you are not in it.")
        before = _switch_out(session, cohort_id)
        dollars = body.cohort_dollars
        session.merge(
            AiSwitch(
                cohort_id=cohort_id,
                enabled=body.enabled,
                kinds={"kinds": sorted(kind.value for kind in set(body.kinds))},
                max_hints=body.max_hints,
                student_tokens=body.student_tokens,
                cohort_tokens=body.cohort_tokens,
                cohort_micros=None if dollars is None else round(dollars * _MICROS),
                changed_by=access.principal.name,
                changed_at=now(),
            )
        )
        session.flush()
        after = _switch_out(session, cohort_id)
        audit.record(
            session,
            actor=access.principal.name,
            action="cohort.interviewer.put",
            target="interviewer",
            cohort_id=cohort_id,
            old=before,
            new=after,
            request_id=request_id(request.scope),
        )
    return after


def _switch_out(session: Session, cohort_id: uuid.UUID) -> dict[str, Any]:
    row = session.get(AiSwitch, cohort_id)
    spent = session.get(AiBudget, (f"cohort:{cohort_id}", period_of(now())))
    used = {
        "spent_tokens": 0 if spent is None else spent.spent_tokens,
        "spent_dollars": 0.0 if spent is None else spent.spent_micros / _MICROS,
    }
    if row is None:
        nothing = {"student_tokens": None, "cohort_tokens": None, "cohort_dollars": None}
        return {"enabled": True, "kinds": [kind.value for kind in Kind], "max_hints": 4, **nothing, **used}
    return {
        "enabled": row.enabled,
        "kinds": row.kinds["kinds"],
        "max_hints": row.max_hints,
        "student_tokens": row.student_tokens,
        "cohort_tokens": row.cohort_tokens,
        "cohort_dollars": None if row.cohort_micros is None else row.cohort_micros / _MICROS,
        **used,
    }
