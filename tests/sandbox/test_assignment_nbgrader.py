"""Every cell's score is nbgrader's own, on the notebooks that ship in nbgrader's wheel.

nbgrader grades them once per session, through its own API, in a process of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from greenroom_grader.assignments import CellState, grade_submission, prepare
from greenroom_grader.sandbox import SandboxConfig, open_sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenroom_grader.assignments import Prepared
    from greenroom_grader.sandbox import Sandbox

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(900)]

_FOUND = find_spec("nbgrader")
assert _FOUND is not None
assert _FOUND.origin is not None
SHIPPED = Path(_FOUND.origin).parent
APPS = SHIPPED / "tests" / "apps" / "files"
PREPROCESSORS = SHIPPED / "tests" / "preprocessors" / "files"
GUIDE = SHIPPED / "docs" / "source" / "user_guide"


@dataclass(frozen=True)
class Course:
    """One source notebook, what students handed in for it, and the files beside it."""

    source: Path
    submissions: dict[str, Path]
    files: tuple[Path, ...] = ()


def of(folder: Path, source: str, *names: str, files: tuple[Path, ...] = ()) -> Course:
    return Course(folder / f"{source}.ipynb", {name: folder / f"{name}.ipynb" for name in names}, files)


TEMPLATES = (APPS / "autotests.yml",)
#: Python code with solutions hands in itself: the instructor's answers.
COURSES = {
    "basic": of(
        APPS,
        "submitted-unchanged",
        "submitted-unchanged",
        "submitted-changed",
        "submitted-cheat-attempt",
        "submitted-cheat-attempt-alternative",
        "submitted-grade-cell-changed",
        "submitted-locked-cell-changed",
    ),
    "schema0": of(APPS, "test-v0", "test-v0"),
    "schema1": of(APPS, "test-v1", "test-v1"),
    "schema2": of(APPS, "test-v2", "test-v2"),
    "schema3": of(APPS, "test", "test", "test-with-output"),
    "hidden": of(APPS, "test-hidden-tests", "test-hidden-tests"),
    "manual": of(PREPROCESSORS, "manually-graded-code-cell", "manually-graded-code-cell"),
    "tasks": of(PREPROCESSORS, "test_taskcell", "test_taskcell"),
    "auto-simple": of(APPS, "autotest-simple", "autotest-simple-unchanged", "autotest-simple-changed", files=TEMPLATES),
    "auto-hashed": of(APPS, "autotest-hashed", "autotest-hashed-unchanged", "autotest-hashed-changed", files=TEMPLATES),
    "auto-hidden": of(
        APPS,
        "autotest-hidden",
        "autotest-hidden-unchanged",
        "autotest-hidden-changed-right",
        "autotest-hidden-changed-wrong",
        files=TEMPLATES,
    ),
    "auto-multi": of(APPS, "autotest-multi", "autotest-multi-unchanged", "autotest-multi-changed", files=TEMPLATES),
    "ps1": Course(
        GUIDE / "source/ps1/problem1.ipynb",
        {
            "bitdiddle": GUIDE / "submitted/bitdiddle/ps1/problem1.ipynb",
            "hacker": GUIDE / "submitted/hacker/ps1/problem1.ipynb",
            "instructor": GUIDE / "source/ps1/problem1.ipynb",
        },
    ),
    "ps1-text": Course(
        GUIDE / "source/ps1/problem2.ipynb", {"bitdiddle": GUIDE / "submitted/bitdiddle/ps1/problem2.ipynb"}
    ),
    "ps1-auto": Course(
        GUIDE / "source/ps1_autotest/problem1.ipynb",
        {"instructor": GUIDE / "source/ps1_autotest/problem1.ipynb"},
        (GUIDE / "autotests.yml",),
    ),
}
PAIRS = [(name, student) for name, course in COURSES.items() for student in course.submissions]


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All courses in nbgrader's folders, brought to the newest schema as nbgrader asks for."""
    root = tmp_path_factory.mktemp("course")
    for name, one in COURSES.items():
        folder = root / "source" / name
        folder.mkdir(parents=True)
        shutil.copy(one.source, folder / "nb.ipynb")
        for extra in one.files:
            shutil.copy(extra, folder)
        for student, submission in one.submissions.items():
            handed_in = root / "submitted" / student / name
            handed_in.mkdir(parents=True)
            shutil.copy(submission, handed_in / "nb.ipynb")
    return root


@pytest.fixture(scope="session")
def reference(course: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What nbgrader says: grades by assignment and student, sources by assignment."""
    assert version("nbgrader").startswith("0.9.6")
    root = tmp_path_factory.mktemp("reference") / "course"
    shutil.copytree(course, root)
    home = tmp_path_factory.mktemp("home")
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "HOME": str(home), "JUPYTER_PLATFORM_DIRS": "1"}
    environment |= {"JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data")}
    script = Path(__file__).parent / "data" / "nbgrader_reference.py"
    done = subprocess.run(
        [sys.executable, str(script), str(root)], env=environment, check=True, capture_output=True, timeout=800
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["trouble"] == {}
    return found


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(SandboxConfig(pool={"cells": 2})) as opened:
        yield opened


@pytest.fixture(scope="module")
def prepared(sandbox: Sandbox, course: Path) -> dict[str, Prepared]:
    return {name: prepare(sandbox, course / "source" / name / "nb.ipynb") for name in COURSES}


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
