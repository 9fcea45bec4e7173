"""``greenroom grade``: files against a problem, or notebooks against an nbgrader assignment."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path  # noqa: TC003  # typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from greenroom_grader.commands.files import check_notebooks, find_problem, read_source
from greenroom_grader.commands.texts import assignment_text, printable, report_text
from greenroom_grader.errors import UsageError
from greenroom_grader.report_json import report_to_dict
from greenroom_problems.problem import Kind
from greenroom_problems.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from greenroom_grader.assignments import AssignmentReport
    from greenroom_grader.report import Report
    from greenroom_grader.sandbox import Sandbox
    from greenroom_problems.problem import Problem


def grade(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="PROBLEM FILE...",
            help="The id of a problem (or its .md file), then Python files; - reads standard input. "
            "With --assignment, the submitted notebooks alone.",
        ),
    ],
    *,
    assignment: Annotated[
        Path | None,
        typer.Option(metavar="SOURCE.ipynb", help="Grade notebooks against this nbgrader source notebook"),
    ] = None,
    notebooks: Annotated[
        Path | None,
        typer.Option(envvar="GREENROOM_NOTEBOOKS", help="The folder with problems/"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per result on standard output")] = False,
    jobs: Annotated[int, typer.Option(min=0, help="Files at a time; 0 for one per processor")] = 0,
    unsafe: Annotated[bool, typer.Option("--unsafe", help="Run without isolation where this machine has none")] = False,
) -> None:
    """Grade files against a problem, or notebooks against an nbgrader assignment.

    Exit status 0 when everything was graded, whatever the verdicts; 1 when the grader itself failed on a file.
    """
    workers = jobs or os.cpu_count() or 1
    with ExitStack() as stack:
        if assignment is not None:
            results = _assignment(stack, assignment, names, workers, unsafe=unsafe)
        else:
            results = _files(stack, names, notebooks, workers, unsafe=unsafe)
        show = stack.enter_context(_progress(len(names) - (assignment is None)))
        verdicts: Counter[Verdict] = Counter()
        for verdict, form, text in results:
            verdicts[verdict] += 1
            # Lone surrogates and control characters of students' output are escapes in ASCII JSON.
            show(json.dumps(form()) if as_json else text())
    if not as_json and verdicts.total() > 1:
        counts = ", ".join(f"{number} {verdict.value.replace('_', ' ')}" for verdict, number in verdicts.most_common())
        typer.echo(f"{verdicts.total()} files: {counts}")
    if verdicts[Verdict.INTERNAL_ERROR]:
        raise typer.Exit(1)


#: A verdict, and the two forms that the result can be shown in.
_Result = tuple[Verdict, "Callable[[], Mapping[str, object]]", "Callable[[], str]"]


def _files(
    stack: ExitStack, names: Sequence[str], notebooks: Path | None, workers: int, *, unsafe: bool
) -> Iterator[_Result]:
    """Judge source files; everything that can be wrong with the command is found before the first runs."""
    name, *files = names
    problem = find_problem(name, notebooks)
    if not files:
        raise UsageError(f"nothing to grade; name Python files after {name!r}")
    sources = [read_source(file) for file in files]
    workers = min(workers, len(files))
    pool = {"cells": 2 * workers} if problem.kind is Kind.CELLS else {problem.zygote: workers + 1}
    sandbox = _sandbox(stack, pool, unsafe=unsafe)
    return _judged(sandbox, problem, files, sources, workers)


def _judged(
    sandbox: Sandbox, problem: Problem, files: Sequence[str], sources: Sequence[str], workers: int
) -> Iterator[_Result]:
    from greenroom_grader.judge import Judge  # noqa: PLC0415  # only where there is something to run

    judge = Judge(sandbox)
    package = judge.publish(problem)
    with ThreadPoolExecutor(workers, thread_name_prefix="grade") as pool:  # the work is done in boxes
        try:
            reports = pool.map(lambda source: judge.judge(package, source), sources)
            for file, report in zip(files, reports, strict=True):
                yield _file_result(file, report)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _file_result(file: str, report: Report) -> _Result:
    def form() -> dict[str, object]:
        kept = report_to_dict(report)
        return {"problem": kept.pop("problem"), "file": file, **kept}

    return report.verdict, form, lambda: report_text(file, report)


def _assignment(
    stack: ExitStack, source: Path, names: Sequence[str], workers: int, *, unsafe: bool
) -> Iterator[_Result]:
    """Grade notebooks; what is wrong inside one becomes a finding of its report."""
    paths = check_notebooks(names)
    check_notebooks([str(source)])
    workers = min(workers, len(paths))
    sandbox = _sandbox(stack, {"cells": 2 * workers + 1}, unsafe=unsafe)
    from greenroom_grader.assignments import grade_assignment  # noqa: PLC0415  # only where there is something to run

    return map(_assignment_result, grade_assignment(sandbox, source, paths, jobs=workers))


def _assignment_result(report: AssignmentReport) -> _Result:
    return report.verdict, report.to_dict, lambda: assignment_text(report)


def _sandbox(stack: ExitStack, pool: Mapping[str, int], *, unsafe: bool) -> Sandbox:
    from greenroom_grader.sandbox import SandboxConfig, open_sandbox  # noqa: PLC0415  # starts slowly

    sandbox = stack.enter_context(open_sandbox(SandboxConfig(pool=pool, unsafe=unsafe)))
    if "clone" not in sandbox.level:
        typer.echo(
            f"greenroom: warning: weak isolation ({printable(sandbox.level)}); grade only code you trust", err=True
        )
    return sandbox


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """Shows results, and a bar below them where somebody can see it and there is something to wait for."""
    on_screen = sys.stdout.isatty()
    console = Console(stderr=not on_screen)
    if total < 2 or not console.is_terminal:
        yield typer.echo
        return
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("", total=total)

        def show(text: str) -> None:
            if on_screen:  # one stream: the text goes above the bar
                console.print(text, markup=False, highlight=False, soft_wrap=True)
            else:
                typer.echo(text)
            progress.advance(task)

        yield show
