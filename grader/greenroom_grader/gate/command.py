"""``greenroom check``: the gate on the command line."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003  # typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from greenroom_grader.gate.cache import InspectionCache, cache_folder
from greenroom_grader.gate.survey import UnknownNameError, inspect_all, survey
from greenroom_problems.folder import notebooks_folder

if TYPE_CHECKING:
    from greenroom_grader.gate.inspection import Inspection
    from greenroom_grader.gate.survey import Survey
    from greenroom_problems import Finding, Problem


def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Problems, sheets or scenarios; all when none")
    ] = None,
    *,
    notebooks: Annotated[
        Path | None,
        typer.Option(envvar="GREENROOM_NOTEBOOKS", help="The folder with problems/, sheets/ and scenarios/"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per problem on standard output")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Check again what passed before, unchanged")] = False,
    jobs: Annotated[int, typer.Option(min=0, help="Problems at a time; 0 for one per processor")] = 0,
    unsafe: Annotated[bool, typer.Option("--unsafe", help="Run without isolation where this machine has none")] = False,
) -> None:
    """Check problems before they are published: exit status 1 when there are findings."""
    try:
        found = survey(notebooks_folder(notebooks), names or ())
    except UnknownNameError as error:
        raise typer.BadParameter(str(error)) from error
    cache = None if no_cache else InspectionCache(cache_folder(), unsafe=unsafe)
    inspections = _inspect(found.problems, cache, jobs=jobs, unsafe=unsafe)
    if as_json:
        _print_json(found, inspections)
    else:
        _print_text(found, inspections)
    if found.findings or any(item.findings for item in inspections):
        raise typer.Exit(1)


def _inspect(
    problems: tuple[Problem, ...], cache: InspectionCache | None, *, jobs: int, unsafe: bool
) -> list[Inspection]:
    remembered = {problem.id: cache.get(problem) for problem in problems} if cache is not None else {}
    known = {name: inspection for name, inspection in remembered.items() if inspection is not None}
    rest = [problem for problem in problems if problem.id not in known]
    if rest:
        known |= {item.problem: item for item in _run(rest, cache, jobs=jobs, unsafe=unsafe)}
    return [known[problem.id] for problem in problems]


def _run(problems: list[Problem], cache: InspectionCache | None, *, jobs: int, unsafe: bool) -> list[Inspection]:
    from greenroom_grader.sandbox import open_sandbox  # noqa: PLC0415  # only where there is something to run
    from greenroom_grader.sandbox.interface import SandboxConfig  # noqa: PLC0415

    progress = Progress(
        TextColumn("checking"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
        console=Console(stderr=True),
        transient=True,
    )
    with open_sandbox(SandboxConfig(unsafe=unsafe)) as sandbox, progress:
        task = progress.add_task("", total=len(problems))

        def done(result: Inspection) -> None:
            progress.update(task, advance=1, description=result.problem)

        return inspect_all(sandbox, problems, jobs=jobs, cache=cache, on_done=done)


def _print_text(found: Survey, inspections: list[Inspection]) -> None:
    findings = [*found.findings, *(finding for item in inspections for finding in item.findings)]
    for finding in findings:
        typer.echo(str(finding))
    for item in inspections:
        for mutant in item.survivors:
            typer.echo(f"{item.problem}: note: surviving mutant, {mutant}")
    typer.echo(_summary(found, inspections, findings))


def _summary(found: Survey, inspections: list[Inspection], findings: list[Finding]) -> str:
    """One line that counts what was looked at."""
    clean = sum(not item.findings for item in inspections)
    mutants = sum(item.mutants - item.equivalent for item in inspections)
    killed = sum(item.killed for item in inspections)
    text = f"{clean} of {_count(len(inspections), 'problem')} pass, {killed} of {_count(mutants, 'mutant')} killed"
    for number, thing in ((found.sheets, "sheet"), (found.scenarios, "scenario")):
        text += f", {_count(number, thing)} read" if number else ""
    cached = sum(item.cached for item in inspections)
    if cached:
        text += f"; {cached} unchanged since they passed (--no-cache checks them again)"
    if findings:
        text += f"; {_count(len(findings), 'finding')} in {_count(len({item.file for item in findings}), 'file')}"
    return text


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _print_json(found: Survey, inspections: list[Inspection]) -> None:
    for item in inspections:
        typer.echo(json.dumps(_inspection_form(item), ensure_ascii=False))
    for finding in found.findings:
        typer.echo(json.dumps({"problem": None, "findings": [finding.form()]}, ensure_ascii=False))


def _inspection_form(item: Inspection) -> dict[str, Any]:
    return {
        "problem": item.problem,
        "findings": [finding.form() for finding in item.findings],
        "mutants": {
            "total": item.mutants,
            "killed": item.killed,
            "equivalent": item.equivalent,
            "survivors": [
                {"line": mutant.line, "before": mutant.before, "after": mutant.after, "operator": mutant.operator}
                for mutant in item.survivors
            ],
        },
        "reference_ms": item.reference_ms,
        "limit_ms": item.limit_ms,
        "seconds": item.seconds,
        "cached": item.cached,
    }
