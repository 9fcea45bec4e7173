"""Checks a whole folder: problems in parallel, then sheets and scenarios."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenroom_grader.assignments import source
from greenroom_grader.errors import AssignmentError
from greenroom_grader.gate.inspection import Inspection, inspect
from greenroom_problems import Finding, catalogue, scenarios, sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from greenroom_grader.gate.cache import InspectionCache
    from greenroom_grader.sandbox.interface import Sandbox
    from greenroom_problems import Problem


class UnknownNameError(ValueError):
    """A name on the command line is no problem, sheet or scenario."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What there is to check."""

    problems: tuple[Problem, ...]
    #: Findings that need no box: files that do not load, sheets, scenarios.
    findings: tuple[Finding, ...]
    #: Sheets and scenarios that were looked at and load.
    sheets: int = 0
    scenarios: int = 0


def survey(notebooks: Path, names: Sequence[str] = ()) -> Survey:
    """Load a notebooks folder; ``names`` are ids of problems, sheets (with theirs) or scenarios, all when empty.

    Raises:
        UnknownNameError: a name is none of them.
    """
    problems = catalogue(notebooks / "problems")
    known_sheets = sheets(notebooks / "sheets", problems.problems)
    interviews = scenarios(notebooks / "scenarios")
    strays = _strays(notebooks / "problems")
    findings = (*problems.findings, *strays, *known_sheets.findings, *interviews.findings)
    if not names:
        return Survey(
            problems=tuple(problems.problems.values()),
            findings=findings,
            sheets=len(known_sheets.sheets),
            scenarios=len(interviews.scenarios),
        )
    for name in names:
        if not any(path.is_file() for path in _files(notebooks, name)):
            raise UnknownNameError(f"no problem, sheet or scenario {name!r} in {notebooks}")
    chosen: dict[str, Problem] = {}
    files: set[str] = set()
    for name in names:
        sheet = known_sheets.sheets.get(name)
        wanted = (name, *(sheet.problems if sheet is not None else ()))
        files |= {f"{name}.yaml", *(f"{item}.md" for item in wanted)}
        chosen.update({item: problems.problems[item] for item in wanted if item in problems.problems})
    return Survey(
        problems=tuple(chosen.values()),
        findings=tuple(item for item in findings if item.file in files),
        sheets=sum(name in known_sheets.sheets for name in dict.fromkeys(names)),
        scenarios=sum(name in interviews.scenarios for name in dict.fromkeys(names)),
    )


def _strays(folder: Path) -> list[Finding]:
    """A finding for each notebook among the problems: nobody reads it there, and nobody should believe so."""
    found: list[Finding] = []
    for path in sorted(folder.glob("*.ipynb")):
        message, fix = "a notebook is not a problem yet", f"./greenroom import {path} makes one of it; then delete it"
        try:
            source.read(path)
        except AssignmentError as error:
            message, fix = str(error).removeprefix(f"{path}: ").rstrip("."), "repair it and import it, or delete it"
        found.append(Finding(file=path.name, place="", message=message, fix=fix))
    return found


def _files(notebooks: Path, name: str) -> tuple[Path, ...]:
    """Where a name may stand; a file that does not load is a finding, and no unknown name."""
    return (
        notebooks / "problems" / f"{name}.md",
        notebooks / "sheets" / f"{name}.yaml",
        notebooks / "scenarios" / f"{name}.md",
    )


def inspect_all(
    sandbox: Sandbox,
    problems: Sequence[Problem],
    *,
    jobs: int = 0,
    cache: InspectionCache | None = None,
    on_done: Callable[[Inspection], None] | None = None,
) -> list[Inspection]:
    """Put problems through the gate, ``jobs`` at a time (0: one per processor); the result is in the order given.

    The work is done in boxes, so threads are enough here. ``on_done`` is called as each is ready, from this thread.
    What ``cache`` remembers is not asked for: the caller does that, before a sandbox is opened.
    """
    workers = jobs or os.cpu_count() or 1
    done: dict[str, Inspection] = {}
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="check") as pool:
        futures = {pool.submit(inspect, sandbox, problem): problem for problem in problems}
        try:
            for future in as_completed(futures):
                result = future.result()
                done[result.problem] = result
                if cache is not None:
                    cache.put(futures[future], result)
                if on_done is not None:
                    on_done(result)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [done[problem.id] for problem in problems]
