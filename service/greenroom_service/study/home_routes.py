"""Routes of home: what to do today and why, sheets, and today's problem."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, Request, Response

from greenroom_service import accounts, audit
from greenroom_service.classroom import queries as classroom
from greenroom_service.database import now
from greenroom_service.errors import InvalidError, NotFoundError
from greenroom_service.notices import queries as notices
from greenroom_service.practice import queries as practice
from greenroom_service.practice import rules as practising
from greenroom_service.ratelimit import Limit
from greenroom_service.service import Allowed, Caller, Parts, limited
from greenroom_service.study import agenda, daily, memory, queries, reviewing, schemas
from greenroom_service.study.agenda import Desk
from greenroom_service.web import json_response, request_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from greenroom_problems import Problem, Sheet
    from greenroom_service.database import AnyRow
    from greenroom_service.practice.rules import Standing
    from greenroom_service.service import Service

router = APIRouter(tags=["study"])
#: Problems that home offers to go on with.
_CONTINUE = 5
#: Earlier days whose problems are shown.
_EARLIER = 13


@router.get("/home", response_model=schemas.HomeOut)
def read_home(parts: Parts, caller: Caller) -> Response:
    """What to do today and why, what to go on with, and how far the caller is."""
    moment = now()
    problems = parts.shelf.problems()
    with parts.database.read() as session:
        chosen = accounts.preferences_of(session, caller.name)
        standings = practice.standings(session, caller.name)
        drafts = practice.drafts_of(session, caller.name, limit=50)
        today = memory.today_in(chosen.zone, moment)
        cards = queries.cards(session, caller.name)
        choice = queries.choice_for(session, caller.name)
        solved_today = practice.solved_since(session, caller.name, _midnight(today, chosen))
        assignments = classroom.due_for(session, caller.name, moment)
        contests = classroom.upcoming_for(session, caller.name, moment)
        unread = notices.unread(session, caller.name)
    pick = daily.picks(parts.database, parts.shelf, choice, today).get(today)
    due = [row for row in cards.values() if row.due_on <= today and row.problem_id in problems]
    unfinished = _unfinished(problems, standings, drafts)
    desk = Desk(
        moment=moment,
        chosen=chosen,
        problems=problems,
        standings=standings,
        assignments=assignments,
        contests=contests,
        due=due,
        daily=None if pick in solved_today else pick,
        unfinished=unfinished,
    )
    suggestions = practising.suggest(
        problems, standings, hide_difficulty=chosen.hide_difficulty, hide_topics=chosen.hide_topics
    )
    return json_response(
        {
            "today": [agenda.out(line, desk) for line in agenda.lines(desk)],
            "reviews_due": len(due),
            "unread": unread,
            "continue": [practising.summary(problems[problem], standings) for problem in unfinished],
            "next": [
                {"problem": practising.summary(one.problem, standings), "reason": one.reason} for one in suggestions
            ],
            "progress": practising.totals(problems, standings),
        }
    )


def _midnight(day: dt.date, chosen: accounts.Preferences) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=chosen.zone).astimezone(dt.UTC)


def _unfinished(
    problems: Mapping[str, Problem], standings: Mapping[str, Standing], drafts: Collection[AnyRow]
) -> list[str]:
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
    return unfinished[:_CONTINUE]


@router.get("/sheets", response_model=schemas.SheetPage)
def list_sheets(parts: Parts, caller: Caller) -> Response:
    """All sheets, with how far the caller is in each, by topic."""
    with parts.database.read() as session:
        standings = practice.standings(session, caller.name)
        good = _mastered(session, caller.name)
        chosen = queries.choice_for(session, caller.name).split(",")
    sheets = parts.shelf.sheets().values()
    return json_response({"items": [_sheet(parts, sheet, standings, good, chosen) for sheet in sheets]})


@router.get("/sheets/{sheet_id}", response_model=schemas.SheetOut)
def read_sheet(parts: Parts, caller: Caller, sheet_id: schemas.SheetId) -> Response:
    """One sheet with its problems in order, and why each stands in it."""
    sheet = parts.shelf.sheet(sheet_id)
    problems = parts.shelf.problems()
    with parts.database.read() as session:
        standings = practice.standings(session, caller.name)
        good = _mastered(session, caller.name)
        chosen = queries.choice_for(session, caller.name).split(",")
    entries = [
        {
            "problem": practising.summary(problems[entry.problem], standings),
            "why": entry.why,
            "after": list(entry.after),
            "mastered": entry.problem in good,
        }
        for entry in sheet.entries
        if entry.problem in problems
    ]
    return json_response({**_sheet(parts, sheet, standings, good, chosen), "entries": entries})


def _mastered(session: Any, user: str) -> frozenset[str]:
    return reviewing.mastered(queries.cards(session, user), queries.answers(session, user))


def _sheet(
    parts: Service, sheet: Sheet, standings: Mapping[str, Standing], good: Collection[str], chosen: Collection[str]
) -> dict[str, Any]:
    offered = parts.shelf.problems()
    problems = {problem: offered[problem] for problem in sheet.problems if problem in offered}
    return {
        "id": sheet.id,
        "title": sheet.title,
        "purpose": sheet.purpose,
        "prerequisites": list(sheet.prerequisites),
        **practising.totals(problems, standings),
        "mastered": len(problems.keys() & good),
        "by_topic": practising.by_topic(problems, standings),
        "chosen": sheet.id in chosen,
    }


@router.get("/daily", response_model=schemas.DailyOut)
def read_daily(parts: Parts, caller: Caller) -> Response:
    """Today's problem: the same for everybody with the same choice of sheets; the caller's own day counts."""
    with parts.database.read() as session:
        chosen = accounts.preferences_of(session, caller.name)
        standings = practice.standings(session, caller.name)
        choice = queries.choice_for(session, caller.name)
        today = memory.today_in(chosen.zone, now())
        solved = practice.solved_since(session, caller.name, _midnight(today, chosen))
    pick = daily.picks(parts.database, parts.shelf, choice, today).get(today)
    problem = None if pick is None else practising.summary(parts.shelf.problem(pick), standings)
    sheets = [sheet for sheet in choice.split(",") if sheet]
    return json_response({"day": today, "sheets": sheets, "problem": problem, "solved_today": pick in solved})


@router.get("/daily/earlier", response_model=schemas.DailyPage)
def list_earlier_days(parts: Parts, caller: Caller) -> Response:
    """The problems of the two weeks before today, newest first. Days to come stay a surprise."""
    with parts.database.read() as session:
        chosen = accounts.preferences_of(session, caller.name)
        standings = practice.standings(session, caller.name)
        choice = queries.choice_for(session, caller.name)
    today = memory.today_in(chosen.zone, now())
    found = daily.picks(parts.database, parts.shelf, choice, today, back=_EARLIER)
    problems = parts.shelf.problems()
    return json_response(
        {
            "items": [
                {"day": day, "problem": practising.summary(problems[found[day]], standings)}
                for day in sorted(found, reverse=True)
                if day < today
            ]
        }
    )


@router.get("/cohorts/{cohort_id}/sheets", response_model=schemas.CohortSheets)
def read_cohort_sheets(parts: Parts, access: Allowed, cohort_id: uuid.UUID) -> dict[str, Any]:
    """The sheets that a cohort has chosen: today's problem of its students comes from them."""
    access.require_member(cohort_id)
    with parts.database.read() as session:
        _require_cohort(session, cohort_id)
        return {"sheets": queries.sheets_of_cohort(session, cohort_id)}


@router.put(
    "/cohorts/{cohort_id}/sheets", response_model=schemas.CohortSheets, dependencies=[Depends(limited(Limit.WRITE))]
)
def choose_cohort_sheets(
    request: Request, parts: Parts, access: Allowed, cohort_id: uuid.UUID, body: schemas.CohortSheets
) -> dict[str, Any]:
    """Choose a cohort's sheets; none for all problems."""
    access.require_instructor(cohort_id)
    unknown = set(body.sheets) - parts.shelf.sheets().keys()
    if unknown:
        raise InvalidError(f"There is no sheet {min(unknown)}. See the list at v1/sheets.")
    with parts.database.write() as session:
        _require_cohort(session, cohort_id)
        old = queries.sheets_of_cohort(session, cohort_id)
        queries.choose_sheets(session, cohort_id, body.sheets)
        new = sorted(set(body.sheets))
        if new != old:
            audit.record(
                session,
                actor=access.principal.name,
                action="cohort.sheets",
                target=str(cohort_id),
                cohort_id=cohort_id,
                old={"sheets": old},
                new={"sheets": new},
                request_id=request_id(request.scope),
            )
    return {"sheets": new}


def _require_cohort(session: Any, cohort_id: uuid.UUID) -> None:
    if classroom.cohort(session, cohort_id) is None:
        raise NotFoundError("There is no such cohort, or you are not in it.")
