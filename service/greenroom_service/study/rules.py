"""Decisions of study, without I/O: which rating is proposed, whether a week's goal is kept, which problem a day has."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from greenroom_problems import Difficulty
from greenroom_service.practice.history import Doing
from greenroom_service.study.models import Rating

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from greenroom_service.practice.history import Deed

#: Seconds without a sign of life after which a student is taken to have left the desk.
IDLE = 300.0
#: Seconds that a problem may take before it counts as slow.
EXPECTED = {Difficulty.EASY: 15 * 60.0, Difficulty.MEDIUM: 30 * 60.0, Difficulty.HARD: 50 * 60.0}
#: Attempts that were not accepted, and hints, from which a solution counts as hard.
MANY_ATTEMPTS = 4
MANY_HINTS = 2
#: The last hint is an outline of the solution.
OUTLINE = 4
#: Days that today's problem is promised ahead, and for which one is not repeated where there are others.
PROMISED = 14
REST = 60
#: What a week asks for until a student sets another goal.
DEFAULT_DAYS = 3
DEFAULT_SKIPS = 1
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What it took to solve a problem."""

    #: Seconds at work: pauses of more than IDLE are counted as IDLE.
    seconds: float
    #: Counted submissions that were not accepted.
    attempts: int
    #: Hints that were opened meanwhile.
    hints: int
    accepted: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rating, and why."""

    rating: Rating
    reason: str


def propose(effort: Effort, difficulty: Difficulty) -> Proposal:
    """The rating that an effort deserves. More time, attempts or hints never give a better one.

    ======  ===========================================================================================
    again   it was not accepted, or all hints were opened
    hard    MANY_ATTEMPTS failed, or MANY_HINTS were opened, or it took twice as long as EXPECTED
    easy    at the first attempt, without a hint, in at most a third of the EXPECTED time
    good    everything else
    ======  ===========================================================================================
    """
    if not effort.accepted:
        return Proposal(Rating.AGAIN, "It was not accepted this time.")
    if effort.hints >= OUTLINE:
        return Proposal(Rating.AGAIN, "You opened all hints, the outline of the solution among them.")
    if hard := _hard(effort, difficulty):
        return Proposal(Rating.HARD, hard)
    if effort.attempts == 0 and effort.hints == 0 and effort.seconds <= EXPECTED[difficulty] / 3:
        return Proposal(Rating.EASY, f"At the first attempt, without a hint, in about {_minutes(effort.seconds)}.")
    return Proposal(Rating.GOOD, _told(effort))


def _hard(effort: Effort, difficulty: Difficulty) -> str:
    """Why a solution counts as hard; empty when it does not."""
    if effort.hints >= MANY_HINTS:
        return f"You opened {effort.hints} hints."
    if effort.attempts >= MANY_ATTEMPTS:
        return f"{effort.attempts} attempts failed before one was accepted."
    if effort.seconds > 2 * EXPECTED[difficulty]:
        return f"It took about {_minutes(effort.seconds)}, more than twice what such a problem should take."
    return ""


def _told(effort: Effort) -> str:
    attempts = "at the first attempt" if effort.attempts == 0 else f"after {_many(effort.attempts, 'failed attempt')}"
    hints = "without a hint" if effort.hints == 0 else f"with {_many(effort.hints, 'hint')}"
    return f"Accepted {attempts}, {hints}, in about {_minutes(effort.seconds)}."


def _minutes(seconds: float) -> str:
    return _many(max(1, round(seconds / 60)), "minute")


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def effort_of(deeds: Sequence[Deed], *, begun: dt.datetime | None = None) -> Effort:
    """What it took from the first sign of life, or from ``begun``, until the first accepted submission.

    Args:
        deeds: what the student did, oldest first.
        begun: when a review was opened.
    """
    solved = solved_at(deeds)
    until = [deed for deed in deeds if solved is None or deed.at <= solved]
    moments = [deed.at for deed in until]
    doing = [deed.doing for deed in until]
    return Effort(
        seconds=at_work(moments if begun is None else [begun, *moments]),
        attempts=doing.count(Doing.TRIED),
        hints=doing.count(Doing.OPENED_HINT),
        accepted=solved is not None,
    )


def solved_at(deeds: Sequence[Deed]) -> dt.datetime | None:
    """When the first accepted submission was handed in."""
    return next((deed.at for deed in deeds if deed.doing is Doing.SOLVED), None)


def at_work(moments: Iterable[dt.datetime]) -> float:
    """Seconds at work, from the moments at which a student did something; longer pauses count as IDLE."""
    ordered = sorted(moments)
    return sum(min((after - before).total_seconds(), IDLE) for before, after in itertools.pairwise(ordered))


# -- a problem a day -------------------------------------------------------------------------------------------------


def pick(choice: str, day: dt.date, candidates: Collection[str], recent: Sequence[str]) -> str | None:
    """The problem of a day: the candidate of the smallest hash among those that have rested the longest.

    Args:
        choice: the sheets, as DailyPick names them; two choices have orders of their own.
        day: the day.
        candidates: ids of problems.
        recent: the picks of the days around, the nearest last.

    Returns:
        None only when there are no candidates.
    """
    # As many as can rest while something is left to pick from.
    resting = set(recent[-min(REST, len(candidates) - 1) :]) if len(candidates) > 1 else set()
    rested = set(candidates) - resting
    return min(rested, key=lambda problem: (_weight(choice, day, problem), problem), default=None)


def _weight(choice: str, day: dt.date, problem: str) -> bytes:
    return hashlib.sha256(f"{choice}\n{day.isoformat()}\n{problem}".encode()).digest()


def schedule(
    choice: str, today: dt.date, candidates: Collection[str], known: Mapping[dt.date, str], offered: Collection[str]
) -> dict[dt.date, str]:
    """What must be written so that today and the PROMISED days after it have a problem.

    A day that has one keeps it, whatever was added or taken out of sheets meanwhile. Only today itself gets another
    when its problem is not offered at all any more: a problem that is away for a moment must not cost a promise.

    Args:
        choice: the sheets.
        today: the first day.
        candidates: ids of the problems in those sheets.
        known: the picks so far, by day.
        offered: ids of all problems.

    Returns:
        Picks by day, only of days that have none yet, and of today when its problem was withdrawn.
    """
    picks = {day: problem for day, problem in known.items() if day != today or problem in offered}
    made: dict[dt.date, str] = {}
    for ahead in range(PROMISED + 1):
        day = today + dt.timedelta(days=ahead)
        if day in picks:
            continue
        # By distance, because days after this one are promised already when its own problem was withdrawn.
        around = sorted(picks, key=lambda one: (-abs((one - day).days), one))
        found = pick(choice, day, candidates, [picks[one] for one in around])
        if found is None:
            break
        picks[day] = made[day] = found
    return made


# -- a goal a week ---------------------------------------------------------------------------------------------------


class WeekState(StrEnum):
    """How a week stands."""

    #: The goal is reached.
    REACHED = "reached"
    #: It is reached with days that were skipped for free.
    EXCUSED = "excused"
    #: The week is not over and the goal is within reach.
    OPEN = "open"
    #: Not reached. Nothing is lost by it: the next week begins anew.
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class WeeklyGoal:
    """Days on which to hand something in, and how many of them may be skipped for free."""

    days: int = DEFAULT_DAYS
    skips: int = DEFAULT_SKIPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week and its goal."""

    #: Its Monday.
    start: dt.date
    active: int
    goal: int
    skips: int
    #: Free days that the week needs to be kept, at most ``skips``.
    skipped: int
    state: WeekState


def monday_of(day: dt.date) -> dt.date:
    """The Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())


def weeks(active: Collection[dt.date], goals: Mapping[dt.date, WeeklyGoal], today: dt.date, count: int) -> list[Week]:
    """The last weeks, oldest first, the present one last.

    Args:
        active: days on which the student did something.
        goals: goals by the Monday from which they hold.
        today: a day of the student's calendar.
        count: how many weeks.
    """
    this = monday_of(today)
    return [_week(this - back * WEEK, active, goals, today) for back in reversed(range(count))]


def goal_in(goals: Mapping[dt.date, WeeklyGoal], week: dt.date) -> WeeklyGoal:
    """The goal of a week: the last that was set in it or before."""
    return goals[max(set_in)] if (set_in := [one for one in goals if one <= week]) else WeeklyGoal()


def _week(start: dt.date, active: Collection[dt.date], goals: Mapping[dt.date, WeeklyGoal], today: dt.date) -> Week:
    goal = goal_in(goals, start)
    done = sum(start + dt.timedelta(days=number) in active for number in range(7))
    missing = max(0, goal.days - done)
    # A skip excuses a day, never a whole week: somebody who did nothing at all has not kept a goal.
    skipped = missing if done and missing <= goal.skips else 0
    left = (start + WEEK - today).days - (today in active)
    if missing == 0:
        state = WeekState.REACHED
    elif start + WEEK > today and missing <= left + goal.skips:
        state = WeekState.OPEN
    else:
        state = WeekState.EXCUSED if skipped else WeekState.MISSED
    return Week(start=start, active=done, goal=goal.days, skips=goal.skips, skipped=skipped, state=state)
