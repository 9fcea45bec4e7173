"""nbgrader source notebooks made into problems: what is carried, moved, joined, and said to be left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from greenroom_grader.assignments.importing import import_assignment
from greenroom_grader.assignments.notebook import parse_notebook
from greenroom_grader.assignments.source import from_notebook
from greenroom_problems import Problem, load, load_text
from greenroom_problems.errors import ConversionError
from greenroom_problems.exchange import Imported, draft_text, source_notebook
from greenroom_problems.problem import Difficulty

PROBLEMS = Path(__file__).parents[3] / "notebooks" / "problems"


def cell(text: str, cell_type: str = "code", **mark: object) -> dict[str, Any]:
    flags = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    return {"cell_type": cell_type, "metadata": {"nbgrader": flags | mark} if mark else {}, "source": text}


def answer(text: str, grade_id: str = "answer", **mark: object) -> dict[str, Any]:
    return cell(text, solution=True, grade_id=grade_id, **mark)


def graded(text: str, grade_id: str = "test", points: float = 1) -> dict[str, Any]:
    return cell(text, grade=True, locked=True, points=points, grade_id=grade_id)


def imported(*cells: dict[str, Any], metadata: dict[str, Any] | None = None) -> Imported:
    document = {"nbformat": 4, "nbformat_minor": 4, "metadata": metadata or {}, "cells": list(cells)}
    notebook = parse_notebook(json.dumps(document).encode(), name="hw.ipynb")
    return import_assignment(from_notebook(notebook, path=Path("Home Work 1.ipynb")))


def problem(*cells: dict[str, Any]) -> tuple[Problem, str]:
    found = imported(*cells)
    return load_text(draft_text(found.draft)), "\n".join(map(str, found.notes))


SOLUTION = "def f(x):\n    '''Add one.'''\n    ### BEGIN SOLUTION\n    return x + 1\n    ### END SOLUTION"


def test_statement_answer_and_tests_become_a_problem() -> None:
    found, _ = problem(
        cell("# Add one\n\nWrite `f`.", "markdown"), cell("import math"), answer(SOLUTION), graded("assert f(1) == 2")
    )
    assert (found.id, found.title, found.difficulty) == ("home-work-1", "Add one", Difficulty.MEDIUM)
    assert found.given == "import math"
    assert found.starter.endswith("'''Add one.'''\n    # YOUR CODE HERE\n    raise NotImplementedError()")
    assert found.solution.endswith("'''Add one.'''\n    return x + 1")
    assert [(test.grade_id, test.points, test.source) for test in found.cells] == [("test", 1, "assert f(1) == 2")]


def test_hidden_tests_stay_hidden() -> None:
    region = "### BEGIN HIDDEN TESTS\nassert f(2) == 3\n### END HIDDEN TESTS"
    found, _ = problem(answer(SOLUTION), graded(f"assert f(1) == 2\n{region}", "partly"), graded(region, "wholly"))
    assert [(test.hidden, "BEGIN" in test.source) for test in found.cells] == [(False, True), (True, False)]


LEFT = {
    "a text answer": (
        cell("because", "markdown", grade=True, solution=True, points=3, grade_id="why"),
        "3 points by hand",
    ),
    "a task": (cell("Plot it", "markdown", task=True, locked=True, points=4, grade_id="plot"), "a task of 4 points"),
    "an image": (cell("![p](pic.png)", "markdown"), "pic.png"),
    "a magic": (cell("%matplotlib inline"), "line 1 is for IPython"),
    "code after the answer": (cell("limit = 3"), "now stands before it"),
    "code that uses the answer": (cell("f(10)"), "runs with the next test"),
    "another answer": (answer("g = 1", "second"), "2 answer cells are joined"),
    "a raw cell": (cell("notes", "raw"), "a raw cell is carried as text"),
    "code after the last test": (None, "after the last test is left out"),
}


@pytest.mark.parametrize(("extra", "told"), LEFT.values(), ids=LEFT)
def test_what_changes_is_said_with_its_cell(extra: dict[str, Any] | None, told: str) -> None:
    cells = [
        answer(SOLUTION),
        *([extra] if extra else []),
        graded("assert f(1) == 2"),
        *([] if extra else [cell("f(1)")]),
    ]
    _, notes = problem(*cells)
    assert told in notes


def test_a_manual_answer_is_kept_where_tests_need_it() -> None:
    manual = answer("def helper():\n    return 2", "manual", grade=True, points=2)
    found, notes = problem(answer(SOLUTION), manual, graded("assert f(1) == helper()"))
    assert "def helper" in found.solution
    assert "2 points by hand are not carried" in notes
    without, notes = problem(answer(SOLUTION), manual, graded("assert f(1) == 2"))
    assert "def helper" not in without.solution
    assert "is left out: def helper" in notes


def test_code_that_uses_an_answer_runs_with_the_next_test() -> None:
    found, _ = problem(answer(SOLUTION), cell("ten = f(9)"), graded("assert ten == 10"))
    assert found.cells[0].source == "ten = f(9)\n\nassert ten == 10"


@pytest.mark.parametrize(
    ("cells", "told"), [((graded("assert 1"),), "no autograded answer"), ((answer(SOLUTION),), "no autograder tests")]
)
def test_a_notebook_without_answer_or_tests_is_an_error(cells: tuple[dict[str, Any], ...], told: str) -> None:
    with pytest.raises(ConversionError, match=told):
        imported(*cells)


def test_an_exported_problem_comes_back_as_it_was() -> None:
    original = load(PROBLEMS / "tidy-the-survey.md")
    notebook, _ = source_notebook(original)
    document = parse_notebook(json.dumps(notebook).encode(), name="x.ipynb")
    found = import_assignment(from_notebook(document, path=Path("x.ipynb")))
    again = load_text(draft_text(found.draft))
    for part in ("id", "title", "difficulty", "topics", "source", "license", "zygote", "cells", "given"):
        assert getattr(again, part) == getattr(original, part), part
    assert (again.limits.cpu_seconds, again.limits.memory_mb) == (5, 256)
    assert again.statement == f"# {original.title}\n\n{original.statement}"
    assert _code(again.solution) == _code(original.solution)
    assert found.notes == ()


def _code(source: str) -> list[str]:
    """Lines that do something: a round trip adds the starter's docstring."""
    return [line for line in source.split("\n") if line.strip() and '"""' not in line]
