"""Routes of submissions: handing in, reading, custom runs, stress, and the stream of events."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import anyio.to_thread
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.exc import IntegrityError

from greenroom_grader.dispatch import Job, Priority
from greenroom_grader.errors import DispatchError
from greenroom_problems import Kind
from greenroom_service import outbox, paging
from greenroom_service.classroom import queries as classroom
from greenroom_service.database import new_id
from greenroom_service.errors import ConflictError, InvalidError, NotFoundError, UnavailableError
from greenroom_service.events import Listening
from greenroom_service.judging import case_fields, storable
from greenroom_service.logs import get_logger
from greenroom_service.practice import handing, queries, schemas
from greenroom_service.practice.models import Submission, VerdictHistory
from greenroom_service.ratelimit import Limit
from greenroom_service.service import Allowed, Caller, Parts, access_for, limited
from greenroom_service.web import json_response

if TYPE_CHECKING:
    from greenroom_problems import Problem
    from greenroom_service.database import AnyRow
    from greenroom_service.identity import Principal
    from greenroom_service.service import Service

router = APIRouter(tags=["practice"])
_log = get_logger("greenroom.submissions")
#: Seconds after which a stream ends, so that the client comes again with a token that is checked again.
STREAM_SECONDS = 900.0
_BIGGEST_SEQ = 2**63 - 1
UserName = Annotated[str, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$")]


@router.post(
    "/submissions",
    status_code=202,
    response_model=schemas.SubmissionOut,
    dependencies=[Depends(limited(Limit.SUBMIT))],
)
def submit(parts: Parts, caller: Caller, body: schemas.SubmissionIn) -> Response:
    """Hand code in. The answer is the queued submission; its verdict comes as an event and by reading it again."""
    with parts.database.read() as session:
        known = queries.submission_by_client(session, caller.name, body.client_id)
    if known is not None:
        return json_response(_same(known, body), 202)
    _judgeable(parts.shelf.problem(body.problem_id))
    _check_can_grade(parts)
    submission_id = new_id()
    try:
        with parts.database.write() as session:
            handing.insert(
                session,
                submission_id,
                user=caller.name,
                problem_id=body.problem_id,
                code=body.code,
                client_id=body.client_id,
                priority=Priority.PRACTICE,
            )
    except IntegrityError:
        # The same request, sent twice at the same time: the other one made the row.
        with parts.database.read() as session:
            known = queries.submission_by_client(session, caller.name, body.client_id)
        if known is None:
            raise
        return json_response(_same(known, body), 202)
    with parts.database.read() as session:
        row = queries.submission(session, Submission.user_name == caller.name, submission_id)
        behind = queries.count_unfinished(session, caller.name, before=submission_id)
    _dispatch(parts, Job(str(submission_id), Priority.PRACTICE, behind))
    if row is None:  # pragma: no cover - nothing deletes submissions
        raise NotFoundError("The submission is gone.")
    return json_response(queries.whole_of(row), 202)


def _same(known: AnyRow, body: schemas.SubmissionIn) -> dict[str, Any]:
    if known.problem_id != body.problem_id or known.code != body.code:
        raise ConflictError(
            "This client_id belongs to a submission with other code. Send a new UUID with each submission."
        )
    return queries.whole_of(known)


def _judgeable(problem: Problem) -> Problem:
    if problem.kind is Kind.CELLS:
        raise InvalidError("This problem is graded as a notebook; hand the notebook in instead of code.")
    return problem


def _check_can_grade(parts: Service) -> None:
    if not parts.engine.available and parts.grades_here:
        raise UnavailableError(f"{parts.engine.level} Your draft is saved; try again later.", retry_after=60)
    try:
        room = parts.dispatch.has_room()
    except DispatchError as error:
        # The row is what counts: it is written, and the sweep brings it when the queue is back.
        _log.warning("the queue does not answer", reason=str(error))
        return
    if not room:
        raise UnavailableError(
            "Very many submissions wait just now. Your draft is saved; try again in a few seconds.", retry_after=5
        )


def _dispatch(parts: Service, job: Job) -> None:
    try:
        parts.dispatch.submit(job)
    except DispatchError as error:
        _log.warning("left to the sweep", submission=job.id, reason=str(error))


@router.get("/submissions", response_model=schemas.SubmissionPage)
def list_submissions(
    parts: Parts,
    caller: Caller,
    problem_id: Annotated[schemas.Slug | None, Query()] = None,
    user: UserName | None = None,
    cohort: uuid.UUID | None = None,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
    cursor: paging.Cursor = None,
) -> Response:
    """Submissions, newest first: the caller's own, or for staff those of a student or of a cohort."""
    before = paging.decode_id(cursor)
    if user is None and cohort is None and problem_id is None:
        rows = queries.page_of_own(parts.database, caller.name, before=before, limit=limit)
    else:
        condition = _condition(parts, caller, problem_id=problem_id, user=user, cohort=cohort)
        with parts.database.read() as session:
            rows = queries.page_of_submissions(session, condition, before=before, limit=limit)
    items, following = paging.cut(rows, limit, lambda row: (str(row.id),))
    return json_response(paging.page([queries.summary_of(row) for row in items], following))


def _condition(
    parts: Service, caller: Principal, *, problem_id: str | None, user: str | None, cohort: uuid.UUID | None
) -> sa.ColumnElement[bool]:
    """Which submissions are asked for, as far as the caller may see them."""
    condition = Submission.user_name == caller.name
    if user is not None or cohort is not None:
        access = access_for(parts, caller)
        if cohort is not None:
            access.require_staff(cohort)
            condition = Submission.user_name.in_(classroom.students_of([cohort]))
        if user is not None:
            access.require_may_ask_for(user)
            asked = sa.and_(Submission.user_name == user, access.visible(Submission.user_name))
            condition = asked if cohort is None else sa.and_(condition, asked)
    return condition if problem_id is None else sa.and_(condition, Submission.problem_id == problem_id)


@router.get("/submissions/{submission_id}", response_model=schemas.SubmissionOut)
def read_submission(parts: Parts, access: Allowed, submission_id: uuid.UUID) -> Response:
    """One submission with everything that explains its verdict."""
    with parts.database.read() as session:
        row = queries.submission(session, access.visible(Submission.user_name), submission_id)
    if row is None:
        raise NotFoundError("There is no such submission, or it is not yours to see.")
    return json_response(queries.whole_of(row))


@router.get("/submissions/{submission_id}/history", response_model=schemas.HistoryOut)
def read_history(parts: Parts, access: Allowed, submission_id: uuid.UUID) -> dict[str, Any]:
    """The verdicts that rejudges replaced, newest first."""
    with parts.database.read() as session:
        if queries.submission(session, access.visible(Submission.user_name), submission_id) is None:
            raise NotFoundError("There is no such submission, or it is not yours to see.")
        columns = (
            VerdictHistory.verdict,
            VerdictHistory.score,
            VerdictHistory.digest,
            VerdictHistory.rejudge_id,
            VerdictHistory.replaced_at,
        )
        rows = session.execute(
            sa.select(*columns)
            .where(VerdictHistory.submission_id == submission_id)
            .order_by(VerdictHistory.id.desc())
            .limit(paging.MAX_LIMIT)
        ).all()
    return {"items": rows}


@router.post("/runs", response_model=schemas.RunPage, dependencies=[Depends(limited(Limit.RUN))])
async def run(parts: Parts, caller: Caller, body: schemas.RunIn) -> Response:
    """Run code on own inputs, each answered by the student's code and by the reference. Nothing is stored."""
    problem = _judgeable(await anyio.to_thread.run_sync(parts.shelf.problem, body.problem_id))
    answers = await parts.runs.run(caller.name, lambda engine: engine.run(problem, body.code, body.inputs))
    return json_response({"items": [_stored(asdict(answer)) for answer in answers]})


@router.post("/stress", response_model=schemas.StressOut, dependencies=[Depends(limited(Limit.STRESS))])
async def stress(parts: Parts, caller: Caller, body: schemas.StressIn) -> Response:
    """Compare code with the reference on random inputs until they differ, within a time budget. Nothing is stored."""
    problem = _judgeable(await anyio.to_thread.run_sync(parts.shelf.problem, body.problem_id))
    found = await parts.runs.run(caller.name, lambda engine: engine.stress(problem, body.code))
    case = None if found.case is None else case_fields(found.case)
    return json_response(
        {"found": found.case is not None, "tried": found.tried, "case": case, "message": found.message}
    )


def _stored(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: storable(value) for key, value in fields.items()}


@router.get("/events", response_class=EventSourceResponse)
async def events(
    parts: Parts,
    caller: Caller,
    listener: Listening,
    last_event_id: Annotated[str | None, Header(max_length=32)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """The caller's own events as they happen; after a break the client's Last-Event-ID brings what it missed."""
    seq = await anyio.to_thread.run_sync(_begin_after, parts, last_event_id)
    # The number at once, so that a client that is cut off before its first event resumes here as well.
    yield ServerSentEvent(comment="open", id=str(seq))
    deadline = anyio.current_time() + STREAM_SECONDS
    while not listener.closed and anyio.current_time() < deadline:
        found = await anyio.to_thread.run_sync(_events_after, parts, caller.name, seq)
        for event in found:
            seq = event.seq
            yield ServerSentEvent(event=event.kind, id=str(event.seq), data=dict(event.payload))
        if not found:
            await listener.wait(min(30.0, max(0.0, deadline - anyio.current_time())))


def _begin_after(parts: Service, last_event_id: str | None) -> int:
    with parts.database.read() as session:
        newest = outbox.last_seq(session)
    text = (last_event_id or "").strip()
    if not text.isascii() or not text.isdigit() or int(text) > _BIGGEST_SEQ:
        return newest
    # A number that we never gave belongs to another database: begin with what is new here.
    return min(int(text), newest)


def _events_after(parts: Service, user: str, seq: int) -> list[outbox.Event]:
    with parts.database.read() as session:
        return list(outbox.events_of(session, user, after=seq))
