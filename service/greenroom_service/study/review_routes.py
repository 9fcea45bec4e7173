"""Routes of reviews: the queue, beginning one, and rating how a problem went."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, Response

from greenroom_service import accounts, paging
from greenroom_service.database import now
from greenroom_service.errors import BadRequestError, NotFoundError
from greenroom_service.practice import queries as practice
from greenroom_service.practice import rules as practising
from greenroom_service.practice.schemas import ProblemId
from greenroom_service.ratelimit import Limit
from greenroom_service.service import Caller, Parts, limited
from greenroom_service.study import memory, queries, reviewing, schemas
from greenroom_service.study.models import Rating
from greenroom_service.web import json_response

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from greenroom_problems import Problem
    from greenroom_service.database import AnyRow

router = APIRouter(tags=["study"])
_writes = [Depends(limited(Limit.WRITE))]
#: Problems shown that were solved and not rated.
_UNRATED = 10


@router.get("/reviews", response_model=schemas.ReviewPage)
def list_reviews(
    parts: Parts,
    caller: Caller,
    upcoming: bool = False,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
    cursor: paging.Cursor = None,
) -> Response:
    """The problems that are due for review, the longest due first; with `upcoming` those of later days as well."""
    after = None if cursor is None else _place_in(cursor)
    problems = parts.shelf.problems()
    with parts.database.read() as session:
        today = memory.today_in(accounts.preferences_of(session, caller.name).zone, now())
        standings = practice.standings(session, caller.name)
        cards = queries.cards(session, caller.name)
        opened = queries.open_reviews(session, caller.name)
    listed = [row for row in cards.values() if row.problem_id in problems]
    due = sum(row.due_on <= today for row in listed)
    rows = listed if upcoming else listed[:due]
    if after is not None:
        rows = [row for row in rows if (row.due_on, row.problem_id) > after]
    shown, following = paging.cut(rows[: limit + 1], limit, lambda row: (row.due_on.isoformat(), row.problem_id))
    unrated = [
        practising.summary(problem, standings)
        for problem in problems.values()
        if problem.id not in cards and problem.id in standings and standings[problem.id].accepted
    ]
    items = [
        {
            "problem": practising.summary(problems[row.problem_id], standings),
            "due_on": row.due_on,
            "overdue": (today - row.due_on).days,
            "chance": memory.chance(queries.memory_of(row), today),
            "stability": row.stability,
            "rating": row.rating,
            "review_id": opened.get(row.problem_id),
        }
        for row in shown
    ]
    return json_response({**paging.page(items, following), "due": due, "today": today, "unrated": unrated[:_UNRATED]})


def _place_in(cursor: str) -> tuple[dt.date, str]:
    day, problem = paging.decode(cursor, 2)
    try:
        return dt.date.fromisoformat(day), problem
    except ValueError:
        raise BadRequestError("This cursor is not one of ours. Leave it out to begin with the first page.") from None


@router.post("/reviews", status_code=201, response_model=schemas.ReviewOut, dependencies=_writes)
def begin_review(parts: Parts, caller: Caller, body: schemas.ReviewIn) -> dict[str, Any]:
    """Begin a review, or go on with the one that is open. Its editor begins with the starter; the old draft stays."""
    problem = parts.shelf.problem(body.problem_id)
    with parts.database.write() as session:
        row = reviewing.begin(session, caller.name, problem, now())
        return {"id": row.id, "problem_id": problem.id, "begun_at": row.begun_at}


@router.delete("/reviews/{problem_id}", status_code=204, dependencies=_writes)
def leave_review(parts: Parts, caller: Caller, problem_id: ProblemId) -> Response:
    """Close the open review of a problem without a rating. It stays due, and what was written in it is kept."""
    with parts.database.write() as session:
        if not queries.close_review(session, caller.name, problem_id):
            raise NotFoundError("No review of this problem is open.")
    return Response(status_code=204)


@router.get("/ratings", response_model=schemas.AnswerPage)
def list_ratings(
    parts: Parts, caller: Caller, limit: paging.Limit = paging.DEFAULT_LIMIT, cursor: paging.Cursor = None
) -> dict[str, Any]:
    """Every rating that the caller gave, newest first."""
    before = None if cursor is None else _place_in(cursor)
    with parts.database.read() as session:
        rows = queries.page_of_answers(session, caller.name, before=before, limit=limit)
    items, following = paging.cut(rows, limit, lambda row: (row.rated_on.isoformat(), row.problem_id))
    return paging.page([_answer(row) for row in items], following)


def _answer(row: AnyRow) -> dict[str, Any]:
    return {
        "problem_id": row.problem_id,
        "rated_on": row.rated_on,
        "rating": row.rating,
        "proposed": row.proposed,
        "minutes": row.seconds / 60,
        "attempts": row.attempts,
        "hints": row.hints,
        "elapsed": None if row.before_rated_on is None else (row.rated_on - row.before_rated_on).days,
        "predicted": row.predicted,
    }


@router.get("/ratings/{problem_id}", response_model=schemas.RatingOut)
def read_rating(parts: Parts, caller: Caller, problem_id: ProblemId) -> dict[str, Any]:
    """What is proposed after an accepted submission or in a review, and when each rating would bring it back."""
    problem = parts.shelf.problem(problem_id)
    with parts.database.read() as session:
        return _rating(session, caller.name, problem, now())


@router.put("/ratings/{problem_id}", response_model=schemas.RatingOut, dependencies=_writes)
def give_rating(parts: Parts, caller: Caller, problem_id: ProblemId, body: schemas.RatingIn) -> dict[str, Any]:
    """Confirm the proposed rating or choose another. On the same day it can be changed; it closes the open review."""
    problem = parts.shelf.problem(problem_id)
    moment = now()
    with parts.database.write() as session:
        reviewing.rate(session, caller.name, problem, body.rating, moment)
        return _rating(session, caller.name, problem, moment)


def _rating(session: Session, user: str, problem: Problem, moment: dt.datetime) -> dict[str, Any]:
    asked = reviewing.question(session, user, problem, moment)
    card = queries.card(session, user, problem.id)
    reviews = queries.reviews_of(session, user, problem.id)
    return {
        "problem_id": problem.id,
        "proposed": None if asked is None else asked.proposal.rating,
        "reason": "" if asked is None else asked.proposal.reason,
        "effort": None
        if asked is None
        else {
            "minutes": asked.effort.seconds / 60,
            "attempts": asked.effort.attempts,
            "hints": asked.effort.hints,
        },
        "options": []
        if asked is None
        else [
            {"rating": rating, "due_on": memory.rate(asked.before, rating, asked.today).due_on}
            for rating in asked.ratings
        ],
        "given": None if card is None else card.rating,
        "rated_on": None if card is None else card.rated_on,
        "due_on": None if card is None else card.due_on,
        "mastered": card is not None and memory.mastered(card.stability, Rating(card.rating), reviews),
    }
