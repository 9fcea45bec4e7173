"""From how a cell ran to what it scores: the rules of nbgrader 0.9.6. Pure.

A test cell that raises or writes to standard error gets nothing; one whose last expression displays a number gets that
number; every other one gets all its points. A manual answer waits for a person unless nothing was answered; a task
always waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from greenroom_grader.assignments.metadata import Role
from greenroom_grader.sandbox.interface import Ending

if TYPE_CHECKING:
    from greenroom_grader.assignments.merge import MergedCell


class CellState(StrEnum):
    """What became of a graded cell."""

    PASSED = "passed"
    FAILED = "failed"
    PARTIAL = "partial"
    #: A person has to look: a manual answer, a task, or a test that we cannot score.
    NEEDS_GRADING = "needs_grading"
    #: A manual answer that was never touched; 0 points, as nbgrader gives.
    UNANSWERED = "unanswered"
    #: Not graded for a reason that is not the student's, or because the file cannot be read.
    NOT_GRADED = "not_graded"


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRun:
    """How one test cell ended."""

    __test__ = False  # not a test of pytest's

    ending: Ending
    #: text/plain of what the last expression displayed; None when it displayed nothing.
    displayed: str | None = None
    #: Whether anything reached standard error.
    stderr: bool = False
    #: ``AssertionError: squares(3) is wrong``; empty when nothing was raised.
    error: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Points of one cell; None while nobody has decided."""

    points: float | None
    state: CellState
    message: str = ""


#: What a student reads about an ending that is neither returned nor raised.
STOPPED = {
    Ending.SYNTAX: "The code does not compile.",
    Ending.CPU_LIMIT: "The time limit was reached.",
    Ending.WALL_LIMIT: "The time limit was reached.",
    Ending.MEMORY_LIMIT: "The memory limit was reached.",
    Ending.OUTPUT_LIMIT: "The output limit was reached.",
    Ending.DIED: "The process ended before it answered.",
    Ending.PROTOCOL: "The process sent something that nobody asked for.",
}


def score_test(run: TestRun, max_points: float) -> Score:
    """The score of an autograder test cell."""
    if run.ending in STOPPED:
        return Score(0.0, CellState.FAILED, run.error or STOPPED[run.ending])
    if run.ending is Ending.RAISED or run.error:
        return Score(0.0, CellState.FAILED, run.error)
    if run.stderr:
        return Score(0.0, CellState.FAILED, "Something was written to standard error.")
    if run.displayed is not None:
        return _displayed(run.displayed, max_points)
    return Score(max_points, CellState.PASSED)


def score_manual(cell: MergedCell) -> Score:
    """The score of a manual answer or a task before a person has seen it."""
    if cell.role is Role.MANUAL and cell.unanswered:
        return Score(0.0, CellState.UNANSWERED, "No response.")
    return Score(None, CellState.NEEDS_GRADING)


def _displayed(text: str, max_points: float) -> Score:
    """Partial credit: the displayed number, where it is one from 0 to the points of the cell."""
    try:
        number = float(text)
    except ValueError:
        return Score(max_points, CellState.PASSED)
    if number > max_points:
        message = f"The test displays {number:g}, more than the {max_points:g} points of its cell."
        return Score(None, CellState.NEEDS_GRADING, message)
    # nbgrader gives all points for a negative number and for nan.
    if not number >= 0.0 or number == max_points:
        return Score(max_points, CellState.PASSED)
    return Score(number, CellState.PARTIAL if number > 0 else CellState.FAILED)
