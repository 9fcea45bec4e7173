"""What grading says about one submission of an assignment. Plain frozen data; `to_dict` is the JSON of ``--json``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from greenroom_grader.assignments.findings import Finding, FindingKind
from greenroom_grader.assignments.metadata import Role
from greenroom_grader.assignments.score import CellState
from greenroom_problems.verdict import Verdict


class Protection(StrEnum):
    """Where the tests of a cell ran."""

    #: In a clean box; only plain data came from the student's.
    SPLIT = "split"
    #: In the student's own box, where their code could see or change them.
    UNPROTECTED = "unprotected"
    #: The cell has no tests.
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReport:
    """One graded cell."""

    grade_id: str
    role: Role
    state: CellState
    #: None while a person has to decide.
    score: float | None
    max_score: float
    protection: Protection = Protection.NONE
    #: Why it is unprotected.
    reason: str = ""
    #: One sentence: the error, the limit, what was displayed.
    message: str = ""
    #: What the tests and the student's code printed meanwhile, cut.
    stdout: str = ""
    cpu_ms: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """The cell as JSON."""
        return {
            "name": self.grade_id,
            "role": self.role.value,
            "state": self.state.value,
            "score": self.score,
            "max_score": self.max_score,
            "protection": self.protection.value,
            "reason": self.reason,
            "message": self.message,
            "stdout": self.stdout,
            "cpu_ms": round(self.cpu_ms, 3),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentReport:
    """One submission."""

    assignment: str
    file: str
    cells: tuple[CellReport, ...]
    findings: tuple[Finding, ...] = ()
    #: The sandbox level; empty when nothing was run.
    isolation: str = ""
    cpu_ms: float = 0.0
    wall_ms: float = 0.0
    memory_kb: int = 0

    @property
    def score(self) -> float:
        """The points that are certain so far."""
        return sum(cell.score or 0.0 for cell in self.cells)

    @property
    def max_score(self) -> float:
        """All points of the assignment, manual ones too."""
        return sum(cell.max_score for cell in self.cells)

    @property
    def needs_grading(self) -> bool:
        """Whether a person has to look before the score is final."""
        return any(cell.score is None for cell in self.cells)

    @property
    def tests(self) -> tuple[CellReport, ...]:
        """The autograder test cells."""
        return tuple(cell for cell in self.cells if cell.role is Role.TEST)

    @property
    def passed(self) -> int:
        """Test cells with all their points."""
        return sum(cell.state is CellState.PASSED for cell in self.tests)

    @property
    def unprotected(self) -> tuple[CellReport, ...]:
        """The cells whose tests ran in the student's own box."""
        return tuple(cell for cell in self.cells if cell.protection is Protection.UNPROTECTED)

    @property
    def verdict(self) -> Verdict:
        """Accepted when every test cell has all its points; internal_error when something of ours failed."""
        if any(finding.kind is FindingKind.INTERNAL for finding in self.findings):
            return Verdict.INTERNAL_ERROR
        if any(finding.kind is FindingKind.UNREADABLE for finding in self.findings):
            return Verdict.SYNTAX_ERROR
        return Verdict.ACCEPTED if self.passed == len(self.tests) else Verdict.WRONG_ANSWER

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON: the keys that every graded submission has, then those of assignments."""
        return {
            "problem": self.assignment,
            "file": self.file,
            "verdict": self.verdict.value,
            "score": self.score,
            "max_score": self.max_score,
            "passed": self.passed,
            "total": len(self.tests),
            "cpu_ms": round(self.cpu_ms, 3),
            "wall_ms": round(self.wall_ms, 3),
            "memory_kb": self.memory_kb,
            "isolation": self.isolation,
            "cases": [cell.to_dict() for cell in self.cells],
            "needs_grading": self.needs_grading,
            "unprotected": [cell.grade_id for cell in self.unprotected],
            "findings": [finding.to_dict() for finding in self.findings],
        }
