"""Grading of nbgrader assignments in the sandbox: source notebooks of schema 1 to 3, split mode, partial credit."""

from greenroom_grader.assignments.boxes import NotebookLimits
from greenroom_grader.assignments.findings import Finding, FindingKind
from greenroom_grader.assignments.grade import (
    Prepared,
    generate_tests,
    grade_assignment,
    grade_submission,
    prepare,
    prepare_assignment,
)
from greenroom_grader.assignments.report import AssignmentReport, CellReport, Protection
from greenroom_grader.assignments.score import CellState

__all__ = [
    "AssignmentReport",
    "CellReport",
    "CellState",
    "Finding",
    "FindingKind",
    "NotebookLimits",
    "Prepared",
    "Protection",
    "generate_tests",
    "grade_assignment",
    "grade_submission",
    "prepare",
    "prepare_assignment",
]
