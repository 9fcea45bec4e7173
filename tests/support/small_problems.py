"""Problems of a few lines, for tests of the judge: an entry as authors write it, a reference and a tests cell."""

from __future__ import annotations

import hashlib
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from greenroom_grader.judge import Judge, JudgeOptions
from greenroom_problems.entry import parse_entry
from greenroom_problems.problem import Comparison, Difficulty, Kind, Limits, Problem

if TYPE_CHECKING:
    from greenroom_grader.report import Report
    from greenroom_grader.sandbox import Sandbox

LIMITS = Limits(cpu_seconds=0.5, memory_mb=96, output_kb=16)


def small_problem(entry: str, solution: str, tests: str, **more: Any) -> Problem:
    """A problem; ``entry`` is one class or some ``def`` lines."""
    entry, solution, tests = (dedent(text).strip() + "\n" for text in (entry, solution, tests))
    kind = Kind.CLASS if entry.startswith("class") else Kind.FUNCTION
    parts: dict[str, Any] = {
        "id": "small",
        "title": "Small",
        "difficulty": Difficulty.EASY,
        "topics": ("tests",),
        "kind": kind,
        "entry": parse_entry(entry, kind),
        "comparison": Comparison(),
        "limits": LIMITS,
        "complexity": "",
        "hints": ("Which?", "How?", "Where?", "Thus."),
        "source": "Greenroom",
        "license": "Apache-2.0",
        "statement": "A small problem.",
        "starter": "",
        "solution": solution,
        "tests": tests,
        "wrong": (),
        "slow": "",
        "editorial": "",
        "interviewer": "",
        "digest": hashlib.sha256(repr((entry, solution, tests, sorted(more.items()))).encode()).hexdigest(),
    }
    return Problem(**{**parts, **more})


def judged(sandbox: Sandbox, problem: Problem, source: str, **options: Any) -> Report:
    """Publish the problem and judge one submission of it."""
    judge = Judge(sandbox, JudgeOptions(**options))
    return judge.judge(judge.publish(problem), dedent(source))
