"""Ratings: the Codeforces algorithm against a real round, its promises, and skills of teams."""

from __future__ import annotations

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from greenroom_service.contests.ratings import Placed, Skill, codeforces, openskill

#: Ranks and ratings of round 917 (January 2018), as Codeforces published them.
ROUND = Path(__file__).parent / "data" / "codeforces-round-917.csv"

fields = st.lists(st.tuples(st.integers(1, 30), st.integers(500, 3500)), min_size=1, max_size=30)


def placed(found: list[tuple[int, int]]) -> list[Placed]:
    return [Placed(id=str(number), rank=rank, rating=rating) for number, (rank, rating) in enumerate(found)]


def test_a_real_round_comes_out_to_the_point() -> None:
    with ROUND.open() as opened:
        rows = [{name: int(value) for name, value in row.items()} for row in csv.DictReader(opened)]
    changed = codeforces(placed([(row["rank"], row["before"]) for row in rows]))
    assert [changed[str(number)] for number in range(len(rows))] == [row["after"] - row["before"] for row in rows]


@given(fields)
def test_nobody_overtakes_by_losing_and_ratings_do_not_grow_in_sum(found: list[tuple[int, int]]) -> None:
    changed = codeforces(placed(found))
    assert sum(changed.values()) <= 0
    for mine, (rank, rating) in enumerate(found):
        for theirs, (their_rank, their_rating) in enumerate(found):
            if rank == their_rank and rating == their_rating:
                assert changed[str(mine)] == changed[str(theirs)]
            if rank < their_rank and rating == their_rating:
                assert changed[str(mine)] >= changed[str(theirs)]


@given(fields, st.randoms())
def test_the_order_of_the_list_does_not_matter(found: list[tuple[int, int]], chance: object) -> None:
    shuffled = placed(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert codeforces(shuffled) == codeforces(placed(found))


def test_an_empty_contest_changes_nothing() -> None:
    assert codeforces([]) == {}


def test_members_of_a_team_that_wins_gain_and_uncertainty_shrinks() -> None:
    teams = {"winners": [Skill(), Skill(mu=30.0, sigma=2.0)], "others": [Skill()], "nobody": []}
    found = openskill(teams, {"winners": 1, "others": 2, "nobody": 2})
    assert found["winners"][0].mu > 25.0 > found["others"][0].mu
    # Who is known well changes less than who is new.
    assert found["winners"][0].mu - 25.0 > found["winners"][1].mu - 30.0 > 0
    assert found["others"][0].sigma < Skill().sigma
    assert found["nobody"] == []


def test_equal_teams_that_share_a_rank_stay_equal() -> None:
    found = openskill({"a": [Skill()], "b": [Skill()]}, {"a": 1, "b": 1})
    assert found["a"] == found["b"]


def test_a_team_alone_learns_nothing() -> None:
    assert openskill({"a": [Skill()]}, {"a": 1}) == {"a": [Skill()]}
