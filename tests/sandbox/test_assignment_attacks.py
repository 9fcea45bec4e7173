"""Attacks on assignments, as data: each file of data/assignment_attacks is a wrong answer that wants full marks.

Nine of them give full marks in stock nbgrader 0.9.6. Those that work inside one box are shown to work there, so that
what holds them off is the second box and not a mistake in the attack.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from greenroom_grader.assignments import AssignmentReport, CellState, Protection, grade_submission, prepare
from greenroom_grader.sandbox import SandboxConfig, open_sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenroom_grader.assignments import Prepared
    from greenroom_grader.sandbox import Sandbox

pytestmark = pytest.mark.sandbox

ATTACKS = {
    path.stem: path.read_text() for path in sorted((Path(__file__).parent / "data/assignment_attacks").iterdir())
}
#: The nine that stock nbgrader gives full marks.
NINE = (
    "input_transformers",
    "ast_transformers",
    "patched_run_code",
    "displayhook",
    "forged_result",
    "reading_the_source",
    "patched_unittest",
    "writing_the_gradebook",
    "process_left_behind",
)
#: Those that get marks where test and answer share a box.
WORK_IN_ONE_BOX = ("input_transformers", "ast_transformers", "patched_run_code", "patched_unittest", "lying_equality")

ANSWER = "def squares(n):\n    return [i * i for i in range(1, n + 1)]"
HIDDEN = "marker_of_hidden = [1, 4, 9, 16, 25, 36, 49]\nassert squares(7) == marker_of_hidden, 'marker_of_hidden'"
TESTS = {
    "plain": f"assert squares(1) == [1]\n### BEGIN HIDDEN TESTS\n{HIDDEN}\n### END HIDDEN TESTS",
    "helper": "check(squares(2), [1, 4])",
    "cases": (
        "import unittest\ncase = unittest.TestCase()\ncase.assertEqual(squares(3), [1, 4, 9])\n"
        f"### BEGIN HIDDEN TESTS\n{HIDDEN}\n### END HIDDEN TESTS"
    ),
    "partial": "score = sum(squares(n) == [i * i for i in range(1, n + 1)] for n in (2, 5))\nscore",
}


def cell(text: str, **nbgrader_metadata: object) -> dict[str, Any]:
    flags = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    meta = {"nbgrader": flags | nbgrader_metadata} if nbgrader_metadata else {}
    return {"cell_type": "code", "metadata": meta, "source": text, "outputs": [], "execution_count": None}


def notebook(answer: str) -> str:
    cells = [
        cell("def check(actual, expected):\n    assert actual == expected"),
        cell(answer, solution=True, grade_id="squares"),
        *(cell(text, grade=True, locked=True, points=2, grade_id=name) for name, text in TESTS.items()),
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells})


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(SandboxConfig(pool={"cells": 2})) as opened:
        yield opened


@pytest.fixture(scope="module")
def prepared(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    source = tmp_path_factory.mktemp("source") / "squares.ipynb"
    source.write_text(notebook(f"### BEGIN SOLUTION\n{ANSWER}\n### END SOLUTION"))
    return prepare(sandbox, source)


def graded(sandbox: Sandbox, prepared: Prepared, answer: str, folder: Path) -> AssignmentReport:
    path = folder / "submission.ipynb"
    path.write_text(notebook(answer))
    return grade_submission(sandbox, prepared, path)


def test_an_honest_answer_gets_every_point_in_split_mode(sandbox: Sandbox, prepared: Prepared, tmp_path: Path) -> None:
    report = graded(sandbox, prepared, ANSWER, tmp_path)
    assert report.score == report.max_score == 8
    assert {one.protection for one in report.cells} == {Protection.SPLIT}
    assert prepared.plan.unprotected == {}


def test_a_wrong_answer_gets_none(sandbox: Sandbox, prepared: Prepared, tmp_path: Path) -> None:
    report = graded(sandbox, prepared, "def squares(n):\n    return None", tmp_path)
    assert report.score == 0
    assert {one.state for one in report.cells} == {CellState.FAILED}


def test_the_nine_are_all_there() -> None:
    assert set(NINE) <= set(ATTACKS)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_gets_no_marks_and_sees_no_hidden_test(
    sandbox: Sandbox, prepared: Prepared, tmp_path: Path, name: str
) -> None:
    report = graded(sandbox, prepared, ATTACKS[name], tmp_path)
    assert report.score == 0
    assert [one.score for one in report.cells] == [0, 0, 0, 0]
    assert all(one.protection is Protection.SPLIT for one in report.cells)
    assert "marker_of_hidden" not in "".join(one.stdout for one in report.cells)
    # The next submission is graded as if nothing had been.
    assert graded(sandbox, prepared, ANSWER, tmp_path).score == 8


@pytest.mark.parametrize("name", WORK_IN_ONE_BOX)
def test_the_attack_does_work_where_test_and_answer_share_a_box(
    sandbox: Sandbox, prepared: Prepared, tmp_path: Path, name: str
) -> None:
    from dataclasses import replace

    everything = {one.index: "for this test" for one in prepared.assignment.cells if one.grade_id in TESTS}
    plan = prepared.plan.with_unprotected(prepared.assignment, everything)
    report = graded(sandbox, replace(prepared, plan=plan), ATTACKS[name], tmp_path)
    assert report.score > 0
    assert {one.protection for one in report.cells} == {Protection.UNPROTECTED}


def test_no_process_outlives_the_grading(sandbox: Sandbox, prepared: Prepared, tmp_path: Path) -> None:
    graded(sandbox, prepared, ATTACKS["process_left_behind"], tmp_path)
    left = [one.pid for one in psutil.process_iter(["cmdline"]) if "left behind" in " ".join(one.info["cmdline"] or ())]
    assert left == []


def test_a_submission_cannot_make_its_tests_unprotected(sandbox: Sandbox, prepared: Prepared, tmp_path: Path) -> None:
    answers = (
        "class squares(list):\n    def __init__(self, n): pass\n    def __eq__(self, other): return True",
        "squares = 5",
        "import math as squares",
        "squares = type('X', (), {'__call__': lambda self, n: self, '__eq__': lambda self, other: True})()",
        "",
    )
    for answer in answers:
        report = graded(sandbox, prepared, answer, tmp_path)
        assert report.score == 0
        assert all(one.protection is Protection.SPLIT for one in report.cells)


def test_a_locked_cell_of_the_submission_never_runs(sandbox: Sandbox, prepared: Prepared, tmp_path: Path) -> None:
    path = tmp_path / "submission.ipynb"
    document = json.loads(notebook("def squares(n):\n    return None"))
    for one in document["cells"][2:]:
        one["source"] = "print('mine')\n2"
        one["metadata"]["nbgrader"]["points"] = 1000
    path.write_text(json.dumps(document))
    report = grade_submission(sandbox, prepared, path)
    assert (report.score, report.max_score) == (0, 8)
    assert "mine" not in "".join(one.stdout for one in report.cells)
