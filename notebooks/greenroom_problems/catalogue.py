"""All problems of a folder by id. One broken file never hides the others."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from greenroom_problems.errors import Finding, ProblemError
from greenroom_problems.load import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from greenroom_problems.problem import Problem


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a folder of problems holds."""

    #: Problems that load, by id, in the order of their ids.
    problems: Mapping[str, Problem]
    #: What is wrong with the files that do not, and with the folder as a whole.
    findings: tuple[Finding, ...]


def problem_files(folder: Path) -> list[Path]:
    """The problem files of a folder, by name. A folder that does not exist has none."""
    return sorted(path for path in folder.glob("*.md") if path.is_file() and not path.name.startswith("."))


def catalogue(folder: Path) -> Catalogue:
    """Load every problem of a folder. Never raises for what stands in a file."""
    loaded: list[tuple[Path, Problem]] = []
    findings: list[Finding] = []
    for path in problem_files(folder):
        try:
            loaded.append((path, load(path)))
        except ProblemError as error:
            findings.extend(error.findings)
    problems, faults = unique(loaded)
    return Catalogue(MappingProxyType(problems), (*findings, *faults))


def unique(loaded: Iterable[tuple[Path, Problem]]) -> tuple[dict[str, Problem], list[Finding]]:
    """Problems by id. Of two with one id the one whose file bears it stays; a file must bear the id of its problem."""
    problems: dict[str, Problem] = {}
    owner: dict[str, Path] = {}
    findings: list[Finding] = []
    # Files that bear their id come first, so that a copy never displaces its original.
    for path, problem in sorted(loaded, key=lambda pair: (pair[1].id, pair[0].stem != pair[1].id, pair[0].name)):
        place = "front matter"
        if problem.id in problems:
            message = f"greenroom.id: {problem.id!r} is the id of {owner[problem.id].name} already"
            findings.append(Finding(file=path.name, place=place, message=message, fix=f"write 'id: {path.stem}'"))
            continue
        if path.stem != problem.id:
            message = f"greenroom.id: {problem.id!r} is not the name of the file"
            fix = f"write 'id: {path.stem}', or rename the file to {problem.id}.md"
            findings.append(Finding(file=path.name, place=place, message=message, fix=fix))
        problems[problem.id] = problem
        owner[problem.id] = path
    return problems, findings
