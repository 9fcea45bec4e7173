"""Notebooks: 21 cells and a batch of submissions, by us, by nbclient and by stock nbgrader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import nbformat
from nbclient import NotebookClient

from greenroom_grader.assignments import grade_submission, prepare
from greenroom_grader.bench import workload
from greenroom_grader.bench.measure import Figure, Spent, Stopwatch
from greenroom_grader.errors import SandboxError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greenroom_grader.sandbox.pool import PooledSandbox

_CELLS: Final = workload.TESTS + 1
_MINUTES: Final = 30
#: The batch that the target is for; in a smaller one, starting up is most of the work.
_BATCH: Final = 20
#: ``greenroom grade`` without the table of commands above it.
_GRADE: Final = "import typer; from greenroom_grader.commands.grade import grade; typer.run(grade)"


def split(sandbox: PooledSandbox, count: int) -> Figure:
    """The notebook of 21 cells in two boxes."""
    with tempfile.TemporaryDirectory() as folder:
        path = workload.write_notebook(Path(folder))
        prepared = prepare(sandbox, path)
        for _ in range(3):
            grade_submission(sandbox, prepared, path)
        with Stopwatch() as watch:
            reports = [grade_submission(sandbox, prepared, path) for _ in range(count)]
    if any(report.passed != workload.TESTS or report.unprotected for report in reports):
        raise SandboxError("the notebook that is measured was not graded in two boxes with all its points")
    return Figure(
        name=f"notebook of {_CELLS} cells, split",
        value=watch.spent.cpu_seconds / count * 1000,
        unit="ms CPU",
        target=60,
        note=f"{count} notebooks, {watch.spent.wall_seconds / count * 1000:.0f} ms by the clock",
    )


def by_nbclient(count: int) -> Figure:
    """The same cells by nbclient, a cold kernel each, without any isolation."""
    notebook = nbformat.from_dict(workload.notebook(source=False))
    with Stopwatch() as watch:
        for _ in range(count):
            NotebookClient(notebook, kernel_name="python3", extra_arguments=["--log-level=40"]).execute()
    each = watch.spent.cpu_seconds / count
    return Figure(
        name=f"nbclient, {_CELLS} cells in a cold kernel",
        value=each * 1000,
        unit="ms CPU",
        note=f"{count} notebooks, {watch.spent.wall_seconds / count:.2f} s by the clock, not isolated",
    )


def batch(students: int) -> Sequence[Figure]:
    """One assignment of three questions by our command line and by ``nbgrader autograde``, start-up included."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        source, submissions = workload.lay_out_course(root, students)
        environment = _environment(root)
        nbgrader = [sys.executable, "-W", "ignore", "-m", "nbgrader"]
        _run([*nbgrader, "generate_assignment", "ps1", "--create"], root, environment)
        theirs = _run([*nbgrader, "autograde", "ps1", "--create"], root, environment)
        own = [sys.executable, "-c", _GRADE, "--json", "--assignment", str(source), *map(str, submissions)]
        ours = _run(own, root, dict(os.environ), check=students)
    name = f"{students} submissions of 3 questions"
    return (
        Figure(
            name=f"{name}: faster than nbgrader autograde",
            value=theirs.wall_seconds / ours.wall_seconds,
            unit="times",
            target=10 if students >= _BATCH else None,
            at_most=False,
            note=f"{ours.wall_seconds:.2f} s against {theirs.wall_seconds:.2f} s, whole commands",
        ),
        Figure(
            name=f"{name}: less CPU than nbgrader autograde",
            value=theirs.cpu_seconds / ours.cpu_seconds,
            unit="times",
            note=f"{ours.cpu_seconds:.2f} s against {theirs.cpu_seconds:.2f} s CPU",
        ),
    )


def _environment(root: Path) -> dict[str, str]:
    """For nbgrader: it starts a bare ``alembic``, and must not read this user's settings."""
    home = root / "home"
    home.mkdir()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    own = {"PATH": path, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home), "JUPYTER_DATA_DIR": str(home)}
    return {**os.environ, **own}


def _run(command: Sequence[str], root: Path, environment: Mapping[str, str], *, check: int = 0) -> Spent:
    """Run to its end; with ``check``, so many results must stand on its standard output.

    Raises:
        SandboxError: it failed, so that its time means nothing.
    """
    with Stopwatch() as watch:
        done = subprocess.run(
            command, cwd=root, env=dict(environment), capture_output=True, check=False, timeout=_MINUTES * 60, text=True
        )
    graded = [json.loads(line) for line in done.stdout.splitlines()] if check else []
    if done.returncode or len(graded) != check:
        lines = done.stderr.strip().splitlines() or ["no word on standard error"]
        raise SandboxError(f"{' '.join(command[:6])} failed: {lines[-1][:300]}")
    return watch.spent
