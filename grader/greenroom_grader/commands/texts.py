"""Reports as text for a terminal. Pure.

What students wrote or printed is shown on somebody else's screen here, so that every character that a terminal might
obey (escape sequences, carriage returns, reordering marks) is written out as an escape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from greenroom_grader.assignments import CellState, Protection
from greenroom_grader.show import clip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenroom_grader.assignments import AssignmentReport, CellReport
    from greenroom_grader.report import CaseReport, Growth, Report

#: Measured sizes that are shown of a growth check.
_POINTS: Final = 6
#: Lines of one output or traceback, and characters of one value or line; --json has all that the report holds.
_LINES: Final = 40
_VALUE: Final = 600


def printable(text: str) -> str:
    """The text with every character that is neither printable nor a newline or tab as its escape."""
    return "".join(
        letter if letter.isprintable() or letter in "\n\t" else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )


def report_text(file: str, report: Report) -> str:
    """The verdict on one file and everything that explains it."""
    verdict = f"{report.verdict.value.replace('_', ' ')} ({report.verdict.short})"
    use = f"{report.cpu_ms:.0f} ms CPU, {report.memory_kb / 1024:.1f} MiB"
    lines = [
        f"{file}: {verdict}, {report.score:g} of {report.max_score:g} points, {use}",
        f"  {report.message}",
    ]
    if report.failing is not None:
        lines += _case_lines(report.failing)
    if report.growth is not None:
        lines += _growth_lines(report.growth)
    return printable("\n".join(lines))


def _case_lines(case: CaseReport) -> Iterator[str]:
    lines = list(_case_blocks(case))
    if lines:
        yield f"  {case.name}:"
        yield from lines


def _case_blocks(case: CaseReport) -> Iterator[str]:
    for label, value in (("call", case.call), ("expected", case.expected), ("actual", case.actual)):
        if value is not None:
            yield from _block(label, clip(value, _VALUE))
    for label, text in (("difference", case.diff), ("printed", case.stdout), ("traceback", case.traceback)):
        if text:
            yield from _block(label, text, below=True)


def _block(label: str, text: str, *, below: bool = False) -> Iterator[str]:
    """A label and its text: beside it where the text is one line, otherwise below it."""
    lines = text.rstrip("\n").split("\n")
    if len(lines) == 1 and not below:
        yield f"    {label + ': ':<10}{lines[0]}"
        return
    yield f"    {label}:"
    yield from (f"      {clip(line, _VALUE)}" for line in lines[:_LINES])
    if len(lines) > _LINES:
        yield f"      ({len(lines) - _LINES} more lines)"


def _growth_lines(growth: Growth) -> Iterator[str]:
    yield f"  growth: {growth.message}"
    count = len(growth.points)
    if count:
        yield f"    {'size':>10} {'yours ms':>12} {'reference ms':>14}"
    chosen = range(count) if count <= _POINTS else [round(i * (count - 1) / (_POINTS - 1)) for i in range(_POINTS)]
    for point in (growth.points[index] for index in chosen):
        yield f"    {point.size:>10} {point.cpu_ms:>12.4g} {point.reference_ms:>14.4g}"


def assignment_text(report: AssignmentReport) -> str:
    """One submission of an assignment: points, each graded cell that has something to say, findings."""
    waiting = sum(cell.score is None for cell in report.cells)
    wait = f", {waiting} {'cell waits' if waiting == 1 else 'cells wait'} for a person" if waiting else ""
    tests = f"{report.passed} of {len(report.tests)} tests passed"
    use = f"{report.cpu_ms:.0f} ms CPU"
    lines = [f"{report.file}: {report.score:g} of {report.max_score:g} points, {tests}{wait}, {use}"]
    for cell in report.cells:
        lines += _cell_lines(cell)
    for finding in report.findings:
        where = f"{finding.grade_id}: " if finding.grade_id else ""
        lines.append(f"  note, {finding.kind.value}: {where}{finding.message}")
    return printable("\n".join(lines))


def _cell_lines(cell: CellReport) -> Iterator[str]:
    points = f"{cell.max_score:g} points" if cell.score is None else f"{cell.score:g} of {cell.max_score:g} points"
    yield f"  {cell.grade_id}: {cell.state.value.replace('_', ' ')}, {points}"
    if cell.message and cell.state is not CellState.PASSED:
        yield from _block("why", cell.message)
    if cell.protection is Protection.UNPROTECTED:
        yield from _block("unprotected", cell.reason)
    if cell.stdout and cell.state is not CellState.PASSED:
        yield from _block("printed", cell.stdout, below=True)
