"""``greenroom import`` and ``greenroom export``: what comes out is graded, by us and as nbgrader would."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import nbgrader
import pytest
import typer
from typer.testing import CliRunner

from greenroom_grader.assignments import grade_submission, prepare
from greenroom_grader.commands.exchange import export, import_
from greenroom_grader.errors import UsageError
from greenroom_grader.gate.inspection import inspect
from greenroom_grader.sandbox import SandboxConfig, open_sandbox
from greenroom_problems import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

    from greenroom_grader.sandbox import Sandbox

pytestmark = pytest.mark.sandbox

PROBLEMS = Path(__file__).parents[2] / "notebooks" / "problems"
GUIDE = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(SandboxConfig(pool={"plain": 1, "cells": 2})) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "notebooks" / "problems").mkdir(parents=True)
    return tmp_path / "notebooks"


def run(command: object, *words: str | Path) -> Result:
    application = typer.Typer()
    application.command()(command)  # type: ignore[type-var]
    return CliRunner().invoke(application, [str(word) for word in words])


def test_exported_problems_grade_right_and_wrong_answers(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    names = ("two-sum", "min-stack", "tidy-the-survey")
    for name in names:
        shutil.copy(PROBLEMS / f"{name}.md", folder / "problems")
    done = run(export, *names, "--to", tmp_path / "out", "--notebooks", folder)
    assert done.exit_code == 0, done.output
    for name in names:
        problem = load(PROBLEMS / f"{name}.md")
        path = tmp_path / "out" / f"{name}.ipynb"
        prepared = prepare(sandbox, path)
        assert prepared.plan.unprotected == {}
        own = grade_submission(sandbox, prepared, path)
        assert own.score == own.max_score > 0
        document = json.loads(path.read_text())
        (answer,) = [cell for cell in document["cells"] if cell["metadata"]["nbgrader"]["solution"]]
        answer["source"] = problem.wrong[0].source
        (tmp_path / "wrong.ipynb").write_text(json.dumps(document))
        assert grade_submission(sandbox, prepared, tmp_path / "wrong.ipynb").score < own.max_score


def test_imported_notebooks_reach_the_gate(sandbox: Sandbox, folder: Path) -> None:
    source = GUIDE / "source" / "ps1_autotest"
    done = run(import_, source, "--notebooks", folder, "--json")
    assert done.exit_code == 1  # problem2 is text alone
    first, second = map(json.loads, done.stdout.splitlines())
    assert second["path"] is None
    assert "no autograded answer" in second["error"]
    problem = load(Path(first["path"]))
    assert "AUTOTEST" not in "".join(cell.source for cell in problem.cells)
    inspection = inspect(sandbox, problem)
    # What no notebook has is asked for; nothing else is wrong with it.
    assert {finding.message.split()[-1] for finding in inspection.findings} == {
        "hints",
        "editorial",
        "notes",
        "solutions",
    }
    assert inspection.killed == inspection.mutants > 5


def test_nothing_is_overwritten(folder: Path) -> None:
    source = GUIDE / "source" / "ps1" / "problem1.ipynb"
    assert run(import_, source, "--notebooks", folder).exit_code == 0
    before = (folder / "problems" / "problem1.md").read_text()
    done = run(import_, source, "--notebooks", folder)
    assert done.exit_code == 1
    assert "exists already" in done.output
    assert (folder / "problems" / "problem1.md").read_text() == before


STRANGE = {"schema_version": 9, "grade": True, "grade_id": "a"}
STRANGE_CELL = {"cell_type": "code", "source": "1", "metadata": {"nbgrader": STRANGE}}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "invalid JSON"),
        (json.dumps({"nbformat": 4, "metadata": {}, "cells": [STRANGE_CELL]}), "cell 1: nbgrader schema 9 is newer"),
    ],
)
def test_a_notebook_that_cannot_be_read_is_one_line(folder: Path, tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "bad.ipynb").write_text(content)
    done = run(import_, tmp_path / "bad.ipynb", "--notebooks", folder)
    assert done.exit_code == 1
    assert told in done.output
    assert len(done.output.splitlines()) == 1


def test_names_that_stand_for_nothing_are_bad_usage(folder: Path, tmp_path: Path) -> None:
    assert isinstance(run(import_, tmp_path / "none", "--notebooks", folder).exception, UsageError)
    assert isinstance(run(import_, tmp_path, "--notebooks", folder).exception, UsageError)
    assert isinstance(run(export, "no-such", "--notebooks", folder).exception, UsageError)
