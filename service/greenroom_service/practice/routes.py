"""Routes of practice: problems, drafts, hints, progress and home. Submissions have a module of their own."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Response
from sqlalchemy.exc import IntegrityError

from greenroom_problems import Difficulty, Kind
from greenroom_service import accounts, paging
from greenroom_service.database import now
from greenroom_service.errors import BadRequestError, ConflictError, NotFoundError
from greenroom_service.practice import queries, rules, schemas
from greenroom_service.practice.models import HintOpened, Submission
from greenroom_service.practice.rules import ProblemState, Save, Saved, Standing
from greenroom_service.practice.schemas import ProblemId
from greenroom_service.ratelimit import Limit
from greenroom_service.service import Caller, Parts, limited
from greenroom_service.web import json_response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from greenroom_problems import Problem
    from greenroom_service.service import Service

router = APIRouter(tags=["practice"])
#: Problems that the home panel offers to go on with.
_CONTINUE = 5
_RECENT = 10


@router.get("/problems", response_model=schemas.ProblemPage)
def list_problems(
    parts: Parts,
    caller: Caller,
    topic: Annotated[str | None, Query(max_length=64)] = None,
    difficulty: Difficulty | None = None,
    state: ProblemState | None = None,
    q: Annotated[str | None, Query(max_length=100, description="words of the title")] = None,
    limit: paging.Limit = paging.MAX_LIMIT,
    cursor: paging.Cursor = None,
) -> Response:
    """Problems by id, with how far the caller is."""
    after = None if cursor is None else paging.decode(cursor, 1)[0]
    words = [] if q is None else q.casefold().split()
    standings = queries.all_standings(parts.database, caller.name)
    found: list[dict[str, Any]] = []
    for problem in parts.shelf.problems().values():
        if after is not None and problem.id <= after:
            continue
        if (topic is not None and topic not in problem.topics) or difficulty not in {None, problem.difficulty}:
            continue
        if words and not _named(problem, words):
            continue
        summary = _summary(problem, standings)
        if state is None or summary["state"] == state.value:
            found.append(summary)
            if len(found) > limit:
                break
    items, following = paging.cut(found, limit, lambda item: (item["id"],))
    return json_response(paging.page(items, following))


def _named(problem: Problem, words: list[str]) -> bool:
    title = problem.title.casefold()
    return all(word in title or word in problem.id for word in words)


@router.get("/problems/{problem_id}", response_model=schemas.ProblemOut)
def read_problem(parts: Parts, caller: Caller, problem_id: ProblemId) -> Response:
    """One problem: the statement, the starter, the visible examples; never tests or a solution."""
    problem = parts.shelf.problem(problem_id)
    with parts.database.read() as session:
        standings = queries.standings(session, caller.name, problem_id)
    return json_response(
        {
            **_summary(problem, standings),
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
def read_draft(parts: Parts, caller: Caller, problem_id: ProblemId) -> dict[str, Any]:
    """The newest saved text; version 0 and the starter when nothing was saved yet."""
    with parts.database.read() as session:
        row = queries.draft(session, caller.name, problem_id)
    if row is None:
        starter = parts.shelf.problem(problem_id).starter
        return {"problem_id": problem_id, "code": starter, "version": 0, "saved_at": None}
    return {"problem_id": problem_id, "code": row.code, "version": row.version, "saved_at": row.saved_at}


@router.put("/drafts/{problem_id}", response_model=schemas.DraftSaved, dependencies=[Depends(limited(Limit.WRITE))])
def save_draft(parts: Parts, caller: Caller, problem_id: ProblemId, body: schemas.DraftIn) -> dict[str, Any]:
    """Save a text. 409 with both texts when somebody else saved in between: another tab, another machine."""
    try:
        with parts.database.write() as session:
            return _save(parts, session, caller.name, problem_id, body)
    except IntegrityError:
        # Another writer took the version between our look and our write (PostgreSQL). Decide again, knowing theirs.
        with parts.database.write() as session:
            return _save(parts, session, caller.name, problem_id, body)


def _save(parts: Service, session: Session, user: str, problem_id: str, body: schemas.DraftIn) -> dict[str, Any]:
    row = queries.draft(session, user, problem_id)
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
    saved_at = queries.store_draft(session, user, problem_id, code=body.code, version=version, client_id=body.client_id)
    return {"version": version, "saved_at": saved_at}


@router.get("/drafts/{problem_id}/versions", response_model=schemas.DraftVersionPage)
def list_draft_versions(
    parts: Parts,
    caller: Caller,
    problem_id: ProblemId,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
    cursor: paging.Cursor = None,
) -> dict[str, Any]:
    """Stored versions of a draft, newest first."""
    before = None if cursor is None else _version_in(paging.decode(cursor, 1)[0])
    with parts.database.read() as session:
        rows = queries.draft_versions(session, caller.name, problem_id, before=before, limit=limit)
    items, following = paging.cut(rows, limit, lambda row: (str(row.version),))
    return paging.page(items, following)


def _version_in(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadRequestError("This cursor is not one of ours. Leave it out to begin with the first page.")
    return int(text)


@router.get("/drafts/{problem_id}/versions/{version}", response_model=schemas.DraftOut)
def read_draft_version(
    parts: Parts, caller: Caller, problem_id: ProblemId, version: Annotated[int, Path(ge=1, le=2**31 - 1)]
) -> dict[str, Any]:
    """One stored version of a draft."""
    with parts.database.read() as session:
        row = queries.draft_version(session, caller.name, problem_id, version)
    if row is None:
        raise NotFoundError("This version is not stored. See the list of versions.")
    return {"problem_id": problem_id, "code": row.code, "version": row.version, "saved_at": row.saved_at}


@router.get("/hints/{problem_id}", response_model=schemas.HintsOut)
def read_hints(parts: Parts, caller: Caller, problem_id: ProblemId) -> dict[str, Any]:
    """The hints that the caller has opened, and whether the next may be opened."""
    problem = parts.shelf.problem(problem_id)
    with parts.database.read() as session:
        return _hints(session, caller.name, problem)


@router.post("/hints/{problem_id}", response_model=schemas.HintsOut, dependencies=[Depends(limited(Limit.WRITE))])
def open_hint(parts: Parts, caller: Caller, problem_id: ProblemId) -> dict[str, Any]:
    """Open the next hint; 409 until there is an attempt, and a new one after each hint."""
    problem = parts.shelf.problem(problem_id)
    with parts.database.write() as session:
        known = _hints(session, caller.name, problem)
        if not known["next_available"]:
            raise ConflictError(known["why"])
        step = len(known["opened"]) + 1
        session.add(HintOpened(user_name=caller.name, problem_id=problem_id, step=step, opened_at=now()))
        session.flush()
        return _hints(session, caller.name, problem)


def _hints(session: Session, user: str, problem: Problem) -> dict[str, Any]:
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


@router.get("/home", response_model=schemas.HomeOut)
def read_home(parts: Parts, caller: Caller) -> Response:
    """What to go on with, what to do next and why, and how far the caller is."""
    problems = parts.shelf.problems()
    with parts.database.read() as session:
        standings = queries.standings(session, caller.name)
        drafts = queries.drafts_of(session, caller.name, limit=50)
    return json_response(
        {
            "continue": [_summary(problem, standings) for problem in _unfinished(problems, standings, drafts)],
            "next": [
                {"problem": _summary(one.problem, standings), "reason": one.reason}
                for one in rules.suggest(problems, standings)
            ],
            "progress": rules.totals(problems, standings),
        }
    )


def _unfinished(problems: Mapping[str, Problem], standings: Mapping[str, Standing], drafts: Any) -> list[Problem]:
    """Problems with a draft or an attempt and no accepted submission, the newest first."""
    touched = {problem: standing.last for problem, standing in standings.items()}
    for row in drafts:
        touched[row.problem_id] = max(row.saved_at, touched.get(row.problem_id, row.saved_at))
    unfinished = [
        problem
        for problem in touched
        if problem in problems and not (problem in standings and standings[problem].accepted)
    ]
    unfinished.sort(key=lambda problem: touched[problem], reverse=True)
    return [problems[problem] for problem in unfinished[:_CONTINUE]]


def _summary(problem: Problem, standings: Mapping[str, Standing]) -> dict[str, Any]:
    standing = standings.get(problem.id)
    attempts, accepted = (0, 0) if standing is None else (standing.attempts, standing.accepted)
    return {
        "id": problem.id,
        "title": problem.title,
        "difficulty": problem.difficulty.value,
        "topics": list(problem.topics),
        "kind": problem.kind.value,
        "state": rules.state_of(attempts, accepted).value,
        "attempts": attempts,
    }
