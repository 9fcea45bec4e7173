"""Boards and the freeze: order, ranks, who solved first, what the public sees, and how it is revealed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom_service.contests.board import Board, BoardRules, Contestant, Outside, Ranks, Submitted, build, ranks_of
from greenroom_service.contests.formats import ICPC, POINT, Outcome, Score
from greenroom_service.contests.freeze import frozen, unfreezing

MINUTE = 60_000
DURATION, FREEZE = 300 * MINUTE, 240 * MINUTE
WEIGHTS = {"a": POINT, "b": POINT, "c": POINT}
TEAMS = [Contestant(id=str(number), name=f"team {number}") for number in range(6)]

submissions = st.lists(
    st.tuples(
        st.sampled_from([team.id for team in TEAMS]),
        st.sampled_from(sorted(WEIGHTS)),
        st.integers(-1, DURATION),
        st.sampled_from(Outcome),
    ),
    max_size=40,
).map(
    lambda found: [
        Submitted(id=f"{number:03}", contestant=who, problem=what, time=at, outcome=outcome)
        for number, (who, what, at, outcome) in enumerate(found)
    ]
)


def board(found: list[Submitted], teams: list[Contestant] | None = None, rules: BoardRules | None = None) -> Board:
    return build(ICPC(), contestants=teams or TEAMS, weights=WEIGHTS, submissions=found, duration=DURATION, rules=rules)


def handed(who: str, what: str, at: int, outcome: Outcome = Outcome.ACCEPTED) -> Submitted:
    return Submitted(id=f"{who}{what}{at}", contestant=who, problem=what, time=at, outcome=outcome)


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        (Ranks.SHARED, [1, 2, 2, 4]),
        (Ranks.DENSE, [1, 2, 2, 3]),
        (Ranks.OWN, [1, 2, 3, 4]),
        (Ranks.WORLD_FINALS, [1, 2, 2, 4]),
    ],
)
def test_equal_scores_share_a_rank_or_not(ranks: Ranks, expected: list[int]) -> None:
    scores = [Score(-3), Score(-2, 10), Score(-2, 10), Score(-1)]
    assert ranks_of(scores, BoardRules(ranks=ranks)) == expected


def test_world_finals_rank_by_problems_below_the_medals_and_nobody_below_the_median() -> None:
    scores = [Score(-9, 1), Score(-8, 1), Score(-8, 2), Score(-7, 1), Score(-7, 2), Score(-7, 3), Score(-5), Score(-4)]
    rules = BoardRules(ranks=Ranks.WORLD_FINALS, medals=2)
    assert ranks_of(scores, rules) == [1, 2, 3, 4, 4, 4, None, None]


def test_a_division_is_ranked_by_itself_and_who_is_outside_has_no_place() -> None:
    teams = [
        Contestant(id="guest", name="guest", ranked=False),
        Contestant(id="old", name="old", division=1),
        Contestant(id="new", name="new"),
    ]
    found = board([handed(team, "a", 1) for team in ("guest", "old")], teams)
    assert [(row.contestant.id, row.rank) for row in found.rows] == [("new", 1), ("guest", None), ("old", 1)]
    assert found.first_solves == {}


def test_equal_teams_stand_by_name_whatever_its_accents_and_case() -> None:
    teams = [Contestant(id=name, name=name) for name in ("zoé", "Äpfel", "apfelbaum", "Zoe")]
    assert [row.contestant.name for row in board([], teams).rows] == ["Äpfel", "apfelbaum", "Zoe", "zoé"]


@pytest.mark.parametrize(("time", "counts"), [(-1, False), (0, True), (DURATION - 1, True), (DURATION, False)])
def test_only_the_time_of_the_contest_counts(time: int, counts: bool) -> None:
    found = [handed("0", "a", time)]
    assert board(found).rows[0].cells["a"].solved is counts
    rules = BoardRules(after_end=Outside.COUNTED, before_start=Outside.COUNTED)
    assert board(found, rules=rules).rows[0].cells["a"].solved


def test_who_solved_first_is_not_said_while_an_earlier_submission_waits() -> None:
    later = handed("1", "a", 20)
    assert board([later, handed("0", "a", 10, Outcome.REJECTED)]).first_solves == {"a": "1"}
    assert board([later, handed("0", "a", 10, Outcome.PENDING)]).first_solves == {}


@given(submissions, st.randoms())
def test_the_order_in_which_submissions_come_does_not_matter(found: list[Submitted], chance: object) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert board(found) == board(shuffled)


@given(submissions, submissions)
def test_the_frozen_board_is_the_same_whatever_came_of_what_was_handed_in_since(
    found: list[Submitted], other: list[Submitted]
) -> None:
    """The promise of the freeze: two contests that differ only in later verdicts look alike to the public."""
    changed = [
        Submitted(
            id=one.id,
            contestant=one.contestant,
            problem=one.problem,
            time=one.time,
            outcome=other[place % len(other)].outcome if other and one.time >= FREEZE else one.outcome,
            points=place * POINT if one.time >= FREEZE else one.points,
        )
        for place, one in enumerate(found)
    ]
    assert board(list(frozen(found, FREEZE))) == board(list(frozen(changed, FREEZE)))


@settings(max_examples=40)
@given(submissions)
def test_unfreezing_ends_with_the_final_board_and_nobody_ever_falls_by_their_own_reveal(found: list[Submitted]) -> None:
    steps = list(
        unfreezing(ICPC(), contestants=TEAMS, weights=WEIGHTS, submissions=found, duration=DURATION, freeze=FREEZE)
    )
    for step in steps:
        assert step.before is not None
        assert step.after is not None
        assert step.after <= step.before
    final = board(found)
    last = steps[-1].board if steps else board(list(frozen(found, FREEZE)))
    assert [(row.rank, row.contestant, row.score) for row in last.rows] == [
        (row.rank, row.contestant, row.score) for row in final.rows
    ]
    assert len({(step.contestant, step.problem) for step in steps}) == len(steps)


def test_the_lowest_place_is_revealed_first() -> None:
    found = [handed("0", "a", 1), handed("0", "b", FREEZE), handed("1", "a", FREEZE), handed("1", "b", FREEZE + 1)]
    steps = list(
        unfreezing(ICPC(), contestants=TEAMS[:2], weights=WEIGHTS, submissions=found, duration=DURATION, freeze=FREEZE)
    )
    assert [(step.contestant, step.problem, step.after) for step in steps] == [
        ("1", "a", 2),
        ("1", "b", 1),
        ("0", "b", 1),
    ]
