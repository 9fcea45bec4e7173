"""``greenroom import`` and ``greenroom export``: problems from and for nbgrader, and from Exercism."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

import nbformat
import typer

from greenroom_grader.assignments import generate_tests
from greenroom_grader.assignments.exporting import asserts_of
from greenroom_grader.assignments.importing import import_assignment
from greenroom_grader.assignments.source import read
from greenroom_grader.errors import GraderError, UsageError
from greenroom_grader.publish import publish
from greenroom_grader.sandbox import SandboxConfig, open_sandbox
from greenroom_problems.catalogue import catalogue
from greenroom_problems.errors import ConversionError, Finding, FindingsError, GreenroomProblemsError
from greenroom_problems.exchange import draft_text, is_exercism, read_exercism, source_notebook
from greenroom_problems.folder import notebooks_folder
from greenroom_problems.load import load_text
from greenroom_problems.problem import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from greenroom_grader.sandbox import Sandbox
    from greenroom_problems.exchange import Imported
    from greenroom_problems.problem import Problem

Notebooks = Annotated[Path | None, typer.Option(envvar="GREENROOM_NOTEBOOKS", help="The folder with problems/")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per problem on standard output")]
Unsafe = Annotated[bool, typer.Option("--unsafe", help="Run without isolation where this machine has none")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What became of one problem."""

    #: What was read: a path, or a problem's id.
    name: str
    #: What was written; None when nothing was.
    path: Path | None = None
    notes: tuple[Finding, ...] = ()
    #: Why nothing was written.
    error: str = ""

    def lines(self) -> Iterator[str]:
        """For people: what was not carried, then what was written."""
        yield from map(str, self.notes)
        yield f"{self.name}: {self.error}" if self.path is None else f"{self.name}: {self.path}"

    def form(self) -> dict[str, object]:
        """For programs."""
        path = None if self.path is None else str(self.path)
        return {"name": self.name, "path": path, "notes": [item.form() for item in self.notes], "error": self.error}


def import_(
    names: Annotated[
        list[str], typer.Argument(metavar="FILE|FOLDER...", help="nbgrader source notebooks, or Exercism exercises")
    ],
    *,
    notebooks: Notebooks = None,
    as_json: AsJson = False,
    unsafe: Unsafe = False,
) -> None:
    """Make problems of nbgrader source notebooks and Exercism exercises; says what could not be carried over.

    Exit status 1 when one of them gave no problem.
    """
    folder = notebooks_folder(notebooks) / "problems"
    paths = [path for name in names for path in _sources(Path(name))]
    with _Sandboxes(unsafe=unsafe) as sandboxes:
        _tell([_carried(str(path), partial(_import, sandboxes, path, folder)) for path in paths], as_json)


def export(
    names: Annotated[list[str], typer.Argument(metavar="ID...", help="Problems")],
    *,
    to: Annotated[Path, typer.Option(help="The folder to write to")] = Path("export"),
    notebooks: Notebooks = None,
    as_json: AsJson = False,
    unsafe: Unsafe = False,
) -> None:
    """Write problems as nbgrader source notebooks; says what could not be carried over.

    Exit status 1 when one of them gave no notebook.
    """
    problems = catalogue(notebooks_folder(notebooks) / "problems")
    broken = {finding.file.removesuffix(".md"): finding for finding in reversed(problems.findings)}
    for name in names:
        if name not in problems.problems:
            raise UsageError(str(broken.get(name, f"there is no problem {name!r}; ./greenroom check lists all")))
    with _Sandboxes(unsafe=unsafe) as sandboxes:
        found = [(name, problems.problems[name]) for name in dict.fromkeys(names)]
        _tell([_carried(name, partial(_export, sandboxes, one, to)) for name, one in found], as_json)


@dataclass(slots=True)
class _Sandboxes:
    """One sandbox, opened when something must run."""

    unsafe: bool
    _opened: Sandbox | None = None
    _stack: ExitStack = field(default_factory=ExitStack)

    def get(self) -> Sandbox:
        if self._opened is None:
            pool = {"plain": 1, "cells": 1}
            self._opened = self._stack.enter_context(open_sandbox(SandboxConfig(pool=pool, unsafe=self.unsafe)))
        return self._opened

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()


def _carried(name: str, work: Callable[[], Carried]) -> Carried:
    """What came of one; its own trouble does not stop the others."""
    try:
        return work()
    except FindingsError as error:
        return Carried(name=name, notes=error.findings, error="what came out is not a problem; nothing was written")
    except (GraderError, GreenroomProblemsError) as error:
        return Carried(name=name, error=str(error).removeprefix(f"{name}: "))


def _tell(carried: Sequence[Carried], as_json: bool) -> None:
    for one in carried:
        for text in [json.dumps(one.form(), ensure_ascii=False)] if as_json else one.lines():
            typer.echo(text)
    if any(one.path is None for one in carried):
        raise typer.Exit(1)


# ---------------------------------------------------------------- import


def _sources(path: Path) -> list[Path]:
    """The notebooks and exercises that a name stands for. Raises UsageError when there are none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise UsageError(f"{path}: no such file or folder")
    if is_exercism(path):
        return [path]
    found = [*sorted(path.glob("*.ipynb")), *(item for item in sorted(path.iterdir()) if is_exercism(item))]
    if not found:
        raise UsageError(f"{path}: neither a notebook in it nor an Exercism exercise (.docs and .meta/config.json)")
    return found


def _import(sandboxes: _Sandboxes, path: Path, folder: Path) -> Carried:
    imported = read_exercism(path) if path.is_dir() else _notebook(sandboxes, path)
    target = folder / f"{imported.draft.id}.md"
    text = draft_text(imported.draft)
    load_text(text, target)
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ConversionError(f"{target} exists already; rename what you import, or move that file away") from None
    except OSError as error:
        raise ConversionError(f"cannot write {target}: {error.strerror}") from None
    return Carried(name=str(path), path=target, notes=imported.notes)


def _notebook(sandboxes: _Sandboxes, path: Path) -> Imported:
    assignment = read(path)
    if assignment.has_autotest:
        assignment = generate_tests(sandboxes.get(), assignment, path)
    return import_assignment(assignment)


# ---------------------------------------------------------------- export


def _export(sandboxes: _Sandboxes, problem: Problem, folder: Path) -> Carried:
    if problem.kind is Kind.CELLS:
        notebook, notes = source_notebook(problem)
    else:
        tests, left = asserts_of(publish(sandboxes.get(), problem))
        notebook, notes = source_notebook(problem, tests)
        notes = [*left, *notes]
    target = folder / f"{problem.id}.ipynb"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror}") from None
    return Carried(name=problem.id, path=target, notes=tuple(notes))
