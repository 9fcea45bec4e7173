"""Source notebooks: every schema, the regions, what students get. nbgrader's own preprocessors are the measure."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from greenroom_grader.assignments import source
from greenroom_grader.assignments.metadata import Role
from greenroom_grader.assignments.notebook import parse_notebook
from greenroom_grader.errors import AssignmentError

if TYPE_CHECKING:
    from greenroom_grader.assignments.source import Assignment

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # nbgrader's imports warn; that is not ours to fix
    import nbformat
    import nbgrader
    from nbgrader.nbgraderformat import MetadataValidator
    from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearOutput, ClearSolutions, ComputeChecksums

SHIPPED = Path(nbgrader.__file__).parent
FILES = SHIPPED / "tests" / "apps" / "files"
SOURCES = [
    *(FILES / f"{name}.ipynb" for name in ("test-v0", "test-v1", "test-v2", "test", "test-hidden-tests")),
    *(FILES / f"{name}.ipynb" for name in ("submitted-unchanged", "submitted-changed", "test-with-output")),
    SHIPPED / "tests" / "preprocessors" / "files" / "test_taskcell.ipynb",
    SHIPPED / "docs" / "source" / "user_guide" / "source" / "ps1" / "problem1.ipynb",
    SHIPPED / "docs" / "source" / "user_guide" / "source" / "ps1" / "problem2.ipynb",
]


def assignment(*cells: dict[str, Any], **metadata: object) -> Assignment:
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}
    return source.from_notebook(parse_notebook(json.dumps(document).encode(), name="hw"), path=Path("hw.ipynb"))


def cell(text: str, cell_type: str = "code", **nbgrader_metadata: object) -> dict[str, Any]:
    meta: dict[str, object] = {}
    if nbgrader_metadata:
        flags = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "grade_id": "a"}
        meta["nbgrader"] = flags | nbgrader_metadata
    return {"cell_type": cell_type, "metadata": meta, "source": text}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_the_release_is_nbgraders_own(path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = nbformat.read(path, as_version=4)
        theirs = MetadataValidator().upgrade_notebook_metadata(theirs)
        for step in (
            ClearSolutions,
            ClearOutput,
            ComputeChecksums,
            ClearHiddenTests,
            ClearMarkScheme,
            ComputeChecksums,
        ):
            theirs, _ = step().preprocess(theirs, {})
    ours = source.read(path).release()
    assert [one["source"] for one in ours["cells"]] == [one.source for one in theirs.cells]
    for mine, one in zip(ours["cells"], theirs.cells, strict=True):
        meta = {key: value for key, value in one.metadata.get("nbgrader", {}).items() if key != "task"}
        assert {key: mine["metadata"].get("nbgrader", {}).get(key) for key in meta} == meta
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        MetadataValidator().validate_nb(nbformat.from_dict(ours))


@pytest.mark.parametrize("version", [0, 1, 2])
def test_old_schemas_mean_the_same(version: int) -> None:
    old, new = source.read(FILES / f"test-v{version}.ipynb"), source.read(FILES / "test.ipynb")
    assert [(one.grade_id, one.role, one.points) for one in old.marked] == [
        (one.grade_id, one.role, one.points) for one in new.marked
    ]


def test_roles_and_points_are_read() -> None:
    made = assignment(
        cell("x", "markdown"),
        cell("import math", locked=True, grade_id="setup"),
        cell("### BEGIN SOLUTION\nf = 1\n### END SOLUTION", solution=True, grade_id="f"),
        cell("assert f", grade=True, points=2, locked=True, grade_id="test"),
        cell("why", "markdown", grade=True, solution=True, points=3, grade_id="why"),
        cell("do", "markdown", task=True, locked=True, points=4, grade_id="task"),
    )
    assert [one.role for one in made.cells] == [
        Role.PLAIN,
        Role.READONLY,
        Role.SOLUTION,
        Role.TEST,
        Role.MANUAL,
        Role.TASK,
    ]
    assert made.max_score == 9
    assert made.cells[2].release == "# YOUR CODE HERE\nraise NotImplementedError()"
    assert made.cells[4].release == "YOUR ANSWER HERE"


def test_a_solution_region_keeps_what_is_around_it_and_its_indent() -> None:
    text = "def f(x):\n    '''Twice.'''\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n\nprint(f(1))"
    made = assignment(cell(text, solution=True)).cells[0]
    assert made.release == (
        "def f(x):\n    '''Twice.'''\n    # YOUR CODE HERE\n    raise NotImplementedError()\n\nprint(f(1))"
    )


def test_hidden_tests_stay_for_grading_and_leave_for_students() -> None:
    text = "assert f(1)\n### BEGIN HIDDEN TESTS\nassert f(2) == 'secret'\n### END HIDDEN TESTS\nassert f(3)"
    made = assignment(cell(text, grade=True, points=1))
    assert made.cells[0].graded_source == text
    assert made.cells[0].release == "assert f(1)\nassert f(3)"
    assert "secret" not in json.dumps(made.release())


SOURCE_ERRORS = {
    "same id twice": ([cell("1", locked=True), cell("2", locked=True)], "cells 1 and 2 share the id 'a'"),
    "no end": ([cell("### BEGIN SOLUTION", solution=True)], "has no END SOLUTION"),
    "nested": ([cell("BEGIN SOLUTION\nBEGIN SOLUTION\nEND SOLUTION", solution=True)], "line 2"),
    "solution in a plain cell": ([cell("### BEGIN SOLUTION\n### END SOLUTION")], "cell 1: a solution stands"),
    "hidden tests in a plain cell": ([cell("# BEGIN HIDDEN TESTS\n# END HIDDEN TESTS")], "hidden tests stand"),
    "mark scheme in a plain cell": ([cell("BEGIN MARK SCHEME\nEND MARK SCHEME", "markdown")], "a mark scheme stands"),
    "AUTOTEST in a plain cell": ([cell("### AUTOTEST f(1)")], "AUTOTEST stands"),
    "future schema": ([cell("1", schema_version=4, grade=True, points=1)], "schema 4 is newer"),
    "schema as text": ([cell("1", schema_version="3", grade=True, points=1)], "not a version number"),
    "no points": ([cell("1", grade=True)], "points None"),
    "negative points": ([cell("1", grade=True, points=-1)], "from 0 up"),
    "infinite points": ([cell("1", grade=True, points=float("inf"))], "from 0 up"),
    "no id": ([cell("1", grade=True, points=1, grade_id="")], "grade_id ''"),
    "odd id": ([cell("1", grade=True, points=1, grade_id="a b/../c")], "use letters"),
    "test in markdown": ([cell("1", "markdown", grade=True, points=1)], "must be a code cell"),
    "ungraded markdown answer": ([cell("1", "markdown", solution=True)], "must be manually graded"),
    "task in code": ([cell("1", task=True, points=1)], "must be a markdown cell"),
    "flag as text": ([cell("1", grade="yes", points=1)], "must be true or false"),
    "attached mark scheme": (
        [cell("BEGIN MARK SCHEME\n![x](attachment:a.png)\nEND MARK SCHEME", "markdown", task=True, points=1)],
        "attached image",
    ),
}


@pytest.mark.parametrize(("cells", "said"), SOURCE_ERRORS.values(), ids=SOURCE_ERRORS)
def test_a_source_that_cannot_be_used_says_where_and_what(cells: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(AssignmentError) as caught:
        assignment(*cells)
    assert str(caught.value).startswith("hw.ipynb: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_only_python_is_graded() -> None:
    with pytest.raises(AssignmentError, match="only Python"):
        assignment(kernelspec={"name": "ir", "language": "R"})


@pytest.mark.parametrize("name", ["test-v0-invalid", "too-new"])
def test_shipped_sources_that_nbgrader_refuses_are_refused(name: str) -> None:
    with pytest.raises(AssignmentError):
        source.read(FILES / f"{name}.ipynb")


def test_a_release_never_carries_outputs_or_solutions() -> None:
    released = source.read(FILES / "test-with-output.ipynb").release()
    assert all(not one.get("outputs") and one.get("execution_count") is None for one in released["cells"])
    assert "BEGIN SOLUTION" not in json.dumps(released)


def test_writing_a_release_round_trips(tmp_path: Path) -> None:
    made = source.read(FILES / "test.ipynb")
    source.write_release(made, tmp_path / "out.ipynb")
    again = source.read(tmp_path / "out.ipynb")
    assert [one.grade_id for one in again.marked] == [one.grade_id for one in made.marked]
    with pytest.raises(AssignmentError, match="cannot be written"):
        source.write_release(made, tmp_path / "no" / "folder.ipynb")
