"""Checks a whole folder: problems in parallel, then sheets and scenarios."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenroom_grader.gate.inspection import Inspection, inspect
from greenroom_problems import Finding, catalogue, scenarios, sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from greenroom_grader.sandbox.interface import Sandbox
    from greenroom_problems import Problem


class UnknownNameError(ValueError):
    """A name on the command line is neither a problem nor a sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What there is to check."""

    problems: tuple[Problem, ...]
    #: Findings that need no box: files that do not load, sheets, scenarios.
    findings: tuple[Finding, ...]
    sheets: int = 0
    scenarios: int = 0


def survey(notebooks: Path, names: Sequence[str] = ()) -> Survey:
    """Load a notebooks folder; ``names`` are ids of problems or sheets, all when empty.

    Raises:
        UnknownNameError: a name is neither.
    """
    found = catalogue(notebooks / "problems")
    known_sheets = sheets(notebooks / "sheets", found.problems)
    if not names:
        interviews = scenarios(notebooks / "scenarios")
        return Survey(
            problems=tuple(found.problems.values()),
            findings=(*found.findings, *known_sheets.findings, *interviews.findings),
            sheets=len(known_sheets.sheets),
            scenarios=len(interviews.scenarios),
        )
    chosen: dict[str, Problem] = {}
    files: set[str] = set()
    for name in names:
        wanted = known_sheets.sheets[name].problems if name in known_sheets.sheets else (name,)
        files |= {f"{name}.yaml", *(f"{item}.md" for item in wanted)}
        chosen.update({item: found.problems[item] for item in wanted if item in found.problems})
        file = notebooks / "problems" / f"{name}.md"
        if not (name in known_sheets.sheets or name in found.problems or file.is_file()):
            raise UnknownNameError(f"no problem and no sheet {name!r} in {notebooks}; see {file.parent}")
    findings = [item for item in (*found.findings, *known_sheets.findings) if item.file in files]
    return Survey(problems=tuple(chosen.values()), findings=tuple(findings), sheets=len(known_sheets.sheets))


def inspect_all(
    sandbox: Sandbox, problems: Sequence[Problem], *, jobs: int = 0, on_done: Callable[[Inspection], None] | None = None
) -> list[Inspection]:
    """Put problems through the gate, ``jobs`` at a time (0: one per processor); the result is in the order given.

    The work is done in boxes, so threads are enough here. ``on_done`` is called as each is ready, from this thread.
    """
    workers = jobs or os.cpu_count() or 1
    done: dict[str, Inspection] = {}
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="check") as pool:
        futures = [pool.submit(inspect, sandbox, problem) for problem in problems]
        try:
            for future in as_completed(futures):
                result = future.result()
                done[result.problem] = result
                if on_done is not None:
                    on_done(result)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [done[problem.id] for problem in problems]
