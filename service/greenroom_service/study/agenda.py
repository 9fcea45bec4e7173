"""Agenda: today's list, most urgent first, with a reason on every line. Pure: what it needs is handed in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from greenroom_service.practice import rules as practice
from greenroom_service.practice.rules import ProblemState
from greenroom_service.study import memory
from greenroom_service.study.schemas import LineKind

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Mapping, Sequence

    from greenroom_problems import Problem
    from greenroom_service.accounts import Preferences
    from greenroom_service.classroom.rules import Dated
    from greenroom_service.database import AnyRow
    from greenroom_service.practice.rules import Standing

#: What lies further ahead is not for today.
AHEAD = dt.timedelta(days=7)
#: What is dated within a day comes before everything else.
SOON = dt.timedelta(days=1)
#: Reviews, unfinished problems and suggestions that the list shows; the rest are in lists of their own.
REVIEWS = 3
UNFINISHED = 2
SUGGESTIONS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a student has before them."""

    moment: dt.datetime
    chosen: Preferences
    problems: Mapping[str, Problem]
    standings: Mapping[str, Standing]
    assignments: Sequence[Dated] = ()
    contests: Sequence[Dated] = ()
    #: Cards that are due, the longest due first.
    due: Sequence[AnyRow] = ()
    #: Today's problem, unless it was solved today.
    daily: str | None = None
    #: Ids of problems that were begun and not solved, the newest first.
    unfinished: Sequence[str] = ()

    @property
    def today(self) -> dt.date:
        """The day of the student's calendar."""
        return memory.today_in(self.chosen.zone, self.moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something to do, and why."""

    kind: LineKind
    title: str
    reason: str
    problem: str | None = None
    target_id: uuid.UUID | None = None
    at: dt.datetime | None = None
    #: Lines are shown in this order.
    rank: tuple[int, float] = field(default=(0, 0.0))


def lines(desk: Desk) -> list[Line]:
    """Today's list. A problem stands in it once, on the most urgent of its lines."""
    found = [*_dated(desk), *_reviews(desk), *_daily(desk), *_unfinished(desk), *_suggestions(desk)]
    found.sort(key=lambda line: line.rank)
    shown: list[Line] = []
    seen: set[str] = set()
    for line in found:
        if line.problem is None or line.problem not in seen:
            shown.append(line)
        if line.problem is not None:
            seen.add(line.problem)
    return shown


def out(line: Line, desk: Desk) -> dict[str, Any]:
    """A line as the API has it."""
    return {
        "kind": line.kind.value,
        "title": line.title,
        "reason": line.reason,
        "problem": None if line.problem is None else practice.summary(desk.problems[line.problem], desk.standings),
        "target_id": line.target_id,
        "at": line.at,
    }


def _dated(desk: Desk) -> Iterator[Line]:
    for kind, items in ((LineKind.ASSIGNMENT, desk.assignments), (LineKind.CONTEST, desk.contests)):
        for item in items:
            ahead = item.at - desk.moment
            if ahead > AHEAD:
                continue
            when = said(item.at, desk)
            begun = ahead <= dt.timedelta(0)
            if kind is LineKind.ASSIGNMENT:
                reason = f"It was due {when}." if begun else f"Due {when}."
            else:
                reason = f"It began {when} and is not over." if begun else f"Begins {when}."
            rank = (0 if ahead <= SOON else 3, ahead.total_seconds())
            yield Line(kind=kind, title=item.title, reason=reason, target_id=item.id, at=item.at, rank=rank)


def _reviews(desk: Desk) -> Iterator[Line]:
    due = [row for row in desk.due if row.problem_id in desk.problems]
    for number, row in enumerate(due[:REVIEWS]):
        late = (desk.today - row.due_on).days
        chance = round(100 * memory.chance(memory.Memory(**_remembered(row)), desk.today))
        since = (desk.today - row.rated_on).days
        reason = f"Review: last done {_days(since)} ago, about {chance} % likely that you still know how."
        if late:
            reason += f" Due since {_days(late)}."
        if number == REVIEWS - 1 and len(due) > REVIEWS:
            reason += f" {len(due) - REVIEWS} more are due."
        title = desk.problems[row.problem_id].title
        yield Line(kind=LineKind.REVIEW, title=title, reason=reason, problem=row.problem_id, rank=(1, number))


def _remembered(row: AnyRow) -> dict[str, Any]:
    return {"stability": row.stability, "difficulty": row.difficulty, "rated_on": row.rated_on}


def _daily(desk: Desk) -> Iterator[Line]:
    if desk.daily is not None and desk.daily in desk.problems:
        state = practice.summary(desk.problems[desk.daily], desk.standings)["state"]
        solved = " You have solved it before: solve it afresh." if state == ProblemState.SOLVED else ""
        title = desk.problems[desk.daily].title
        reason = f"Today's problem, the same for all.{solved}"
        yield Line(kind=LineKind.DAILY, title=title, reason=reason, problem=desk.daily, rank=(2, 0))


def _unfinished(desk: Desk) -> Iterator[Line]:
    for number, problem in enumerate(desk.unfinished[:UNFINISHED]):
        standing = desk.standings.get(problem)
        reason = "You have begun it and not handed anything in yet."
        if standing is not None:
            tries = "once" if standing.attempts == 1 else f"{standing.attempts} times"
            reason = f"You have tried it {tries}, last {said(standing.last, desk)}; it is not accepted yet."
        title = desk.problems[problem].title
        yield Line(kind=LineKind.UNFINISHED, title=title, reason=reason, problem=problem, rank=(4, number))


def _suggestions(desk: Desk) -> Iterator[Line]:
    chosen = desk.chosen
    found = practice.suggest(
        desk.problems, desk.standings, hide_difficulty=chosen.hide_difficulty, hide_topics=chosen.hide_topics
    )
    for number, one in enumerate(found[:SUGGESTIONS]):
        problem = one.problem
        yield Line(
            kind=LineKind.SUGGESTION, title=problem.title, reason=one.reason, problem=problem.id, rank=(5, number)
        )


def said(moment: dt.datetime, desk: Desk) -> str:
    """A moment in the student's own time, as one says it: today at 18:00, Friday 27 November at 09:30."""
    local = moment.astimezone(desk.chosen.zone)
    days = (local.date() - desk.today).days
    named = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)
    if named is None:
        named = f"{local:%A} {local.day} {local:%B}"
    return f"{named} at {local:%H:%M}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
