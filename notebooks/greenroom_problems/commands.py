"""``greenroom new`` and ``greenroom release``: begin a problem, and write what students get.

The only module of this package that knows typer, so that importing the format stays cheap.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenroom_problems.catalogue import Catalogue, catalogue
from greenroom_problems.errors import Finding
from greenroom_problems.folder import notebooks_folder
from greenroom_problems.release import release_text
from greenroom_problems.scaffold import scaffold
from greenroom_problems.sheets import Sheets, sheets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from greenroom_problems.problem import Problem

Notebooks = Annotated[
    Path | None, typer.Option(envvar="GREENROOM_NOTEBOOKS", help="The folder with problems/ and sheets/")
]


def new(
    problem_id: Annotated[str, typer.Argument(metavar="ID", help="Small letters, digits and hyphens: rotate-the-ring")],
    *,
    notebooks: Notebooks = None,
) -> None:
    """Begin a problem: write a small, complete one to rewrite into your own."""
    path = scaffold(problem_id, notebooks_folder(notebooks) / "problems")
    typer.echo(f"{path}: written; rewrite it, then run ./greenroom check {problem_id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of one problem."""

    problem: str
    #: The student's notebook; None when there is none.
    path: Path | None
    findings: tuple[Finding, ...] = ()


def release(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Problems or sheets; all problems when none")
    ] = None,
    *,
    to: Annotated[Path, typer.Option(help="Where to write; a sheet gets a folder of its own in it")] = Path("release"),
    notebooks: Notebooks = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per problem on standard output")] = False,
) -> None:
    """Write students' notebooks, without solution, hidden tests or expected values: exit status 1 when one fails."""
    folder = notebooks_folder(notebooks)
    problems = catalogue(folder / "problems")
    known = sheets(folder / "sheets", problems.problems)
    wanted = list(_wanted(folder, problems, known, names or ()))
    clean = True
    for problem_id, target in wanted:
        written = _release(problems, problem_id, to / target)
        clean = clean and not written.findings
        for text in [_json(written)] if as_json else _lines(written):
            typer.echo(text)
    if not clean or (not names and not wanted):
        raise typer.Exit(1)


def _wanted(folder: Path, problems: Catalogue, known: Sheets, names: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """Ids of problems, each with the path of its notebook below the target; every name is checked before the first."""
    files = {path.stem for path in (folder / "problems").glob("*.md")}
    for name in names:
        if name not in known.sheets and name not in files:
            raise typer.BadParameter(f"no problem and no sheet {name!r} in {folder}")
    for name in names or sorted(files | set(problems.problems)):
        if name in known.sheets:
            yield from ((item, Path(name, f"{item}.ipynb")) for item in known.sheets[name].problems)
        else:
            yield name, Path(f"{name}.ipynb")


def _release(problems: Catalogue, problem_id: str, path: Path) -> Written:
    problem = problems.problems.get(problem_id)
    if problem is None:
        file = f"{problem_id}.md"
        missing = Finding(file=file, place="", message="there is no such problem", fix="correct the sheet")
        found = tuple(finding for finding in problems.findings if finding.file == file)
        return Written(problem=problem_id, path=None, findings=found or (missing,))
    _write(problem, path)
    return Written(problem=problem_id, path=path)


def _write(problem: Problem, path: Path) -> None:
    """Write a notebook; whoever has it open sees the old one or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".release-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(release_text(problem))
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _lines(written: Written) -> list[str]:
    return [str(finding) for finding in written.findings] or [f"{written.problem}: {written.path}"]


def _json(written: Written) -> str:
    findings = [finding.form() for finding in written.findings]
    path = str(written.path) if written.path is not None else None
    return json.dumps({"problem": written.problem, "path": path, "findings": findings}, ensure_ascii=False)
