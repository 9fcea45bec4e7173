"""Routes of practice: problems, drafts, hints and progress. Submissions have a module of their own."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Response
from sqlalchemy.exc import IntegrityError

from greenroom_problems import Difficulty, Kind
from greenroom_service import accounts, paging, policy
from greenroom_service.database import now
from greenroom_service.errors import BadRequestError, ConflictError, NotFoundError
from greenroom_service.practice import queries, rules, schemas
from greenroom_service.practice.models import HintOpened, Submission
from greenroom_service.practice.rules import ProblemState, Save, Saved
from greenroom_service.practice.schemas import ProblemId
from greenroom_service.ratelimit import Limit
from greenroom_service.service import Caller, Parts, limited
from greenroom_service.study import queries as study
from greenroom_service.web import json_response

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from sqlalchemy.orm import Session

    from greenroom_problems import Problem
    from greenroom_service.service import Service

router = APIRouter(tags=["practice"])
_RECENT = 10
#: ``?review=``: the draft of a review instead of the student's own.
ReviewId = Annotated[uuid.UUID | None, Query(description="the draft of this review, instead of the caller's own")]


@router.get("/problems", response_model=schemas.ProblemPage)
def list_problems(
    parts: Parts,
    caller: Caller,
    topic: Annotated[str | None, Query(max_length=64)] = None,
    difficulty: Difficulty | None = None,
    state: ProblemState | None = None,
    q: Annotated[
        str | None, Query(max_length=100, description="words of the title, the topics or the statement")
    ] = None,
    bookmarked: Annotated[bool | None, Query(description="only those with a bookmark, or only those without")] = None,
    sheet: Annotated[schemas.Slug | None, Query(description="only those of a sheet")] = None,
    limit: paging.Limit = paging.MAX_LIMIT,
    cursor: paging.Cursor = None,
) -> Response:
    """Problems by id, with how far the caller is."""
    after = None if cursor is None else paging.decode(cursor, 1)[0]
    words = [] if q is None else q.casefold().split()
    standings = queries.all_standings(parts.database, caller.name)
    problems = parts.shelf.problems()
    chosen = _chosen(parts, caller.name, problems, sheet=sheet, bookmarked=bookmarked)
    found: list[dict[str, Any]] = []
    for problem in problems.values():
        if (after is not None and problem.id <= after) or problem.id not in chosen:
            continue
        if (topic is not None and topic not in problem.topics) or difficulty not in {None, problem.difficulty}:
            continue
        if words and not parts.shelf.mentions(problem, words):
            continue
        summary = rules.summary(problem, standings)
        if state is None or summary["state"] == state.value:
            found.append(summary)
            if len(found) > limit:
                break
    items, following = paging.cut(found, limit, lambda item: (item["id"],))
    return json_response(paging.page(items, following))


def _chosen(
    parts: Service, user: str, problems: Mapping[str, Problem], *, sheet: str | None, bookmarked: bool | None
) -> Collection[str]:
    """Ids of the problems of a sheet, with or without a bookmark."""
    chosen: Collection[str] = problems if sheet is None else set(parts.shelf.sheet(sheet).problems)
    if bookmarked is None:
        return chosen
    with parts.database.read() as session:
        marked = study.bookmarked(session, user)
    return set(chosen) & marked if bookmarked else set(chosen) - marked


@router.get("/problems/{problem_id}", response_model=schemas.ProblemOut)
def read_problem(parts: Parts, caller: Caller, problem_id: ProblemId) -> Response:
    """One problem: the statement, the starter, the visible examples; never tests or a solution."""
    problem = parts.shelf.problem(problem_id)
    with parts.database.read() as session:
        standings = queries.standings(session, caller.name, problem_id)
    return json_response(
        {
            **rules.summary(problem, standings),
            "entry": asdict(problem.entry),
            "statement_md": problem.statement,
            "statement_html": parts.shelf.html(problem),
            "starter": problem.starter,
            "examples": _examples(parts, problem),
            "limits": asdict(problem.limits),
            "complexity": problem.complexity,
            "hints_total": len(problem.hints),
        }
    )


def _examples(parts: Service, problem: Problem) -> list[dict[str, Any]]:
    if problem.kind is Kind.CELLS:
        return []
    return [asdict(example) for example in parts.examples.of(problem)]


@router.get("/drafts/{problem_id}", response_model=schemas.DraftOut)
def read_draft(parts: Parts, caller: Caller, problem_id: ProblemId, review: ReviewId = None) -> dict[str, Any]:
    """The newest saved text; version 0 and the starter when nothing was saved yet. A review has a draft of its own."""
    with parts.database.read() as session:
        space = study.space_of(session, caller.name, problem_id, review)
        row = queries.draft(session, caller.name, problem_id, space)
    if row is None:
        starter = parts.shelf.problem(problem_id).starter
        return {"problem_id": problem_id, "code": starter, "version": 0, "saved_at": None}
    return {"problem_id": problem_id, "code": row.code, "version": row.version, "saved_at": row.saved_at}


@router.put("/drafts/{problem_id}", response_model=schemas.DraftSaved, dependencies=[Depends(limited(Limit.WRITE))])
def save_draft(
    parts: Parts, caller: Caller, problem_id: ProblemId, body: schemas.DraftIn, review: ReviewId = None
) -> dict[str, Any]:
    """Save a text. 409 with both texts when somebody else saved in between: another tab, another machine."""
    try:
        with parts.database.write() as session:
            return _save(parts, session, caller.name, problem_id, body, review)
    except IntegrityError:
        # Another writer took the version between our look and our write (PostgreSQL). Decide again, knowing theirs.
        with parts.database.write() as session:
            return _save(parts, session, caller.name, problem_id, body, review)


def _save(
    parts: Service, session: Session, user: str, problem_id: str, body: schemas.DraftIn, review: uuid.UUID | None
) -> dict[str, Any]:
    space = study.space_of(session, user, problem_id, review)
    row = queries.draft(session, user, problem_id, space)
    if row is None:
        parts.shelf.problem(problem_id)
    current = None if row is None else Saved(row.code, row.version, row.client_id)
    decision = rules.decide_save(current, code=body.code, base_version=body.base_version, client_id=body.client_id)
    if decision is Save.KEEP and row is not None:
        return {"version": row.version, "saved_at": row.saved_at}
    if decision is Save.CONFLICT:
        shown = {"code": "", "version": 0, "saved_at": None}
        if row is not None:
            shown = {"code": row.code, "version": row.version, "saved_at": queries.iso(row.saved_at)}
        raise ConflictError(
            "This draft was saved elsewhere since you opened it. Compare the texts, then save on top of the newer one.",
            extra={"current": shown, "yours": body.code},
        )
    version = 1 if row is None else row.version + 1
    saved_at = queries.store_draft(
        session, user, problem_id, code=body.code, version=version, client_id=body.client_id, space=space
    )
    return {"version": version, "saved_at": saved_at}


@router.get("/drafts/{problem_id}/versions", response_model=schemas.DraftVersionPage)
def list_draft_versions(
    parts: Parts,
    caller: Caller,
    problem_id: ProblemId,
    review: ReviewId = None,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
    cursor: paging.Cursor = None,
) -> dict[str, Any]:
    """Stored versions of a draft, newest first."""
    before = None if cursor is None else _version_in(paging.decode(cursor, 1)[0])
    with parts.database.read() as session:
        space = study.space_of(session, caller.name, problem_id, review)
        rows = queries.draft_versions(session, caller.name, problem_id, before=before, limit=limit, space=space)
    items, following = paging.cut(rows, limit, lambda row: (str(row.version),))
    return paging.page(items, following)


def _version_in(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadRequestError("This cursor is not one of ours. Leave it out to begin with the first page.")
    return int(text)


@router.get("/drafts/{problem_id}/versions/{version}", response_model=schemas.DraftOut)
def read_draft_version(
    parts: Parts,
    caller: Caller,
    problem_id: ProblemId,
    version: Annotated[int, Path(ge=1, le=2**31 - 1)],
    review: ReviewId = None,
) -> dict[str, Any]:
    """One stored version of a draft."""
    with parts.database.read() as session:
        space = study.space_of(session, caller.name, problem_id, review)
        row = queries.draft_version(session, caller.name, problem_id, version, space)
    if row is None:
        raise NotFoundError("This version is not stored. See the list of versions.")
    return {"problem_id": problem_id, "code": row.code, "version": row.version, "saved_at": row.saved_at}


@router.get("/hints/{problem_id}", response_model=schemas.HintsOut)
def read_hints(parts: Parts, caller: Caller, problem_id: ProblemId) -> dict[str, Any]:
    """The hints that the caller has opened, and whether the next may be opened."""
    problem = parts.shelf.problem(problem_id)
    with parts.database.read() as session:
        return _hints(session, caller.name, problem, now())


@router.post("/hints/{problem_id}", response_model=schemas.HintsOut, dependencies=[Depends(limited(Limit.WRITE))])
def open_hint(parts: Parts, caller: Caller, problem_id: ProblemId) -> dict[str, Any]:
    """Open the next hint; 409 until there is an attempt, and a new one after each hint."""
    problem = parts.shelf.problem(problem_id)
    with parts.database.write() as session:
        moment = now()
        known = _hints(session, caller.name, problem, moment)
        if not known["next_available"]:
            raise ConflictError(known["why"])
        step = len(known["opened"]) + 1
        session.add(HintOpened(user_name=caller.name, problem_id=problem_id, step=step, opened_at=moment))
        session.flush()
        return _hints(session, caller.name, problem, moment)


def _hints(session: Session, user: str, problem: Problem, moment: dt.datetime) -> dict[str, Any]:
    opened = [row for row in queries.hints_opened(session, user, problem.id) if row.step <= len(problem.hints)]
    standing = queries.standings(session, user, problem.id).get(problem.id)
    since = 0
    if opened and standing is not None:
        since = queries.attempts_since(session, user, problem.id, opened[-1].opened_at)
    gate = rules.hint_gate(
        opened=len(opened),
        total=len(problem.hints),
        attempts=0 if standing is None else standing.attempts,
        attempts_since=since,
        solved=standing is not None and standing.accepted > 0,
        allowed=policy.hints_allowed(session, user, problem.id, moment),
    )
    return {
        "opened": [{"step": row.step, "text": problem.hints[row.step - 1]} for row in opened],
        "total": len(problem.hints),
        "next_available": gate.open,
        "why": gate.why,
    }


@router.get("/progress", response_model=schemas.ProgressOut)
def read_progress(parts: Parts, caller: Caller) -> dict[str, Any]:
    """How far the caller is: totals, per topic, per day, and the newest submissions."""
    problems = parts.shelf.problems()
    with parts.database.read() as session:
        standings = queries.standings(session, caller.name)
        recent = queries.page_of_submissions(session, Submission.user_name == caller.name, before=None, limit=_RECENT)
        finished = queries.finished_since(session, caller.name, now() - queries.CALENDAR)
        zone = ZoneInfo(accounts.time_zone_of(session, caller.name))
    return {
        **rules.totals(problems, standings),
        "by_topic": rules.by_topic(problems, standings),
        "recent": [queries.summary_of(row) for row in recent[:_RECENT]],
        "days": rules.by_day(finished, zone),
    }
