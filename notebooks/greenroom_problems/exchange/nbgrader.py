"""Writes an nbgrader source notebook: what an instructor gives to ``nbgrader generate_assignment``.

The solution stands in SOLUTION regions wherever it differs from the starter, so that the stub of the release keeps the
signature; hidden tests stand in HIDDEN TESTS regions. Hints, editorial, wrong solutions and interviewer's notes have no
place in the format, and are not put into its metadata either: nbgrader would hand that to students.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from greenroom_problems.exchange.draft import note
from greenroom_problems.problem import Kind
from greenroom_problems.release import nbgrader_metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbformat import NotebookNode

    from greenroom_problems.errors import Finding
    from greenroom_problems.problem import AssertCell, Problem

_BEGIN, _END = "### BEGIN SOLUTION", "### END SOLUTION"
_BEGIN_HIDDEN, _END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
#: Bodies of a stub that say nothing: nbgrader's own stub says the same.
_EMPTY_BODIES = frozenset({"...", "pass", "raise NotImplementedError", "raise NotImplementedError()", ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedTest:
    """One autograder test cell."""

    grade_id: str
    #: What students see; may hold HIDDEN TESTS regions already.
    visible: str
    points: float = 1.0
    #: What they do not see.
    hidden: str = ""

    @property
    def source(self) -> str:
        """The cell as the instructor gets it."""
        parts = [self.visible.strip("\n")] if self.visible.strip() else []
        if self.hidden.strip():
            parts.append(f"{_BEGIN_HIDDEN}\n{self.hidden.strip(chr(10))}\n{_END_HIDDEN}")
        return "\n".join(parts)


def exported(cell: AssertCell) -> ExportedTest:
    """A test cell of a problem of kind cells."""
    visible, hidden = ("", cell.source) if cell.hidden else (cell.source, "")
    return ExportedTest(grade_id=cell.grade_id, visible=visible, hidden=hidden, points=cell.points)


def source_notebook(problem: Problem, tests: Sequence[ExportedTest] = ()) -> tuple[NotebookNode, list[Finding]]:
    """The notebook, nbformat 4.5, and a finding per thing that it cannot carry.

    ``tests`` are those of a function or class problem; one of kind cells has its own. Without any test the answer
    becomes a manually graded one.
    """
    tests = [exported(cell) for cell in problem.cells] if problem.kind is Kind.CELLS else list(tests)
    starter, solution = (_without(problem.given, source) for source in (problem.starter, problem.solution))
    cells = [_text_cell(problem)]
    if problem.given:
        cells.append(_code_cell(problem.given, nbgrader_metadata(f"{problem.id}-given")))
    settings: dict[str, Any] = {"solution": True, "locked": False}
    if not tests:
        settings |= {"grade": True, "points": 1.0}
    answer = merged(starter, solution)
    cells.append(_code_cell(answer, nbgrader_metadata(f"{problem.id}-solution", **settings)))
    cells += [
        _code_cell(test.source, nbgrader_metadata(test.grade_id, grade=True, points=test.points)) for test in tests
    ]
    for number, cell in enumerate(cells):
        cell.id = f"{problem.id[:50]}-{number}"
    metadata = {
        "kernelspec": _KERNELSPEC,
        "language_info": {"name": "python"},
        "greenroom": _public(problem),
    }
    notebook: NotebookNode = new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook, list(_left_behind(problem, starter, answer, graded=bool(tests)))


def merged(starter: str, solution: str) -> str:
    """The solution, with regions around the lines that the starter does not have, and the starter's own words."""
    theirs, ours = starter.strip("\n").split("\n"), solution.strip("\n").split("\n")
    words = _words(starter.strip("\n"))
    lines: list[str] = []
    for kind, first, last, start, end in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        own = ours[start:end]
        if kind != "equal":
            lines += [theirs[number] for number in range(first, last) if number in words]
        if kind == "equal" or not any(line.strip() for line in own):
            lines += own
            continue
        indent = min((line[: len(line) - len(line.lstrip())] for line in own if line.strip()), key=len)
        lines += [indent + _BEGIN, *own, indent + _END]
    return "\n".join(lines)


def _words(source: str) -> set[int]:
    """Numbers, from 0, of the lines that only say something: docstrings and comments."""
    found = {number for number, line in enumerate(source.split("\n")) if line.lstrip().startswith("#")}
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return found
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and ast.get_docstring(node):
            text = node.body[0]
            found.update(range(text.lineno - 1, text.end_lineno or text.lineno))
    return found


def _public(problem: Problem) -> dict[str, Any]:
    """What students may know about a problem anyway; an import reads it again."""
    return {
        "problem": problem.id,
        "title": problem.title,
        "kind": problem.kind.value,
        "difficulty": problem.difficulty.value,
        "topics": list(problem.topics),
        "source": problem.source,
        "license": problem.license,
        "limits": {"cpu_seconds": problem.limits.cpu_seconds, "memory_mb": problem.limits.memory_mb},
    }


def _text_cell(problem: Problem) -> NotebookNode:
    statement = problem.statement
    if not statement.lstrip().startswith("# "):
        statement = f"# {problem.title}\n\n{statement}"
    cell: NotebookNode = new_markdown_cell(
        statement, metadata={"nbgrader": nbgrader_metadata(f"{problem.id}-statement")}
    )
    return cell


def _code_cell(source: str, metadata: dict[str, Any]) -> NotebookNode:
    cell: NotebookNode = new_code_cell(source.strip("\n"), metadata={"nbgrader": metadata})
    return cell


def _without(given: str, source: str) -> str:
    """A problem's sources begin with what is given, which has a cell of its own here."""
    return source.removeprefix(given.rstrip()).lstrip("\n") if given else source


def _left_behind(problem: Problem, starter: str, answer: str, *, graded: bool) -> Iterator[Finding]:
    def say(place: str, message: str, fix: str = "") -> Finding:
        return note(problem.id, place, message, fix)

    kept = {line.strip() for line in answer.split("\n")}
    for number, line in enumerate(starter.split("\n"), start=1):
        if line.strip() not in kept | _EMPTY_BODIES:
            yield say("starter", f"line {number} is replaced by nbgrader's stub: {line.strip():.80}")
    yield from (say(f"hint {number}", "not carried") for number, hint in enumerate(problem.hints, start=1) if hint)
    yield from (say("wrong solutions", f"{wrong.name!r} is not carried") for wrong in problem.wrong)
    named = {"editorial": problem.editorial, "interviewer": problem.interviewer, "slow solution": problem.slow}
    named |= {"complexity": problem.complexity}
    yield from (say(place, "not carried") for place, text in named.items() if text)
    if not graded:
        yield say("tests", "none can be written as asserts: the answer waits for a person", "give it points by hand")
