"""Scores are nbgrader's: every way a test cell can end is also put before nbgrader's own rule."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom_grader.assignments.merge import MergedCell
from greenroom_grader.assignments.metadata import Mark, Role
from greenroom_grader.assignments.score import STOPPED, CellState, TestRun, score_manual, score_test
from greenroom_grader.assignments.source import make_cell
from greenroom_grader.sandbox.interface import Ending

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # nbgrader's imports warn; that is not ours to fix
    from nbformat.v4 import new_code_cell, new_output
    from nbgrader.utils import determine_grade

DISPLAYED = st.one_of(
    st.none(),
    st.floats(-1, 5).map(str),
    st.integers(-2, 7).map(str),
    st.sampled_from(["nan", "inf", "True", "None", "'0.5'", "[1]", "0.50", " 1 ", "1_0", "1e-3", "abc"]),
    st.text(min_size=1, max_size=5),
)


@given(displayed=DISPLAYED, raised=st.booleans(), stderr=st.booleans(), points=st.sampled_from([0.0, 0.5, 1.0, 3.0]))
def test_a_test_cell_scores_as_nbgrader_scores_it(
    displayed: str | None, raised: bool, stderr: bool, points: float
) -> None:
    cell = new_code_cell("assert f")
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "grade_id": "a", "points": points}
    if stderr:
        cell.outputs.append(new_output("stream", name="stderr", text="oh"))
    if raised:
        cell.outputs.append(new_output("error", ename="E", evalue="v", traceback=[]))
    elif displayed is not None:
        cell.outputs.append(new_output("execute_result", {"text/plain": displayed}))
    run = TestRun(
        ending=Ending.RAISED if raised else Ending.RETURNED,
        displayed=None if raised else displayed,
        stderr=stderr,
        error="E: v" if raised else "",
    )
    ours = score_test(run, points)
    try:
        theirs, _ = determine_grade(cell)
    except ValueError:  # nbgrader stops at more than the cell's points; we ask a person
        assert ours.state is CellState.NEEDS_GRADING
    else:
        assert ours.points == theirs


@pytest.mark.parametrize("ending", list(STOPPED))
def test_a_box_that_ended_gives_no_points_and_says_why(ending: Ending) -> None:
    score = score_test(TestRun(ending=ending, displayed="1.0"), 1.0)
    assert (score.points, score.state) == (0.0, CellState.FAILED)
    assert score.message


@pytest.mark.parametrize(
    ("displayed", "points", "state"),
    [("0.5", 0.5, CellState.PARTIAL), ("1", 1.0, CellState.PASSED), ("0", 0.0, CellState.FAILED)],
)
def test_partial_credit_has_a_state(displayed: str, points: float, state: CellState) -> None:
    score = score_test(TestRun(ending=Ending.RETURNED, displayed=displayed), 1.0)
    assert (score.points, score.state) == (points, state)


def manual(role: Role, *, unanswered: bool) -> MergedCell:
    mark = Mark(grade_id="a", role=role, points=2.0, locked=role is Role.TASK)
    origin = make_cell(0, "markdown", "text", mark)
    return MergedCell(cell_type="markdown", source="x", origin=origin, unanswered=unanswered)


def test_an_answer_waits_for_a_person_and_is_never_zero() -> None:
    assert score_manual(manual(Role.MANUAL, unanswered=False)).points is None
    assert score_manual(manual(Role.TASK, unanswered=False)).points is None
    assert score_manual(manual(Role.TASK, unanswered=True)).state is CellState.NEEDS_GRADING


def test_only_an_untouched_answer_is_settled_without_a_person() -> None:
    score = score_manual(manual(Role.MANUAL, unanswered=True))
    assert (score.points, score.state) == (0.0, CellState.UNANSWERED)
