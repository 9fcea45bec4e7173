"""Scoring: the rules of each format, by example and by property."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom_service.contests.formats import (
    FORMATS,
    ICPC,
    IOI,
    POINT,
    Attempt,
    FormatError,
    ICPCRules,
    IOIRules,
    IOITieBreak,
    LeetCode,
    Outcome,
    Score,
    TieBreak,
    Unit,
    make_format,
)
from greenroom_service.contests.formats.rules import rules_as_json, rules_from

AC, WA, CE, WAITING = Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNPENALISED, Outcome.PENDING
HOUR, MINUTE, SECOND = 3_600_000, 60_000, 1_000

attempts = st.lists(
    st.builds(
        Attempt,
        time=st.integers(0, 5 * HOUR),
        outcome=st.sampled_from(Outcome),
        points=st.integers(0, 100).map(lambda points: points * POINT),
    ),
    max_size=12,
).map(lambda found: sorted(found, key=lambda one: one.time))


def tries(*found: tuple[int, Outcome]) -> list[Attempt]:
    return [Attempt(time, outcome) for time, outcome in found]


@pytest.mark.parametrize(
    ("found", "judged", "pending", "solved", "penalised"),
    [
        ([], 0, 0, False, 0),
        ([(1, AC)], 1, 0, True, 0),
        ([(1, WA), (2, WA), (3, AC)], 3, 0, True, 2),
        ([(1, WA)], 1, 0, False, 1),
        ([(1, CE), (2, AC)], 1, 0, True, 0),
        ([(1, WAITING), (2, AC)], 1, 1, True, 0),
        ([(1, AC), (2, WA), (3, WAITING)], 1, 0, True, 0),
        ([(1, WA), (2, WAITING)], 1, 1, False, 1),
    ],
)
def test_a_cell_counts_up_to_the_first_accepted_submission(
    found: list[tuple[int, Outcome]], judged: int, pending: int, solved: bool, penalised: int
) -> None:
    cell = ICPC().cell(tries(*found))
    assert (cell.judged, cell.pending, cell.solved, cell.penalised) == (judged, pending, solved, penalised)


@pytest.mark.parametrize(
    ("unit", "penalty", "tie"),
    [
        (Unit.MINUTES, 10 + 20 + 20, 20 * 60),
        (Unit.MINUTES_UP, 11 + 21 + 20, 21 * 60),
        (Unit.SUM_TO_MINUTES, 31 + 20, 20 * 60 + 45),
        (Unit.SECONDS, 10 * 60 + 45 + 20 * 60 + 45 + 20 * 60, 20 * 60 + 45),
    ],
)
def test_times_become_penalties_in_the_units_that_boards_use(unit: Unit, penalty: int, tie: int) -> None:
    form = ICPC(ICPCRules(unit=unit))
    first = form.cell(tries((10 * MINUTE + 45_900, AC)))
    second = form.cell(tries((5, WA), (20 * MINUTE + 45_900, AC)))
    assert form.total([first, second]) == Score(-2 * POINT, penalty, tie)


def test_the_last_millisecond_of_a_minute_belongs_to_it() -> None:
    form = ICPC()
    assert form.total([form.cell(tries((MINUTE - 1, AC)))]).penalty == 0
    assert form.total([form.cell(tries((MINUTE, AC)))]).penalty == 1


def test_the_tie_break_is_a_choice() -> None:
    def total(tie_break: TieBreak, *times: int) -> Score:
        form = ICPC(ICPCRules(tie_break=tie_break))
        return form.total([form.cell(tries((time, AC))) for time in times])

    early, late = (10 * MINUTE, 30 * MINUTE), (5 * MINUTE, 35 * MINUTE)
    assert total(TieBreak.NONE, *early) == total(TieBreak.NONE, *late)
    assert total(TieBreak.LAST_ACCEPTED, *early) < total(TieBreak.LAST_ACCEPTED, *late)
    within = (10 * MINUTE, 30 * MINUTE + 1)
    assert total(TieBreak.LAST_ACCEPTED, *early) == total(TieBreak.LAST_ACCEPTED, *within)
    assert total(TieBreak.LAST_ACCEPTED_EXACT, *early) < total(TieBreak.LAST_ACCEPTED_EXACT, *within)


def test_the_best_score_counts_or_the_last() -> None:
    found = [Attempt(1, WA, 30 * POINT), Attempt(2, WA, 70 * POINT), Attempt(3, WA, 50 * POINT)]
    best = IOI().cell(found, 100 * POINT)
    last = IOI(IOIRules(last_counts=True)).cell(found, 100 * POINT)
    assert (best.points, best.time, best.judged, best.solved) == (70 * POINT, 2, 3, False)
    assert (last.points, last.time) == (50 * POINT, 3)


@pytest.mark.parametrize(
    ("tie_break", "tie"),
    [(IOITieBreak.NONE, 0), (IOITieBreak.LAST_IMPROVEMENT, 20), (IOITieBreak.SUM_OF_TIMES, 30)],
)
def test_equal_sums_of_points_are_parted_as_the_rules_say(tie_break: IOITieBreak, tie: int) -> None:
    form = IOI(IOIRules(tie_break=tie_break))
    cells = [form.cell([Attempt(at * SECOND, WA, POINT)], 100 * POINT) for at in (10, 20)]
    assert form.total(cells) == Score(-2 * POINT, 0, tie)


def test_leetcode_adds_five_minutes_for_each_wrong_submission_of_a_solved_problem() -> None:
    form = LeetCode()
    easy = form.cell(tries((10 * MINUTE, AC)), 3 * POINT)
    hard = form.cell(tries((11 * MINUTE, WA), (40 * MINUTE, AC), (50 * MINUTE, WA)), 6 * POINT)
    never = form.cell(tries((60 * MINUTE, WA)), 5 * POINT)
    assert form.total([easy, hard, never]) == Score(-9 * POINT, 45 * 60)


@given(attempts, st.sampled_from(sorted(FORMATS)))
def test_a_pending_submission_never_changes_a_score(found: list[Attempt], name: str) -> None:
    form = make_format(name)
    judged = [one for one in found if one.outcome is not WAITING]
    assert form.total([form.cell(found, POINT)]) == form.total([form.cell(judged, POINT)])


@given(attempts, st.sampled_from(["icpc", "leetcode"]))
def test_nothing_after_the_first_accepted_submission_counts(found: list[Attempt], name: str) -> None:
    form = make_format(name)
    first = next((place for place, one in enumerate(found) if one.outcome is AC), len(found))
    assert form.cell(found, POINT) == form.cell(found[: first + 1], POINT)


@given(attempts, st.integers(0, 5 * HOUR))
def test_another_accepted_submission_never_makes_a_total_worse(found: list[Attempt], time: int) -> None:
    form = ICPC()
    solved = form.cell(sorted([*found, Attempt(5 * HOUR, AC)], key=lambda one: one.time))
    other = form.cell([Attempt(time, AC)])
    assert form.total([solved, other]) < form.total([solved])


@given(st.lists(attempts, max_size=5), st.randoms())
def test_the_order_of_problems_does_not_matter(problems: list[list[Attempt]], chance: Any) -> None:
    form = ICPC()
    cells = [form.cell(one) for one in problems]
    shuffled = list(cells)
    chance.shuffle(shuffled)
    assert form.total(cells) == form.total(shuffled)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_rules_survive_being_stored(name: str) -> None:
    rules = make_format(name).rules
    assert rules_from(type(rules), rules_as_json(rules)) == rules


@pytest.mark.parametrize(
    ("name", "rules", "said"),
    [
        ("chess", None, "there is no format 'chess'"),
        ("icpc", [], "must be an object"),
        ("icpc", {"bonus": 1}, "there is no rule 'bonus'"),
        ("icpc", {"penalty": -1}, "rule penalty"),
        ("icpc", {"penalty": True}, "rule penalty"),
        ("icpc", {"unit": "hours"}, "minutes, minutes_up, sum_to_minutes, seconds"),
        ("icpc", {"count_unpenalised": 1}, "true or false"),
    ],
)
def test_a_wrong_rule_gets_one_clear_line(name: str, rules: object, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        make_format(name, rules)
