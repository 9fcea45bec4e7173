"""``greenroom check``: the gate on the command line."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003  # typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from greenroom_grader.gate.survey import UnknownNameError, inspect_all, survey
from greenroom_problems.folder import notebooks_folder

if TYPE_CHECKING:
    from greenroom_grader.gate.inspection import Inspection
    from greenroom_grader.gate.survey import Survey
    from greenroom_problems import Finding


def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Problems or sheets; all when none")
    ] = None,
    *,
    notebooks: Annotated[
        Path | None,
        typer.Option(envvar="GREENROOM_NOTEBOOKS", help="The folder with problems/, sheets/ and scenarios/"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per problem on standard output")] = False,
    jobs: Annotated[int, typer.Option(min=0, help="Problems at a time; 0 for one per processor")] = 0,
    unsafe: Annotated[bool, typer.Option("--unsafe", help="Run without isolation where this machine has none")] = False,
) -> None:
    """Check problems before they are published: exit status 1 when there are findings."""
    try:
        found = survey(notebooks_folder(notebooks), names or ())
    except UnknownNameError as error:
        raise typer.BadParameter(str(error)) from error
    inspections = _inspect(found, jobs=jobs, unsafe=unsafe) if found.problems else []
    if as_json:
        _print_json(found, inspections)
    else:
        _print_text(found, inspections)
    if found.findings or any(item.findings for item in inspections):
        raise typer.Exit(1)


def _inspect(found: Survey, *, jobs: int, unsafe: bool) -> list[Inspection]:
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
        task = progress.add_task("", total=len(found.problems))

        def done(result: Inspection) -> None:
            progress.update(task, advance=1, description=result.problem)

        return inspect_all(sandbox, found.problems, jobs=jobs, on_done=done)


def _print_text(found: Survey, inspections: list[Inspection]) -> None:
    findings = [*found.findings, *(finding for item in inspections for finding in item.findings)]
    for finding in findings:
        typer.echo(str(finding))
    for item in inspections:
        for mutant in item.survivors:
            typer.echo(f"{item.problem}: note: surviving mutant, {mutant}")
    broken = len({finding.file for finding in findings})
    clean = sum(not item.findings for item in inspections)
    mutants = sum(item.mutants - item.equivalent for item in inspections)
    killed = sum(item.killed for item in inspections)
    summary = f"{clean} of {len(inspections)} problems pass, {killed} of {mutants} mutants killed"
    if findings:
        summary += f"; {len(findings)} findings in {broken} files"
    typer.echo(summary)


def _print_json(found: Survey, inspections: list[Inspection]) -> None:
    for item in inspections:
        typer.echo(json.dumps(_inspection_form(item), ensure_ascii=False))
    for finding in found.findings:
        typer.echo(json.dumps({"problem": None, "findings": [_finding_form(finding)]}, ensure_ascii=False))


def _inspection_form(item: Inspection) -> dict[str, Any]:
    return {
        "problem": item.problem,
        "findings": [_finding_form(finding) for finding in item.findings],
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
    }


def _finding_form(finding: Finding) -> dict[str, str]:
    return {"file": finding.file, "place": finding.place, "message": finding.message, "fix": finding.fix}
