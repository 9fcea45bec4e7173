"""Every cell's score is nbgrader's own, on the notebooks that ship in nbgrader's wheel.

What nbgrader says of all of them is on file; each session asks the real one about a few, so that the file stays true.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest
from nbgrader_course import COURSES, REFERENCE, ask_nbgrader, lay_out

from greenroom_grader.assignments import CellState, grade_submission, prepare
from greenroom_grader.sandbox import SandboxConfig, open_sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from greenroom_grader.assignments import Prepared
    from greenroom_grader.sandbox import Sandbox

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(600)]

PAIRS = [(name, student) for name, course in COURSES.items() for student in course.submissions]
#: Asked of the real nbgrader each time: an old schema, generated tests.
ASKED = ("schema1", "auto-simple")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(REFERENCE.read_text())
    return found


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(SandboxConfig(pool={"cells": 2})) as opened:
        yield opened


@pytest.fixture(scope="module")
def prepared(sandbox: Sandbox, course: Path) -> dict[str, Prepared]:
    return {name: prepare(sandbox, course / "source" / name / "nb.ipynb") for name in COURSES}


def test_what_is_on_file_is_what_nbgrader_says(tmp_path: Path, reference: dict[str, Any]) -> None:
    assert version("nbgrader").startswith("0.9.6")
    said = ask_nbgrader(lay_out(tmp_path, ASKED))
    for kind, count in (("grades", sum(len(COURSES[name].submissions) for name in ASKED)), ("sources", len(ASKED))):
        assert len(said[kind]) == count
        assert said[kind] == {key: reference[kind][key] for key in said[kind]}


@pytest.mark.parametrize(("name", "student"), PAIRS, ids=["/".join(pair) for pair in PAIRS])
def test_every_cell_scores_as_in_nbgrader(
    sandbox: Sandbox, prepared: dict[str, Prepared], course: Path, reference: dict[str, Any], name: str, student: str
) -> None:
    report = grade_submission(sandbox, prepared[name], course / "submitted" / student / name / "nb.ipynb")
    ours = {one.grade_id: [one.score, one.state is CellState.NEEDS_GRADING, one.max_score] for one in report.cells}
    assert ours == reference["grades"][f"{name}/{student}"]


@pytest.mark.parametrize("name", [name for name in COURSES if "auto" in name])
def test_generated_tests_are_nbgraders_own(prepared: dict[str, Prepared], reference: dict[str, Any], name: str) -> None:
    cells = prepared[name].assignment.marked
    assert {one.grade_id: one.graded_source for one in cells} == reference["sources"][name]
