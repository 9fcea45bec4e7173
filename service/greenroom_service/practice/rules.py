"""Decisions of practice, without I/O: saving drafts, opening hints, counting progress, choosing what comes next."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from greenroom_problems import Difficulty

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from greenroom_problems import Problem

#: Characters of a student's code.
MAX_CODE = 65_536
#: Most characters of a draft. More than can be submitted: nothing that is typed or pasted may be lost for its length.
MAX_DRAFT = 250_000
#: Versions of a draft that are always kept, and how far apart older ones stay.
KEEP_VERSIONS = 100
THIN_TO = dt.timedelta(hours=1)
#: Problems that the home panel suggests.
SUGGESTIONS = 3


class ProblemState(StrEnum):
    """How far a student is with a problem."""

    NEW = "new"
    TRIED = "tried"
    SOLVED = "solved"


@dataclass(frozen=True, slots=True)
class Saved:
    """The newest saved version of a draft; version 0 and the starter when nothing was saved yet."""

    code: str
    version: int
    client_id: str


class Save(StrEnum):
    """What to do with a text that an editor sends."""

    #: Store it as the next version.
    STORE = "store"
    #: It is stored already.
    KEEP = "keep"
    #: Somebody else saved in between: show both.
    CONFLICT = "conflict"


def decide_save(current: Saved | None, *, code: str, base_version: int, client_id: str) -> Save:
    """Whether a text that was written on top of ``base_version`` may replace the current one.

    An editor whose own last save was stored, but whose answer got lost, still names the version before it: that is no
    conflict.
    """
    version = 0 if current is None else current.version
    if current is not None and current.code == code:
        return Save.KEEP
    if base_version == version:
        return Save.STORE
    if current is not None and current.client_id == client_id and base_version == version - 1:
        return Save.STORE
    return Save.CONFLICT


def versions_to_drop(versions: Sequence[tuple[int, dt.datetime]]) -> list[int]:
    """Which old versions of a draft to forget.

    Args:
        versions: (number, time) of every stored version, in any order.

    Returns:
        Numbers: beyond the newest KEEP_VERSIONS, those saved within THIN_TO of an older one that stays. The first
        version is never among them.
    """
    ordered = sorted(versions)
    drop: list[int] = []
    kept: dt.datetime | None = None
    for number, saved_at in ordered[:-KEEP_VERSIONS]:
        if kept is not None and saved_at - kept < THIN_TO:
            drop.append(number)
        else:
            kept = saved_at
    return drop


def state_of(attempts: int, accepted: int) -> ProblemState:
    """The state of a problem from its counted submissions. Faults of ours are not counted."""
    if accepted:
        return ProblemState.SOLVED
    return ProblemState.TRIED if attempts else ProblemState.NEW


@dataclass(frozen=True, slots=True)
class HintGate:
    """Whether the next hint may be opened, and if not, why."""

    open: bool
    why: str = ""


def hint_gate(
    *, opened: int, total: int, attempts: int, attempts_since: int, solved: bool, allowed: bool = True
) -> HintGate:
    """Whether the next hint may be opened.

    Args:
        opened: hints opened so far.
        total: hints that the problem has.
        attempts: counted submissions so far.
        attempts_since: those made after the last hint was opened.
        solved: whether one was accepted.
        allowed: whether no assignment switches hints off just now.
    """
    if not allowed:
        return HintGate(open=False, why="An assignment with this problem switches hints off until it is closed.")
    if opened >= total:
        return HintGate(open=False, why="All hints are open.")
    if solved:
        return HintGate(open=True)
    if attempts == 0:
        return HintGate(open=False, why="Submit an attempt first: a hint helps more when you know where you are stuck.")
    if opened and attempts_since == 0:
        return HintGate(open=False, why="Try the last hint first: submit once more, then the next one opens.")
    return HintGate(open=True)


@dataclass(frozen=True, slots=True)
class Standing:
    """A student's counted submissions to one problem."""

    attempts: int
    accepted: int
    #: Time of the newest one.
    last: dt.datetime


def totals(problems: Mapping[str, Problem], standings: Mapping[str, Standing]) -> dict[str, int]:
    """Problems solved, tried and not solved, and in all; a problem that was withdrawn is not counted."""
    states = [_state(standings.get(problem)) for problem in problems]
    return {
        "solved": states.count(ProblemState.SOLVED),
        "tried": states.count(ProblemState.TRIED),
        "total": len(states),
    }


def by_topic(problems: Mapping[str, Problem], standings: Mapping[str, Standing]) -> list[dict[str, object]]:
    """Per topic, by name: problems in all, tried and not solved, solved."""
    total: Counter[str] = Counter()
    reached: Counter[tuple[str, ProblemState]] = Counter()
    for problem in problems.values():
        state = _state(standings.get(problem.id))
        total.update(problem.topics)
        reached.update((topic, state) for topic in problem.topics)
    return [
        {
            "topic": topic,
            "total": total[topic],
            "tried": reached[topic, ProblemState.TRIED],
            "solved": reached[topic, ProblemState.SOLVED],
        }
        for topic in sorted(total)
    ]


def by_day(finished: Iterable[tuple[dt.datetime, bool]], zone: ZoneInfo) -> list[dict[str, object]]:
    """Per day of the student's own calendar, oldest first: submissions, and how many of them were accepted.

    Args:
        finished: (time in UTC, accepted) of each.
        zone: where the student's days begin.
    """
    all_days: Counter[dt.date] = Counter()
    good_days: Counter[dt.date] = Counter()
    for moment, accepted in finished:
        day = moment.astimezone(zone).date()
        all_days[day] += 1
        good_days[day] += accepted
    return [
        {"date": day.isoformat(), "submissions": all_days[day], "accepted": good_days[day]} for day in sorted(all_days)
    ]


_LEVEL = {Difficulty.EASY: 0, Difficulty.MEDIUM: 1, Difficulty.HARD: 2}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A problem to do next, and why this one."""

    problem: Problem
    reason: str


def suggest(
    problems: Mapping[str, Problem],
    standings: Mapping[str, Standing],
    *,
    hide_difficulty: bool = False,
    hide_topics: bool = False,
) -> list[Suggestion]:
    """What to do next: new problems, easier ones first, of the topics in which the student has solved the least.

    At most one per first topic, so that three suggestions are three different things. A reason does not tell what the
    student wants to find out alone.
    """
    solved: Counter[str] = Counter()
    for problem in problems.values():
        if _state(standings.get(problem.id)) is ProblemState.SOLVED:
            solved.update(problem.topics)
    fresh = [problem for problem in problems.values() if _state(standings.get(problem.id)) is ProblemState.NEW]

    def rank(problem: Problem) -> tuple[int, int, str]:
        return _LEVEL[problem.difficulty], min((solved[topic] for topic in problem.topics), default=0), problem.id

    chosen: list[Suggestion] = []
    topics: set[str] = set()
    for problem in sorted(fresh, key=rank):
        topic = min(problem.topics, key=lambda name: (solved[name], name), default="")
        if topic in topics:
            continue
        topics.add(topic)
        chosen.append(Suggestion(problem, _reason(problem, topic, solved[topic], hide_difficulty, hide_topics)))
        if len(chosen) == SUGGESTIONS:
            break
    return chosen


def _reason(problem: Problem, topic: str, solved: int, hide_difficulty: bool, hide_topics: bool) -> str:
    level = "" if hide_difficulty else problem.difficulty.value
    if not topic or hide_topics:
        return f"New to you, {level}." if level else "New to you."
    named = f"{words_of(topic)}; this one is {level or 'new to you'}"
    if solved == 0:
        return f"You have not solved anything on {named}."
    return f"You have solved {solved} on {named}{' and new to you' if level else ''}."


def words_of(topic: str) -> str:
    """A topic as a reader expects it: ``binary-search`` is binary search."""
    return topic.replace("-", " ")


def summary(problem: Problem, standings: Mapping[str, Standing]) -> dict[str, Any]:
    """A problem in a list, with how far a student is."""
    standing = standings.get(problem.id)
    attempts, accepted = (0, 0) if standing is None else (standing.attempts, standing.accepted)
    return {
        "id": problem.id,
        "title": problem.title,
        "difficulty": problem.difficulty.value,
        "topics": list(problem.topics),
        "kind": problem.kind.value,
        "state": state_of(attempts, accepted).value,
        "attempts": attempts,
    }


def _state(standing: Standing | None) -> ProblemState:
    return ProblemState.NEW if standing is None else state_of(standing.attempts, standing.accepted)
