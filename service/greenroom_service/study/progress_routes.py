"""Routes of progress: the weekly goal, and what lasts of what was learned."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from greenroom_service import accounts
from greenroom_service.database import now
from greenroom_service.practice import history
from greenroom_service.practice import queries as practice
from greenroom_service.practice import rules as practising
from greenroom_service.ratelimit import Limit
from greenroom_service.service import Caller, Parts, limited
from greenroom_service.study import memory, queries, reviewing, rules, schemas
from greenroom_service.study.models import Rating
from greenroom_service.study.rules import WeeklyGoal
from greenroom_service.web import json_response

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from greenroom_problems import Problem
    from greenroom_service.database import AnyRow
    from greenroom_service.practice.history import Deed

router = APIRouter(tags=["study"])


@router.get("/activity", response_model=schemas.ActivityOut)
def read_activity(
    parts: Parts, caller: Caller, weeks: Annotated[int, Query(ge=1, le=53, description="how many weeks")] = 12
) -> Response:
    """What was done by day, and how each week stands with its goal. There is no streak to lose."""
    with parts.database.read() as session:
        zone = accounts.preferences_of(session, caller.name).zone
        today = memory.today_in(zone, now())
        begin = rules.monday_of(today) - (weeks - 1) * rules.WEEK
        # A day earlier, because a day of the student's begins before or after one in UTC.
        since = dt.datetime(begin.year, begin.month, begin.day, tzinfo=dt.UTC) - dt.timedelta(days=1)
        finished = practice.finished_since(session, caller.name, since)
        rated = Counter(row.rated_on for row in queries.answers(session, caller.name))
        goals = queries.goals(session, caller.name)
    done = {dt.date.fromisoformat(str(one["date"])): one for one in practising.by_day(finished, zone)}
    empty = {"submissions": 0, "accepted": 0}
    every = [day for day in sorted(done.keys() | rated.keys()) if day >= begin]
    days = [{**empty, **done.get(day, {}), "date": day, "ratings": rated[day]} for day in every]
    goal = rules.goal_in(goals, rules.monday_of(today))
    return json_response(
        {
            "today": today,
            "goal": {"days": goal.days, "skips": goal.skips},
            "weeks": rules.weeks(every, goals, today, weeks),
            "days": days,
        }
    )


@router.put("/goal", response_model=schemas.GoalIn, dependencies=[Depends(limited(Limit.WRITE))])
def set_goal(parts: Parts, caller: Caller, body: schemas.GoalIn) -> dict[str, int]:
    """Set the weekly goal, from this week on. Weeks that are over keep theirs."""
    with parts.database.write() as session:
        today = memory.today_in(accounts.preferences_of(session, caller.name).zone, now())
        queries.set_goal(session, caller.name, rules.monday_of(today), WeeklyGoal(body.days, body.skips))
    return {"days": body.days, "skips": body.skips}


@router.get("/progress/learning", response_model=schemas.LearningOut)
def read_learning(parts: Parts, caller: Caller) -> Response:
    """Mastered against merely solved by topic, what each solution took, and how reviews went.

    Mastered: remembered in a review, and expected to last for at least three more weeks.
    """
    problems = parts.shelf.problems()
    with parts.database.read() as session:
        zone = accounts.preferences_of(session, caller.name).zone
        standings = practice.standings(session, caller.name)
        deeds = history.deeds(session, caller.name)
        cards = queries.cards(session, caller.name)
        answers = queries.answers(session, caller.name)
    good = reviewing.mastered(cards, answers) & problems.keys()
    topics = Counter(topic for problem in good for topic in problems[problem].topics)
    return json_response(
        {
            "solved": practising.totals(problems, standings)["solved"],
            "mastered": len(good),
            "by_topic": [
                {**one, "mastered": topics[str(one["topic"])]} for one in practising.by_topic(problems, standings)
            ],
            "solves": _solves(problems, deeds, cards, answers, good, zone),
            "retention": _retention(answers),
        }
    )


def _solves(
    problems: Mapping[str, Problem],
    deeds: Mapping[str, Sequence[Deed]],
    cards: Mapping[str, AnyRow],
    answers: Sequence[AnyRow],
    good: Collection[str],
    zone: ZoneInfo,
) -> list[dict[str, Any]]:
    rated = Counter(row.problem_id for row in answers)
    found = []
    for problem_id, done in deeds.items():
        moment = rules.solved_at(done)
        if moment is None or problem_id not in problems:
            continue
        problem, effort, card = problems[problem_id], rules.effort_of(done), cards.get(problem_id)
        found.append(
            {
                "problem_id": problem.id,
                "title": problem.title,
                "difficulty": problem.difficulty.value,
                "topics": list(problem.topics),
                "solved_at": moment,
                "solved_on": memory.today_in(zone, moment),
                "minutes": effort.seconds / 60,
                "attempts": effort.attempts,
                "hints": effort.hints,
                "reviews": max(0, rated[problem.id] - 1),
                "stability": None if card is None else card.stability,
                "mastered": problem.id in good,
            }
        )
    return sorted(found, key=lambda one: (one["solved_at"], one["problem_id"]))


def _retention(answers: Sequence[AnyRow]) -> list[dict[str, Any]]:
    """Reviews by month; the first rating of a problem is no review."""
    months: dict[dt.date, list[AnyRow]] = defaultdict(list)
    for row in answers:
        if row.predicted is not None:
            months[row.rated_on.replace(day=1)].append(row)
    return [
        {
            "month": month,
            "reviews": len(rows),
            "remembered": sum(row.rating != Rating.AGAIN.value for row in rows),
            "predicted": sum(row.predicted for row in rows) / len(rows),
        }
        for month, rows in sorted(months.items())
    ]
