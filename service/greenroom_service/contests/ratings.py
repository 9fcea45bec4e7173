"""Ratings after a contest: the Codeforces algorithm for people, Plackett-Luce by openskill for teams. Pure.

Source of the first: 'Open Codeforces Rating System' by Mike Mirzayanov (codeforces.com/blog/entry/20762). Every
division is one of whole numbers, rounded towards zero, as there. Rounds 908 and 917 come out to the point for all of
their 7114 people.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from openskill.models import PlackettLuce

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: What somebody has before their first contest.
INITIAL = 1500
_LOWEST, _HIGHEST = 1, 8000
_MODEL = PlackettLuce()


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Somebody's rating before a contest, and their rank in it."""

    id: str
    rating: int
    #: 1 for the best; equal ones share one, whichever of the shared places it is.
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """A member's skill as openskill has it: a normal distribution."""

    mu: float = 25.0
    sigma: float = 25.0 / 3.0

    @property
    def ordinal(self) -> float:
        """A number to sort by: the skill is greater with 99.7 % certainty."""
        return self.mu - 3.0 * self.sigma


def win_probability(mine: float, theirs: float) -> float:
    """The probability that the first rating beats the second (Elo)."""
    return 1.0 / (1.0 + math.pow(10.0, (theirs - mine) / 400.0))


def codeforces(placed: Sequence[Placed]) -> dict[str, int]:
    """How much each rating changes.

    Args:
        placed: everybody who is rated in the contest.

    Returns:
        Points to add, by id.
    """
    if not placed:
        return {}
    ranks = _last_of_equals(placed)
    ratings = Counter(one.rating for one in placed)

    @cache
    def seed_of(rating: int) -> float:
        """The place that a rating is expected to take among all, itself in front."""
        return 1.0 + sum(count * win_probability(other, rating) for other, count in ratings.items())

    deltas = {}
    for one in placed:
        # Against everybody but oneself; one wins against oneself half of the time.
        seed = seed_of(one.rating) - 0.5
        needed = _rating_for(math.sqrt(ranks[one.rank] * seed), one.rating, seed_of)
        deltas[one.id] = _divide(needed - one.rating, 2)
    _shift(deltas, _divide(-sum(deltas.values()), len(deltas)) - 1)
    best = sorted(placed, key=lambda one: (-one.rating, one.rank))
    # Java rounds a half up; the root of a whole number is never half of an odd one, so round() says the same.
    count = min(4 * round(math.sqrt(len(placed))), len(placed))
    among_best = sum(deltas[one.id] for one in best[:count])
    _shift(deltas, min(max(_divide(-among_best, count), -10), 0))
    return deltas


def _last_of_equals(placed: Sequence[Placed]) -> dict[int, int]:
    """For each rank the last of the places that it spans: whoever shares it is treated as the last of them."""
    last, before = {}, 0
    for rank, count in sorted(Counter(one.rank for one in placed).items()):
        before += count
        last[rank] = before
    return last


def _rating_for(rank: float, own: int, seed_of: Callable[[int], float]) -> int:
    """The greatest rating whose seed among all others is not better than a rank, by bisection."""
    left, right = _LOWEST, _HIGHEST
    while right - left > 1:
        middle = (left + right) // 2
        if seed_of(middle) - win_probability(own, middle) < rank:
            right = middle
        else:
            left = middle
    return left


def _divide(number: int, by: int) -> int:
    quotient = abs(number) // by
    return quotient if number >= 0 else -quotient


def _shift(deltas: dict[str, int], by: int) -> None:
    for key in deltas:
        deltas[key] += by


def openskill(teams: Mapping[str, Sequence[Skill]], ranks: Mapping[str, int]) -> dict[str, list[Skill]]:
    """Skills of every member after a contest.

    Args:
        teams: skills of the members, by team.
        ranks: by team; equal ones share a rank.

    Returns:
        The new skills by team, in the order of the members.
    """
    names = [name for name in teams if teams[name]]
    if len(names) < 2:
        return {name: list(members) for name, members in teams.items()}
    rated = _MODEL.rate(
        [[_MODEL.rating(mu=one.mu, sigma=one.sigma) for one in teams[name]] for name in names],
        ranks=[float(ranks[name]) for name in names],
    )
    found = {
        name: [Skill(mu=one.mu, sigma=one.sigma) for one in members] for name, members in zip(names, rated, strict=True)
    }
    return {name: found.get(name, []) for name in teams}
