"""Boards: contestants with their cells, in order, with ranks. Pure; the rules of scoring are in ``formats``."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from greenroom_service.contests.formats.scoring import POINT, Attempt, Cell, Outcome, Score

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from greenroom_service.contests.formats.scoring import Format


class Ranks(StrEnum):
    """How places become ranks."""

    #: Equal scores share a rank, and as many ranks after it stay empty: 1, 2, 2, 4.
    SHARED = "shared"
    #: Equal scores share a rank, and none stays empty: 1, 2, 2, 3.
    DENSE = "dense"
    #: Everybody has a rank of their own, by name where scores are equal.
    OWN = "own"
    #: World Finals: medallists by place, then by number of problems only, and nobody below the median.
    WORLD_FINALS = "world_finals"


class Outside(StrEnum):
    """What becomes of submissions outside of the contest's time."""

    DROPPED = "dropped"
    #: Those before the start count as at 0, those after the end at their own time.
    COUNTED = "counted"


@dataclass(frozen=True, slots=True)
class BoardRules:
    """What boards of every format differ in."""

    ranks: Ranks = Ranks.SHARED
    after_end: Outside = Outside.DROPPED
    before_start: Outside = Outside.DROPPED
    #: Places that get a medal; only WORLD_FINALS reads it.
    medals: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """A person or a team on a board."""

    id: str
    name: str
    #: Ranked among those of the same division; boards list the lowest first.
    division: int = 0
    #: Whether a place is given at all.
    ranked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A submission with its time, for one contestant and one problem."""

    id: str
    contestant: str
    problem: str
    #: Contest time in ms; may be negative, or after the end.
    time: int
    outcome: Outcome
    points: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One line of a board."""

    #: None for those who have no place.
    rank: int | None
    contestant: Contestant
    score: Score
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A whole board."""

    rows: Sequence[BoardRow]
    #: Who solved each problem first, among those who have a place in the first division.
    first_solves: Mapping[str, str] = field(default_factory=dict)


def build(
    form: Format,
    *,
    contestants: Iterable[Contestant],
    weights: Mapping[str, int],
    submissions: Iterable[Submitted],
    duration: int,
    rules: BoardRules | None = None,
) -> Board:
    """The board of a contest.

    Args:
        form: how it is scored.
        contestants: who is on the board; submissions of others are ignored.
        weights: millionths of a point for each problem, in the board's order; submissions for others are ignored.
        submissions: in any order.
        duration: the contest's length in ms.
        rules: what is not up to the format.
    """
    rules = rules or BoardRules()
    people = {one.id: one for one in contestants}
    tried: dict[str, dict[str, list[Attempt]]] = {}
    counted = sorted(
        (
            one
            for one in submissions
            if one.contestant in people and one.problem in weights and _within(one.time, duration, rules)
        ),
        key=_in_order,
    )
    for one in counted:
        attempt = Attempt(max(one.time, 0), one.outcome, one.points)
        tried.setdefault(one.contestant, {}).setdefault(one.problem, []).append(attempt)
    scored = []
    for person in people.values():
        attempts = tried.get(person.id, {})
        cells = {problem: form.cell(attempts.get(problem, ()), weight) for problem, weight in weights.items()}
        scored.append((person, form.total(cells.values()), cells))
    scored.sort(key=lambda one: (one[0].division, not one[0].ranked, one[1], collation(one[0].name), one[0].id))
    ranks = _ranks([(person, score) for person, score, _ in scored], rules)
    rows = [
        BoardRow(rank=rank, contestant=person, score=score, cells=cells)
        for rank, (person, score, cells) in zip(ranks, scored, strict=True)
    ]
    return Board(rows=rows, first_solves=_first_solves(counted, people))


def _in_order(one: Submitted) -> tuple[int, int, str]:
    # Ids of one system mostly grow; where two submissions have the same time, the shorter and smaller id came first.
    return one.time, len(one.id), one.id


def _within(time: int, duration: int, rules: BoardRules) -> bool:
    if time < 0:
        return rules.before_start is Outside.COUNTED
    return time < duration or rules.after_end is Outside.COUNTED


def _ranks(scored: Sequence[tuple[Contestant, Score]], rules: BoardRules) -> list[int | None]:
    """Ranks of sorted contestants; each division begins anew."""
    found: list[int | None] = []
    begin = 0
    while begin < len(scored):
        division = scored[begin][0].division
        end = begin
        while end < len(scored) and scored[end][0].division == division:
            end += 1
        ranked = [score for person, score in scored[begin:end] if person.ranked]
        found += [*ranks_of(ranked, rules), *[None] * (end - begin - len(ranked))]
        begin = end
    return found


def ranks_of(scores: Sequence[Score], rules: BoardRules) -> list[int | None]:
    """Ranks of scores that are sorted, best first."""
    match rules.ranks:
        case Ranks.OWN:
            return list(range(1, len(scores) + 1))
        case Ranks.DENSE:
            order = {score: rank for rank, score in enumerate(sorted(set(scores)), 1)}
            return [order[score] for score in scores]
        case Ranks.SHARED:
            return list(_shared(scores))
        case Ranks.WORLD_FINALS:
            return _world_finals(scores, rules.medals)


def _shared(keys: Sequence[object]) -> list[int]:
    ranks: list[int] = []
    for place, key in enumerate(keys, 1):
        ranks.append(ranks[-1] if ranks and key == keys[place - 2] else place)
    return ranks


def _world_finals(scores: Sequence[Score], medals: int) -> list[int | None]:
    """Contest Control System Requirements, 'Scoring Data Generation', step 7."""
    median = scores[len(scores) // 2].points if scores else 0
    by_place = _shared(scores)
    by_solved = _shared(
        [score.points if place > medals else None for place, score in zip(by_place, scores, strict=True)]
    )
    return [
        place if place <= medals else (solved if score.points >= median else None)
        for place, solved, score in zip(by_place, by_solved, scores, strict=True)
    ]


def _first_solves(counted: Iterable[Submitted], people: Mapping[str, Contestant]) -> dict[str, str]:
    """By problem, who has the earliest accepted submission, unless one before it is still to be judged."""
    found: dict[str, str | None] = {}
    main = min((one.division for one in people.values() if one.ranked), default=0)
    for one in counted:
        person = people[one.contestant]
        if not person.ranked or person.division != main or one.problem in found:
            continue
        if one.outcome is Outcome.ACCEPTED:
            found[one.problem] = one.contestant
        elif one.outcome is Outcome.PENDING:
            found[one.problem] = None
    return {problem: contestant for problem, contestant in found.items() if contestant is not None}


def collation(name: str) -> tuple[str, str]:
    """A key that sorts names about as people do: without regard to accents and case, then with it."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    return plain.casefold(), name


def whole_points(points: int) -> float | int:
    """Millionths of a point as a number that people read."""
    return points // POINT if points % POINT == 0 else points / POINT
