"""``greenroom bench grader``: the grader's figures, with the ratio to nbclient and to stock nbgrader, in one run."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from greenroom_grader.bench.measure import Figure, machine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenroom_grader.bench.functions import FunctionBench
    from greenroom_grader.sandbox.footprint import Soak

#: Plain boxes that are kept ready, as a service does.
_READY = 4


def bench_grader(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per figure on standard output")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer of each: a minute instead of several")] = False,
    soak: Annotated[
        int, typer.Option(metavar="N", min=0, help="Instead, grade N submissions in a row and see what stays behind")
    ] = 0,
) -> None:
    """Measure the grader beside nbclient and stock nbgrader.

    Latencies hold when the machine is otherwise idle; ratios and CPU times hold always. With --soak the exit status is
    1 when a process, file, mount, control group or descriptor is left, or memory has grown.
    """
    where = machine()
    if as_json:
        typer.echo(json.dumps({"machine": where}))
    else:
        about = f"{where['processors']} processors, {where['machine']}, Python {where['python']}"
        typer.echo(f"{about}, load before the run {where['load'][0]}")
    for figure in _soak(soak) if soak else _figures(quick=quick):
        typer.echo(json.dumps(figure.to_dict()) if as_json else _line(figure))
        if soak and figure.met is False:
            raise typer.Exit(1)


def _figures(*, quick: bool) -> Iterator[Figure]:
    from greenroom_grader.bench import notebooks  # noqa: PLC0415  # loads nbclient, only where it is asked for
    from greenroom_grader.bench.functions import FunctionBench  # noqa: PLC0415
    from greenroom_grader.sandbox import SandboxConfig  # noqa: PLC0415
    from greenroom_grader.sandbox.pool import PooledSandbox  # noqa: PLC0415

    with PooledSandbox(SandboxConfig(pool={"plain": _READY, "cells": 2})) as sandbox:
        bench = FunctionBench(sandbox, ready=_READY)
        yield bench.idle_memory()
        yield from bench.latency(60 if quick else 500)
        sustained, here = bench.sustained(200 if quick else 2000, os.cpu_count() or 1)
        yield sustained
        yield here
        cells = notebooks.split(sandbox, 20 if quick else 100)
        yield cells
    client = notebooks.by_nbclient(3 if quick else 12)
    yield client
    rate = 1000 / client.value
    yield Figure(
        name="function with 20 tests: rate against nbclient",
        value=sustained.value / rate,
        unit="times",
        target=40,
        at_most=False,
        note=f"nbclient does {rate:.2f} per second and core",
    )
    yield Figure(
        name="notebook of 21 cells: less CPU than nbclient",
        value=client.value / cells.value,
        unit="times",
        note="in two isolated boxes, against one kernel without isolation",
    )
    yield from notebooks.batch(6 if quick else 20)


def _soak(rounds: int) -> Iterator[Figure]:
    from greenroom_grader.bench.functions import FunctionBench  # noqa: PLC0415
    from greenroom_grader.sandbox import SandboxConfig  # noqa: PLC0415
    from greenroom_grader.sandbox.pool import PooledSandbox  # noqa: PLC0415

    with PooledSandbox(SandboxConfig(pool={"plain": _READY})) as sandbox:
        found = _soaked(FunctionBench(sandbox, ready=_READY), rounds)
    rate = f"{found.rounds / found.seconds:.0f} per second"
    yield Figure(
        name=f"kinds of things left after {rounds} gradings",
        value=len(found.left_behind.split(", ")) if found.left_behind else 0,
        unit="kinds",
        target=0,
        note=found.left_behind or f"no process, file, mount, control group or descriptor; {rate}",
    )
    samples = ", ".join(f"{kb / 1024:.1f}" for _, kb in found.memory)
    yield Figure(
        name=f"memory grown over {rounds} gradings",
        value=found.growth_kb / 1024,
        unit="MiB PSS",
        target=_MAY_GROW,
        note=f"MiB of everything together: {samples}",
    )


#: MiB: the allocator's own play; a leak of 1 KiB per grading would show as ten times that.
_MAY_GROW = 2.0


def _soaked(bench: FunctionBench, rounds: int) -> Soak:
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("", total=rounds)
        return bench.soak(rounds, lambda done: progress.update(task, completed=done))


def _line(figure: Figure) -> str:
    if figure.target is None:
        goal = ""
    else:
        goal = f"{'<=' if figure.at_most else '>='} {figure.target:g} {'ok' if figure.met else 'MISSED'}"
    value = f"{figure.value:.1f} {figure.unit}"
    return f"{figure.name:<58} {value:>28}  {goal:<14} {figure.note}".rstrip()
