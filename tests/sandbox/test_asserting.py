"""Judging problems of kind cells: in two boxes, by points, with every verdict explained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from greenroom_grader.judge import Judge
from greenroom_grader.sandbox import SandboxConfig, open_sandbox
from greenroom_problems import load, load_text
from greenroom_problems.exchange import Draft, DraftTest, draft_text
from greenroom_problems.problem import Limits, Reveal
from greenroom_problems.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenroom_grader.package import Package
    from greenroom_grader.sandbox import Sandbox

pytestmark = pytest.mark.sandbox

PROBLEMS = Path(__file__).parents[2] / "notebooks" / "problems"
ATTACKS = Path(__file__).parent / "data" / "assignment_attacks"
SQUARES = Draft(
    id="squares",
    title="Squares",
    statement="Write `squares(n)`.",
    starter="def squares(n):\n    ...",
    solution="def squares(n):\n    return [i * i for i in range(1, n + 1)]",
    tests=(
        DraftTest(grade_id="one", source="assert squares(1) == [1]"),
        DraftTest(
            grade_id="partly",
            source=(
                "### BEGIN HIDDEN TESTS\n"
                "sesame = squares(3)\nassert sesame == [1, 4, 9], 'sesame'\n"
                "### END HIDDEN TESTS"
            ),
        ),
        DraftTest(
            grade_id="credit", source="sum(squares(n) == [i * i for i in range(1, n + 1)] for n in (1, 2))", points=2
        ),
        DraftTest(grade_id="hidden", source="assert squares(5)[-1] == 25", hidden=True),
    ),
    limits=Limits(cpu_seconds=1, memory_mb=128),
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(SandboxConfig(pool={"cells": 2})) as opened:
        yield opened


@pytest.fixture(scope="module")
def judge(sandbox: Sandbox) -> Judge:
    return Judge(sandbox)


@pytest.fixture(scope="module")
def squares(judge: Judge) -> Package:
    return judge.publish(load_text(draft_text(SQUARES)))


def test_the_reference_gets_everything(judge: Judge, squares: Package) -> None:
    report = judge.judge(squares, SQUARES.solution)
    assert (report.verdict, report.score, report.passed, report.total) == (Verdict.ACCEPTED, 100, 4, 4)
    assert report.failing is None


def test_points_are_weighed_and_partial_ones_count(judge: Judge, squares: Package) -> None:
    report = judge.judge(squares, "def squares(n):\n    return [1]")
    assert [case.verdict for case in report.cases] == [Verdict.ACCEPTED, *[Verdict.WRONG_ANSWER] * 3]
    assert report.score == pytest.approx(100 * (1 + 1) / 5)
    assert report.cases[2].message == "The test gives 1 points."


@pytest.mark.parametrize(
    ("source", "verdict", "told"),
    [
        ("def squares(n):\n    return []", Verdict.WRONG_ANSWER, "This does not hold: assert squares(1) == [1]"),
        ("def squares(n):\n    return 1 / 0", Verdict.RUNTIME_ERROR, "ZeroDivisionError: division by zero"),
        ("def squares(n):\n    while True: pass", Verdict.TIME_LIMIT, "time limit"),
        ("def squares(n):\n    return [0] * 10**9", Verdict.MEMORY_LIMIT, "memory"),
        ("def squares(n:\n    return", Verdict.SYNTAX_ERROR, "Line 1"),
        ("while True: pass", Verdict.TIME_LIMIT, "time limit"),
        ("import os\nos._exit(0)", Verdict.RUNTIME_ERROR, "ended before"),
        ("raise KeyError('x')", Verdict.RUNTIME_ERROR, "It raised KeyError"),
        ("pass", Verdict.RUNTIME_ERROR, "NameError: name 'squares' is not defined"),
    ],
)
def test_every_verdict_is_explained(judge: Judge, squares: Package, source: str, verdict: Verdict, told: str) -> None:
    report = judge.judge(squares, source)
    assert report.verdict is verdict
    assert told in report.message
    assert report.score == 0
    assert report.failing is not None


@pytest.mark.parametrize("attack", sorted(path.stem for path in ATTACKS.iterdir()))
def test_an_attack_gets_no_points(judge: Judge, squares: Package, attack: str) -> None:
    report = judge.judge(squares, (ATTACKS / f"{attack}.py").read_text())
    assert report.score == 0


def test_hidden_tests_are_shown_only_as_the_problem_says(judge: Judge, squares: Package) -> None:
    silent = replace(squares, reveal=Reveal.NOTHING)
    wrong = "def squares(n):\n    return [1]"
    assert "sesame" in str(judge.judge(squares, wrong).cases)
    report = judge.judge(silent, wrong)
    assert "sesame" not in str(report)
    assert "squares(5)" not in str(report)
    assert report.cases[1].message == "A hidden test fails."


def test_the_worked_example_is_judged_across_two_boxes(judge: Judge) -> None:
    problem = load(PROBLEMS / "tidy-the-survey.md")
    package = judge.publish(problem)
    assert judge.judge(package, problem.solution).score == 100
    for wrong in problem.wrong:
        assert judge.judge(package, wrong.source).verdict is wrong.verdict
    assert judge.judge(package, problem.starter).verdict is Verdict.WRONG_ANSWER
