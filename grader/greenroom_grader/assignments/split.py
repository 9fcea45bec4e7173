"""One notebook in two boxes: the instructor's cells in a clean one, the student's in another.

A test cell runs unmodified in the clean box. The student's functions are stubs there: a call leaves the box as plain
data, is made in the student's box, and its result comes back as plain data. Nothing of the student's is ever executed
beside a test, and neither hidden tests nor what they expect ever enter the student's box. Cells that the plan calls
unprotected run in the student's box, as nbgrader runs them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenroom_grader.assignments.boxes import ALIVE, Furniture, NotebookLimits, Side, Usage
from greenroom_grader.assignments.clean import CleanBox, Watch
from greenroom_grader.assignments.metadata import Role
from greenroom_grader.assignments.names import names_of, words_of
from greenroom_grader.assignments.remote import CLEAN_PRELUDE, REMOTE_NAMES, STUDENT_PRELUDE
from greenroom_grader.assignments.score import TestRun
from greenroom_grader.sandbox.interface import Ending, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greenroom_grader.assignments.merge import MergedCell
    from greenroom_grader.assignments.plan import Plan
    from greenroom_grader.assignments.source import SourceCell
    from greenroom_grader.sandbox.interface import Raised, Sandbox

#: Characters of an error and of output that are kept.
ERROR_LIMIT = 2_000
OUTPUT_LIMIT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRun:
    """How one test cell went, in either box."""

    run: TestRun
    stdout: str = ""
    cpu_ms: float = 0.0
    #: Types of values that could not cross.
    opaque: tuple[str, ...] = ()
    #: Of what the test raised; it may show lines of hidden tests.
    traceback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookRun:
    """How a whole notebook went."""

    #: By index in the source notebook.
    tests: Mapping[int, CellRun]
    #: Student cells that killed their box: the cell's id (empty for an own cell), its number, how.
    stopped: tuple[tuple[str, int, Ending], ...]
    #: Student cells that raised, by number.
    raised: Mapping[int, Raised]
    level: str
    cpu_ms: float
    wall_ms: float
    memory_kb: int


class SplitRun:
    """Runs one merged notebook by a plan. Single use; `run` frees the boxes."""

    def __init__(
        self, sandbox: Sandbox, plan: Plan, *, limits: NotebookLimits, files: Mapping[str, bytes] | None = None
    ) -> None:
        self._plan = plan
        self._usage = Usage()
        files = files or {}
        own = Furniture(files=files, prelude=STUDENT_PRELUDE if plan.has_classes else "")
        clean = Furniture(
            files=files,
            remotes=REMOTE_NAMES if plan.has_classes else (),
            prelude=CLEAN_PRELUDE if plan.has_classes else "",
            remember=False,
        )
        self._student = Side(sandbox, limits=limits, furniture=own, usage=self._usage)
        self._clean = Side(sandbox, limits=limits, furniture=clean, usage=self._usage)
        self._tests = CleanBox(self._clean, self._student, limits)
        self._pending = sorted(index for index, cell in plan.clean.items() if cell.role is Role.PLAIN)

    def run(self, cells: Sequence[MergedCell]) -> NotebookRun:
        """Run the notebook. Raises SandboxError when the sandbox, not the submission, fails."""
        tests: dict[int, CellRun] = {}
        stopped: list[tuple[str, int, Ending]] = []
        raised: dict[int, Raised] = {}
        try:
            for position, cell in enumerate(cells):
                self._run_pending(cell)
                if cell.cell_type != "code":
                    continue
                if cell.origin is not None and cell.role is Role.TEST:
                    tests[cell.origin.index] = self._test(cell.origin, cells[position + 1 :])
                    continue
                if cell.origin is not None and cell.role is Role.READONLY:
                    self._tests.run(self._plan.clean[cell.origin.index])
                outcome = self._in_student(cell.source)
                if outcome.ending not in ALIVE:
                    stopped.append((cell.grade_id, position + 1, outcome.ending))
                elif outcome.raised is not None:
                    raised[position + 1] = outcome.raised
        finally:
            self._student.close()
            self._clean.close()
        return NotebookRun(
            tests=tests,
            stopped=tuple(stopped),
            raised=raised,
            level=self._student.level or self._clean.level,
            cpu_ms=self._usage.cpu_ms,
            wall_ms=self._usage.wall_seconds * 1000,
            memory_kb=self._usage.memory_kb,
        )

    def _run_pending(self, cell: MergedCell) -> None:
        """Run the instructor's plain cells that stand before this cell in the source."""
        while self._pending and cell.origin is not None and self._pending[0] < cell.origin.index:
            self._tests.run(self._plan.clean[self._pending.pop(0)])

    def _in_student(self, source: str) -> Outcome:
        if not source.strip():
            return Outcome(ending=Ending.RETURNED)
        self._tests.student_changed()
        return self._student.cell(source)

    def _test(self, cell: SourceCell, later: Sequence[MergedCell]) -> CellRun:
        if cell.index in self._plan.unprotected:
            if self._plan.needed_in_clean(cell.index):
                self._tests.run(self._plan.clean[cell.index])
            return _unprotected_run(self._in_student(cell.graded_source))
        outcome, watch = self._tests.run(self._plan.clean[cell.index])
        self._lend(cell, later)
        return _split_run(outcome, watch)

    def _lend(self, cell: SourceCell, later: Sequence[MergedCell]) -> None:
        """Run the test cell in the student's box too where later cells there use names that it binds.

        Students see the released version anyway; the whole one goes in only for a cell that is unprotected itself.
        """
        if cell.index in self._plan.helpers:
            self._in_student(cell.graded_source if self._plan.helpers[cell.index] else cell.release)
            return
        binds = names_of(cell.release).binds
        if binds and any(not binds.isdisjoint(words_of(own.source)) for own in later if _is_students_code(own)):
            self._in_student(cell.release)


def _is_students_code(cell: MergedCell) -> bool:
    return cell.cell_type == "code" and not cell.instructors


def _unprotected_run(outcome: Outcome) -> CellRun:
    return CellRun(
        run=_run(outcome, outcome.ending, stderr=outcome.stderr),
        stdout=outcome.stdout[:OUTPUT_LIMIT],
        cpu_ms=outcome.cpu_ms,
        traceback=outcome.raised.traceback if outcome.raised else "",
    )


def _split_run(outcome: Outcome, watch: Watch) -> CellRun:
    ending = outcome.ending if watch.ending is Ending.RETURNED else watch.ending
    return CellRun(
        run=_run(outcome, ending, stderr=outcome.stderr or watch.stderr),
        stdout="".join([*watch.stdout, outcome.stdout])[:OUTPUT_LIMIT],
        cpu_ms=outcome.cpu_ms + watch.cpu_ms,
        opaque=tuple(dict.fromkeys(watch.opaque)),
        traceback=outcome.raised.traceback if outcome.raised else "",
    )


def _run(outcome: Outcome, ending: Ending, *, stderr: bool) -> TestRun:
    raised = outcome.raised
    error = ""
    if ending is outcome.ending and raised is not None:
        error = f"{raised.type_name}: {raised.message}" if raised.message else raised.type_name
    displayed = outcome.value if isinstance(outcome.value, str) else None
    return TestRun(ending=ending, displayed=displayed, stderr=stderr, error=error[:ERROR_LIMIT])
