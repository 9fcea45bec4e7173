"""Judging problems of kind ``cells``: the answer in one box, the author's test cells in another.

The cells run as those of an assignment do, so a test sees the student's names as stubs and plain data, and no code of
the student's runs beside it. Each cell counts by its points; a cell that displays a number gets that many of them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from greenroom_grader.assignments import NotebookLimits, Prepared, prepare_assignment
from greenroom_grader.assignments.merge import MergedCell
from greenroom_grader.assignments.metadata import Mark, Role
from greenroom_grader.assignments.notebook import RawNotebook
from greenroom_grader.assignments.score import STOPPED, CellState, score_test
from greenroom_grader.assignments.source import Assignment, SourceCell, make_cell
from greenroom_grader.assignments.split import CellRun, NotebookRun, SplitRun
from greenroom_grader.casereport import syntax_message
from greenroom_grader.errors import SandboxError
from greenroom_grader.report import CaseReport, Report
from greenroom_grader.sandbox.interface import Ending
from greenroom_grader.show import clip
from greenroom_problems.problem import Reveal
from greenroom_problems.verdict import Verdict

if TYPE_CHECKING:
    from greenroom_grader.assignments.score import Score
    from greenroom_grader.package import Package
    from greenroom_grader.sandbox.interface import Sandbox
    from greenroom_problems.problem import AssertCell

#: Problems whose tests are known to fit, or not to fit, into a box of their own.
_REMEMBERED: Final = 64
_ANSWER: Final = "solution"
_STDOUT: Final = 8000
_MESSAGE: Final = 400
_TRACEBACK: Final = 6000
_SYNTAX: Final = frozenset({"SyntaxError", "IndentationError", "TabError"})
_VERDICTS: Final = {
    Ending.CPU_LIMIT: Verdict.TIME_LIMIT,
    Ending.WALL_LIMIT: Verdict.TIME_LIMIT,
    Ending.MEMORY_LIMIT: Verdict.MEMORY_LIMIT,
    Ending.OUTPUT_LIMIT: Verdict.OUTPUT_LIMIT,
    Ending.DIED: Verdict.RUNTIME_ERROR,
    Ending.PROTOCOL: Verdict.RUNTIME_ERROR,
}
_prepared: OrderedDict[str, Prepared] = OrderedDict()
_preparing = threading.Lock()


def judge(sandbox: Sandbox, package: Package, source: str, *, most: float) -> Report:
    """Judge one source; ``most`` is the score for all points.

    Raises:
        SandboxError: a box failed for a reason that is ours, or a test displays more points than its cell has.
    """
    prepared = _prepare(sandbox, package)
    answer, *tests = prepared.assignment.cells
    cells = [MergedCell(cell_type="code", source=source, origin=answer)]
    cells += [MergedCell(cell_type="code", source=test.graded_source, origin=test) for test in tests]
    run = SplitRun(sandbox, prepared.plan, limits=prepared.limits).run(cells)
    loading = _loading(run)
    scores = [score_test(run.tests[test.index].run, test.points) for test in tests]
    if any(score.state is CellState.NEEDS_GRADING for score in scores):
        raise SandboxError(f"{package.problem}: a test displays more points than its cell has")
    cases = [
        _case(package, test, cell, score, run.tests[test.index], loading)
        for test, cell, score in zip(tests, package.cells, scores, strict=True)
    ]
    failing = next((case for case in cases if case.verdict is not Verdict.ACCEPTED), None)
    if failing is not None and loading is not None:
        # That the answer itself did not run says more than what the tests then miss.
        failing = loading
    return Report(
        problem=package.problem,
        verdict=Verdict.ACCEPTED if failing is None else failing.verdict,
        score=_scaled(tests, scores, most),
        max_score=most,
        passed=sum(case.verdict is Verdict.ACCEPTED for case in cases),
        total=len(cases),
        cpu_ms=round(run.cpu_ms, 3),
        wall_ms=round(run.wall_ms, 3),
        memory_kb=run.memory_kb,
        isolation=run.level,
        cases=tuple(cases),
        message=failing.message if failing is not None else "All tests pass.",
        failing=failing,
        digest=package.digest,
    )


def assignment_of(package: Package) -> Assignment:
    """The problem as an assignment: one answer, then the tests."""
    mark = Mark(grade_id=_ANSWER, role=Role.SOLUTION)
    answer = SourceCell(
        index=0, cell_type="code", source=package.reference, graded_source=package.reference, release="", mark=mark
    )
    tests = (_test(index, cell) for index, cell in enumerate(package.cells, start=1))
    return Assignment(
        name=package.problem, path=package.problem, cells=(answer, *tests), notebook=RawNotebook(cells=())
    )


def _test(index: int, cell: AssertCell) -> SourceCell:
    mark = Mark(grade_id=cell.grade_id, role=Role.TEST, points=cell.points, locked=True)
    made = make_cell(index, "code", cell.source, mark)
    return replace(made, release="") if cell.hidden else made


def _prepare(sandbox: Sandbox, package: Package) -> Prepared:
    """Where each test runs; found out once per version of a problem."""
    with _preparing:
        if package.digest in _prepared:
            _prepared.move_to_end(package.digest)
            return _prepared[package.digest]
    limits = NotebookLimits(
        cpu_seconds=package.limits.cpu_seconds,
        memory_mb=package.limits.memory_mb,
        output_kb=package.limits.output_kb,
    )
    prepared = prepare_assignment(sandbox, assignment_of(package), limits=limits)
    if package.digest:
        with _preparing:
            _prepared[package.digest] = prepared
            while len(_prepared) > _REMEMBERED:
                _prepared.popitem(last=False)
    return prepared


def _scaled(tests: list[SourceCell], scores: list[Score], most: float) -> float:
    """Points as part of the most; where no cell has points, cells count alike."""
    total = sum(test.points for test in tests)
    if total:
        return round(most * sum(score.points or 0.0 for score in scores) / total, 3)
    return round(most * sum(score.state is CellState.PASSED for score in scores) / max(1, len(scores)), 3)


def _case(
    package: Package, test: SourceCell, cell: AssertCell, score: Score, run: CellRun, loading: CaseReport | None
) -> CaseReport:
    passed = score.state is CellState.PASSED
    # What a hidden test says of itself may hold its expected value.
    open_ = not (cell.hidden or test.has_hidden_tests) or package.reveal is Reveal.ALL
    verdict = Verdict.ACCEPTED if passed else _verdict(run, loading)
    message = "" if passed else _message(score, run, shown=open_ or run.run.ending in _VERDICTS)
    return CaseReport(
        index=test.index - 1,
        name=test.grade_id,
        visible=not cell.hidden,
        verdict=verdict,
        cpu_ms=round(run.cpu_ms, 3),
        wall_ms=0.0,
        call=(test.graded_source if package.reveal is Reveal.ALL else test.release) or None,
        stdout=clip(run.stdout, _STDOUT) if open_ else "",
        traceback=clip(run.traceback, _TRACEBACK) if open_ and not passed else "",
        message=clip(message, _MESSAGE),
    )


def _message(score: Score, run: CellRun, *, shown: bool) -> str:
    if score.state is CellState.PARTIAL:
        return f"The test gives {score.points:g} points."
    if not shown or not score.message:
        return "A hidden test fails."
    if score.message == "AssertionError" and (line := _failing_line(run.traceback)):
        return f"This does not hold: {line}"
    return score.message


def _failing_line(traceback: str) -> str:
    """The line of the test that raised, as the last frame shows it."""
    lines = [line.strip() for line in traceback.splitlines() if line.startswith("    ")]
    told = [line for line in lines if line.strip("^~ ")]
    return told[-1] if told else ""


def _verdict(run: CellRun, loading: CaseReport | None) -> Verdict:
    if run.run.ending in _VERDICTS:
        return _VERDICTS[run.run.ending]
    name = run.run.error.partition(":")[0]
    if not name or name == "AssertionError":
        return Verdict.WRONG_ANSWER
    return loading.verdict if loading is not None else Verdict.RUNTIME_ERROR


def _loading(run: NotebookRun) -> CaseReport | None:
    """The answer itself as a case, where it raised or ended its box."""
    for _grade_id, number, ending in run.stopped:
        if number == 1:
            return _load_case(_VERDICTS.get(ending, Verdict.RUNTIME_ERROR), STOPPED.get(ending, str(ending)))
    raised = run.raised.get(1)
    if raised is None:
        return None
    if raised.type_name in _SYNTAX:
        return _load_case(Verdict.SYNTAX_ERROR, syntax_message(raised))
    text = f"It raised {raised.type_name}: {raised.message}"
    return _load_case(Verdict.RUNTIME_ERROR, text, traceback=raised.traceback)


def _load_case(verdict: Verdict, message: str, *, traceback: str = "") -> CaseReport:
    return CaseReport(
        index=0,
        name="loading your code",
        visible=True,
        verdict=verdict,
        cpu_ms=0.0,
        wall_ms=0.0,
        traceback=clip(traceback, _TRACEBACK),
        message=clip(" ".join(message.split()), _MESSAGE),
    )
