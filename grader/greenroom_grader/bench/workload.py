"""What is graded: one function with 20 tests, as a problem and as a notebook, and an assignment of three questions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from greenroom_problems.entry import parse_entry
from greenroom_problems.problem import Comparison, Difficulty, Kind, Limits, Problem

if TYPE_CHECKING:
    from pathlib import Path

TESTS: Final = 20
#: The length of a number's Collatz sequence: some real work, different for each test.
SOLUTION: Final = """\
def steps_to_one(n: int) -> int:
    steps = 0
    while n != 1:
        n = 3 * n + 1 if n % 2 else n // 2
        steps += 1
    return steps
"""
_INPUTS: Final = tuple(range(1, TESTS + 1))


def _steps(n: int) -> int:
    steps = 0
    while n != 1:
        n = 3 * n + 1 if n % 2 else n // 2
        steps += 1
    return steps


def problem() -> Problem:
    """The function as a problem with 20 cases; nothing about it asks for growth."""
    return Problem(
        id="bench",
        title="Steps to one",
        difficulty=Difficulty.EASY,
        topics=("math",),
        kind=Kind.FUNCTION,
        entry=parse_entry("def steps_to_one(n: int) -> int", Kind.FUNCTION),
        comparison=Comparison(),
        limits=Limits(),
        complexity="",
        hints=("Which?", "How?", "Where?", "Thus."),
        source="Greenroom",
        license="Apache-2.0",
        statement="How many steps?",
        starter="",
        solution=SOLUTION,
        tests=f"examples = [({_INPUTS[0]},)]\nhidden = [(n,) for n in range(2, {TESTS + 1})]\n",
        wrong=(),
        slow="",
        editorial="",
        interviewer="",
        digest="bench",
    )


def notebook(*, source: bool) -> dict[str, Any]:
    """The function and its 20 tests as a notebook of 21 cells.

    Args:
        source: With nbgrader's metadata, as the source notebook of an assignment; plain cells otherwise.
    """
    cells = [_solution("steps", SOLUTION) if source else _code("solution", SOLUTION)]
    for n in _INPUTS:
        text = f"assert steps_to_one({n}) == {_steps(n)}\n"
        cells.append(_test(f"test-{n}", text) if source else _code(f"test-{n}", text))
    return _document(cells)


_QUESTIONS: Final = {
    "squares": ("def squares(n):\n    {}\n", "return [i * i for i in range(1, n + 1)]", "squares(3) == [1, 4, 9]"),
    "total": ("def total(n):\n    {}\n", "return sum(squares(n))", "total(4) == 30"),
    "words": ("def words(text):\n    {}\n", "return len(text.split())", "words('a b  c') == 3"),
}
_BLANK: Final = "### BEGIN SOLUTION\n    {}\n    ### END SOLUTION"


def assignment() -> dict[str, Any]:
    """The source notebook of an assignment: three questions, each with an answer and two tests, one of them hidden."""
    cells: list[dict[str, Any]] = []
    for name, (frame, answer, truth) in _QUESTIONS.items():
        cells.append(_solution(name, frame.format(_BLANK.format(answer))))
        cells.append(_test(f"test-{name}", f"assert {truth}\n"))
        hidden = f"### BEGIN HIDDEN TESTS\nassert {truth}\n### END HIDDEN TESTS\n"
        cells.append(_test(f"more-{name}", f"assert callable({name})\n{hidden}"))
    return _document(cells)


def answered(number: int) -> dict[str, Any]:
    """What the student of that number hands in: every third one has the second question wrong."""
    document = assignment()
    for cell, (name, (frame, answer, _)) in zip(document["cells"][::3], _QUESTIONS.items(), strict=True):
        wrong = name == "total" and number % 3 == 0
        cell["source"] = frame.format("return 0" if wrong else answer)
    for cell in document["cells"][2::3]:
        cell["source"] = cell["source"].partition("###")[0]
    return document


def lay_out_course(root: Path, students: int) -> tuple[Path, list[Path]]:
    """Write source and submissions into the folders that nbgrader expects; the source notebook and the submissions."""
    source = _write(root / "source" / "ps1" / "nb.ipynb", assignment())
    handed_in = [
        _write(root / "submitted" / f"student-{number:02}" / "ps1" / "nb.ipynb", answered(number))
        for number in range(students)
    ]
    (root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'bench'\n", encoding="utf-8"
    )
    return source, handed_in


def _write(path: Path, document: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def write_notebook(folder: Path) -> Path:
    """The 21 cells as the source notebook of an assignment; it hands itself in."""
    return _write(folder / "steps.ipynb", notebook(source=True))


def _document(cells: list[dict[str, Any]]) -> dict[str, Any]:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _code(name: str, text: str, metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": name,
        "source": text,
        "metadata": metadata or {},
        "outputs": [],
        "execution_count": None,
    }


def _solution(name: str, text: str) -> dict[str, Any]:
    return _code(name, text, _mark(name, grade=False, locked=False, solution=True))


def _test(name: str, text: str) -> dict[str, Any]:
    return _code(
        name, text, {"nbgrader": {**_mark(name, grade=True, locked=True, solution=False)["nbgrader"], "points": 1}}
    )


def _mark(name: str, *, grade: bool, locked: bool, solution: bool) -> dict[str, Any]:
    mark = {
        "grade": grade,
        "grade_id": name,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return {"nbgrader": {**mark, "cell_type": "code"}}
