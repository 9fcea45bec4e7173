"""The benchmark of the grader, run small: that it measures what it says, never how fast this machine is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from greenroom_grader.bench import functions, notebooks
from greenroom_grader.commands import bench
from greenroom_grader.errors import SandboxError
from greenroom_grader.sandbox import SandboxConfig
from greenroom_grader.sandbox.pool import PooledSandbox
from greenroom_hub import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[PooledSandbox]:
    with PooledSandbox(SandboxConfig(pool={"plain": 2, "cells": 2})) as made:
        yield made


def test_the_function_is_measured_in_all_ways(sandbox: PooledSandbox) -> None:
    measured = functions.FunctionBench(sandbox, ready=2)
    middle, last = measured.latency(5)
    per_core, here = measured.sustained(10, 2)
    memory = measured.idle_memory()
    assert 0 < middle.value <= last.value
    assert (middle.target, last.target, per_core.target, memory.target) == (8, 60, 60, 10)
    assert per_core.value > 0
    assert here.value > 0
    assert 0.5 < memory.value < 100
    assert "2 boxes" in memory.note


def test_the_notebook_is_measured_against_nbclient(sandbox: PooledSandbox) -> None:
    ours = notebooks.split(sandbox, 2)
    theirs = notebooks.by_nbclient(1)
    assert 0 < ours.value < theirs.value


def test_a_wrong_measurement_is_not_a_figure(sandbox: PooledSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    measured = functions.FunctionBench(sandbox, ready=2)
    monkeypatch.setattr("greenroom_grader.bench.workload.SOLUTION", "def steps_to_one(n): return 0")
    with pytest.raises(SandboxError, match="got wrong_answer"):
        measured.one()
    with pytest.raises(SandboxError, match="got wrong_answer"):
        measured.sustained(4, 2)


def test_a_batch_is_graded_by_both_commands() -> None:
    wall, cpu = notebooks.batch(1)
    assert wall.target is None
    assert wall.value > 0
    assert cpu.value > 0


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[Any]]:
    monkeypatch.setattr("sys.argv", ["greenroom", "bench", "grader", *arguments])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert isinstance(caught.value.code, int)
    return caught.value.code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_soak_leaves_nothing_and_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bench, "_MAY_GROW", 64.0)  # memory needs thousands of gradings to tell
    status, (where, left, grown) = run(monkeypatch, capsys, "--soak", "40", "--json")
    assert status == 0
    assert where["machine"]["processors"] >= 1
    assert (left["value"], left["met"]) == (0, True)
    assert "grown over 40" in grown["name"]


def test_a_leak_fails_the_soak(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    kept = []
    one = functions.FunctionBench.one

    def leaking(self: functions.FunctionBench, number: int = 0) -> None:
        one(self, number)
        if number == 3:
            kept.append(open("/dev/null", "rb"))  # noqa: PTH123, SIM115 - left open on purpose

    monkeypatch.setattr(functions.FunctionBench, "one", leaking)
    monkeypatch.setattr("greenroom_grader.sandbox.footprint._PATIENCE_SECONDS", 1.0)
    status, (_, left) = run(monkeypatch, capsys, "--soak", "5", "--json")
    kept.pop().close()
    assert status == 1
    assert "descriptors" in left["note"]
    assert left["met"] is False
