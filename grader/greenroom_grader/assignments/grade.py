"""Grading of nbgrader assignments, whole batches at a time.

`grade_assignment(sandbox, source_path, submission_paths)` is what ``greenroom grade --assignment`` calls: it reads and
checks the source notebook once (AssignmentError when it is not usable), tries the instructor's own solution to learn
which tests a clean box can carry, and then yields one AssignmentReport per submission, in order. Nothing that a
submission holds stops the batch. ``report.to_dict()`` is its JSON.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from greenroom_grader.assignments import autotest, source
from greenroom_grader.assignments.boxes import Furniture, NotebookLimits, Side, Usage
from greenroom_grader.assignments.findings import Finding, FindingKind
from greenroom_grader.assignments.merge import Merged, MergedCell, merge
from greenroom_grader.assignments.metadata import Role
from greenroom_grader.assignments.notebook import read_notebook
from greenroom_grader.assignments.plan import Plan, make_plan, static_reason
from greenroom_grader.assignments.report import AssignmentReport, CellReport, Protection
from greenroom_grader.assignments.score import STOPPED, CellState, Score, score_manual, score_test
from greenroom_grader.assignments.split import CellRun, NotebookRun, SplitRun
from greenroom_grader.errors import AssignmentError, SandboxError
from greenroom_grader.sandbox.interface import Ending

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from greenroom_grader.assignments.source import Assignment, SourceCell
    from greenroom_grader.sandbox.interface import Sandbox

#: Files beside the source notebook that go into the boxes: how many, and bytes together.
MAX_FILES = 100
MAX_FILES_BYTES = 16 * 1024 * 1024
#: How often the instructor's notebook is tried in two boxes before everything that fails there is unprotected.
_TRIALS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A source notebook that is ready to grade with."""

    assignment: Assignment
    plan: Plan
    limits: NotebookLimits
    files: Mapping[str, bytes] = field(repr=False)


def grade_assignment(
    sandbox: Sandbox,
    source_path: Path,
    submission_paths: Iterable[Path],
    *,
    limits: NotebookLimits | None = None,
    jobs: int = 1,
) -> Iterator[AssignmentReport]:
    """Grade submissions of one assignment; reports come in the order of the paths.

    ``jobs`` is how many are graded at the same time. Raises AssignmentError at once when the source cannot be used, and
    SandboxError when no box can be had.
    """
    prepared = prepare(sandbox, source_path, limits=limits)
    paths = list(submission_paths)
    return _graded(sandbox, prepared, paths, max(1, jobs))


def _graded(sandbox: Sandbox, prepared: Prepared, paths: list[Path], jobs: int) -> Iterator[AssignmentReport]:
    if jobs == 1:
        for path in paths:
            yield grade_submission(sandbox, prepared, path)
        return
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        yield from pool.map(lambda path: grade_submission(sandbox, prepared, path), paths)


def prepare(sandbox: Sandbox, source_path: Path, *, limits: NotebookLimits | None = None) -> Prepared:
    """Read a source notebook, make its AUTOTEST lines into tests, and decide where each test runs.

    Raises AssignmentError when the source cannot be used.
    """
    assignment = source.read(source_path)
    files = _files_beside(source_path)
    if assignment.has_autotest:
        assignment = generate_tests(sandbox, assignment, source_path, limits=limits, files=files)
    return prepare_assignment(sandbox, assignment, limits=limits, files=files)


def prepare_assignment(
    sandbox: Sandbox,
    assignment: Assignment,
    *,
    limits: NotebookLimits | None = None,
    files: Mapping[str, bytes] | None = None,
) -> Prepared:
    """Decide where each test of an assignment runs. Raises SandboxError when no box can be had."""
    limits, files = limits or NotebookLimits(), files or {}
    prepared = Prepared(assignment=assignment, plan=make_plan(assignment), limits=limits, files=files)
    return replace(prepared, plan=_tried(sandbox, prepared))


def generate_tests(
    sandbox: Sandbox,
    assignment: Assignment,
    source_path: Path,
    *,
    limits: NotebookLimits | None = None,
    files: Mapping[str, bytes] | None = None,
) -> Assignment:
    """The assignment with its AUTOTEST lines made into tests: its notebook runs once, in a box."""
    kernel = assignment.notebook.metadata.get("kernelspec")
    name = kernel.get("name") if isinstance(kernel, dict) else None
    templates = autotest.find_templates(source_path, name if isinstance(name, str) else "python3")
    side = Side(sandbox, limits=limits or NotebookLimits(), furniture=Furniture(files=files or {}), usage=Usage())

    def run(code: str) -> str | None:
        outcome = side.cell(code)
        if outcome.ending is Ending.RETURNED:
            return outcome.value if isinstance(outcome.value, str) else None
        raised = outcome.raised
        text = f"{raised.type_name}: {raised.message}" if raised else STOPPED.get(outcome.ending, outcome.ending)
        raise AssignmentError(f"the instructor's own code fails while tests are generated ({text[:300]}).")

    try:
        return autotest.instantiate(assignment, templates, run)
    finally:
        side.close()


def grade_submission(sandbox: Sandbox, prepared: Prepared, path: Path) -> AssignmentReport:
    """Grade one submitted notebook. Whatever is wrong with it becomes findings of its report."""
    try:
        submission = read_notebook(path)
    except AssignmentError as error:
        return _ungraded(prepared, path, Finding(FindingKind.UNREADABLE, "", str(error)))
    merged = merge(prepared.assignment, submission)
    try:
        run = _run_twice(sandbox, prepared, merged)
    except SandboxError as error:
        return _ungraded(prepared, path, Finding(FindingKind.INTERNAL, "", f"The sandbox failed twice ({error})."))
    return _report(prepared, path, merged, run)


def _run_twice(sandbox: Sandbox, prepared: Prepared, merged: Merged) -> NotebookRun:
    """Run it; a fault of the sandbox is no fault of the student's, so it gets a second chance."""
    try:
        return _run(sandbox, prepared, merged)
    except SandboxError:
        return _run(sandbox, prepared, merged)


def _run(sandbox: Sandbox, prepared: Prepared, merged: Merged) -> NotebookRun:
    return SplitRun(sandbox, prepared.plan, limits=prepared.limits, files=prepared.files).run(merged.cells)


# ---------------------------------------------------------------- where tests run


def _tried(sandbox: Sandbox, prepared: Prepared) -> Plan:
    """The plan with the test cells unprotected that a clean box cannot carry.

    The instructor's solution tells: a test that it passes in one box of its own but not across two. Where it passes
    neither way (a source without solutions), the text of the test decides. Submissions have no say in it.

    A test that does not fit may break those after it, so one is given up at a time, as often as `_TRIALS` allows.
    """
    assignment, plan = prepared.assignment, prepared.plan
    reference = [_reference_cell(cell) for cell in assignment.cells]
    whole: dict[int, CellRun] | None = None
    for trial in range(_TRIALS):
        split = SplitRun(sandbox, plan, limits=prepared.limits, files=prepared.files).run(reference)
        doubtful = [cell for cell in assignment.cells if _is_doubtful(cell, plan, split.tests)]
        if not doubtful:
            break
        whole = _in_one_box(sandbox, prepared, reference) if whole is None else whole
        reasons = {cell.index: why for cell in doubtful if (why := _why_not(cell, assignment, split.tests, whole))}
        if not reasons:
            break
        last = trial == _TRIALS - 1
        plan = plan.with_unprotected(assignment, reasons if last else dict(list(reasons.items())[:1]))
    return plan


def _is_doubtful(cell: SourceCell, plan: Plan, tests: Mapping[int, CellRun]) -> bool:
    """Whether a test cell of the clean box does not pass there."""
    return cell.role is Role.TEST and cell.index not in plan.unprotected and not _passes(cell, tests)


def _why_not(
    cell: SourceCell, assignment: Assignment, split: Mapping[int, CellRun], whole: Mapping[int, CellRun]
) -> str:
    """Why a doubtful cell must be unprotected; empty when one box would not help either."""
    if _passes(cell, whole):
        return _reason(split[cell.index])
    static = static_reason(cell, assignment)
    return f"In a clean box {static}." if static else ""


def _reference_cell(cell: SourceCell) -> MergedCell:
    text = cell.graded_source if cell.role.restored else cell.source
    origin = cell if cell.mark else None
    return MergedCell(cell_type=cell.cell_type, source=text, origin=origin)


def _passes(cell: SourceCell, tests: Mapping[int, CellRun]) -> bool:
    run = tests.get(cell.index)
    return run is not None and score_test(run.run, cell.points).state is CellState.PASSED


def _in_one_box(sandbox: Sandbox, prepared: Prepared, reference: list[MergedCell]) -> dict[int, CellRun]:
    """The instructor's notebook as nbgrader runs it."""
    everything = {cell.index: "" for cell in prepared.assignment.cells if cell.role is Role.TEST}
    plan = replace(prepared.plan, unprotected=everything, helpers={})
    return dict(SplitRun(sandbox, plan, limits=prepared.limits, files=prepared.files).run(reference).tests)


def _reason(run: CellRun) -> str:
    """Why the instructor's solution does not pass across two boxes."""
    if run.opaque:
        return f"A value of type {', '.join(run.opaque)} would have to cross between the boxes."
    score = score_test(run.run, 1.0)
    detail = " ".join(score.message.split())[:200] or "the test sees something else"
    return f"The instructor's solution does not pass across two boxes ({detail})."


# ---------------------------------------------------------------- reports


def _report(prepared: Prepared, path: Path, merged: Merged, run: NotebookRun) -> AssignmentReport:
    findings = list(merged.findings)
    for grade_id, number, ending in run.stopped:
        text = f"Cell {number} was stopped and left out: {STOPPED[ending]}"
        findings.append(Finding(FindingKind.STOPPED, grade_id, text))
    cells: list[CellReport] = []
    for cell in merged.cells:
        if cell.origin is None or cell.role not in (Role.TEST, Role.MANUAL, Role.TASK):
            continue
        if cell.role is Role.TEST:
            report, score = _test_report(prepared, cell.origin, run.tests[cell.origin.index])
            if score.state is CellState.NEEDS_GRADING:
                findings.append(Finding(FindingKind.TEST, cell.grade_id, score.message))
        else:
            report = _cell_report(cell.origin, score_manual(cell))
        cells.append(report)
    return AssignmentReport(
        assignment=prepared.assignment.name,
        file=str(path),
        cells=tuple(cells),
        findings=tuple(findings),
        isolation=run.level,
        cpu_ms=run.cpu_ms,
        wall_ms=run.wall_ms,
        memory_kb=run.memory_kb,
    )


def _test_report(prepared: Prepared, cell: SourceCell, run: CellRun) -> tuple[CellReport, Score]:
    score = score_test(run.run, cell.points)
    reason = prepared.plan.unprotected.get(cell.index)
    message = score.message
    if score.state is CellState.FAILED and run.opaque and reason is None:
        message += f" (A value of type {', '.join(run.opaque)} was returned; tests see plain data only.)"
    report = replace(
        _cell_report(cell, replace(score, message=message)),
        protection=Protection.SPLIT if reason is None else Protection.UNPROTECTED,
        reason=reason or "",
        stdout=run.stdout,
        cpu_ms=run.cpu_ms,
    )
    return report, score


def _cell_report(cell: SourceCell, score: Score) -> CellReport:
    return CellReport(
        grade_id=cell.grade_id,
        role=cell.role,
        state=score.state,
        score=score.points,
        max_score=cell.points,
        message=score.message,
    )


def _ungraded(prepared: Prepared, path: Path, finding: Finding) -> AssignmentReport:
    """A report in which every cell waits for a person."""
    waiting = Score(None, CellState.NOT_GRADED)
    roles = (Role.TEST, Role.MANUAL, Role.TASK)
    cells = tuple(_cell_report(cell, waiting) for cell in prepared.assignment.cells if cell.role in roles)
    return AssignmentReport(assignment=prepared.assignment.name, file=str(path), cells=cells, findings=(finding,))


def _files_beside(source_path: Path) -> dict[str, bytes]:
    """The files beside the source notebook, without notebooks and hidden ones. Raises AssignmentError when too many."""
    found: dict[str, bytes] = {}
    total = 0
    folder = source_path.absolute().parent
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".ipynb" or path.name == autotest.FILE_NAME or _is_hidden(name) or not path.is_file():
            continue
        total += path.stat().st_size
        if len(found) >= MAX_FILES or total > MAX_FILES_BYTES:
            limit = f"{MAX_FILES} files, {MAX_FILES_BYTES // 2**20} MiB"
            raise AssignmentError(f"{folder}: more beside the notebook than goes into a box ({limit}); move some away.")
        found[name] = path.read_bytes()
    return found


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__")) for part in PurePosixPath(name).parts)
