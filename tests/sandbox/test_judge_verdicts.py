"""The judge through its public door: which verdict a program gets, and what the student is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import pytest
from small_problems import judged, small_problem

from greenroom_grader.errors import SandboxError
from greenroom_grader.judge import Judge, JudgeOptions
from greenroom_problems import Verdict
from greenroom_problems.problem import Limits

if TYPE_CHECKING:
    from greenroom_grader.sandbox import Box, BoxLimits, Sandbox

pytestmark = pytest.mark.sandbox

SUCCESSOR = small_problem(
    "def f(x: int) -> int", "def f(x):\n    return x + 1", "examples = [(1,), (2,)]\nhidden = [(10,), (-1,)]"
)
QUICK = small_problem(
    "def f(x: int) -> int",
    "def f(x):\n    return x + 1",
    "examples = [(1,), (2,)]\nhidden = [(10,), (-1,)]",
    limits=Limits(cpu_seconds=0.2, memory_mb=64, output_kb=4),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A program, its verdict, and a part of the sentence that the student reads."""

    source: str
    verdict: Verdict
    message: str
    passed: int = 0


PROGRAMS = {
    "right": Told("def f(x): return 1 + x", Verdict.ACCEPTED, "All 4 cases passed.", 4),
    "wrong on a hidden case": Told("def f(x): return abs(x + 1) or 7", Verdict.WRONG_ANSWER, "3 of 4 cases passed", 3),
    "returns nothing": Told("def f(x): x + 1", Verdict.WRONG_ANSWER, "perhaps a return is missing"),
    "raises": Told("def f(x): return [][x]", Verdict.RUNTIME_ERROR, "It raised IndexError: list index out of range."),
    "exits": Told("def f(x): raise SystemExit", Verdict.RUNTIME_ERROR, "Return the answer instead"),
    "kills its process": Told("import os\ndef f(x): os._exit(0)", Verdict.RUNTIME_ERROR, "ended without an answer"),
    "reads input": Told("def f(x): return int(input())", Verdict.RUNTIME_ERROR, "Take the input from the parameters"),
    "recurses for ever": Told("def f(x): return f(x)", Verdict.RUNTIME_ERROR, "case that should end the recursion"),
    "loads with an error": Told("1 / 0", Verdict.RUNTIME_ERROR, "Before any case, while the code was loaded"),
    "defines something else": Told("def g(x): ...", Verdict.RUNTIME_ERROR, "no function named f; it defines g."),
    "defines nothing": Told("", Verdict.RUNTIME_ERROR, "Your code defines no function named f."),
    "does not compile": Told("def f(x)\n    return x", Verdict.SYNTAX_ERROR, "Line 1, column 9: expected ':'."),
    "does not compile later": Told("def f(x):\n    y = (1,\n    return y", Verdict.SYNTAX_ERROR, "Line 2, column 9: "),
    "holds a null byte": Told("def f(x):\n    return '\0'", Verdict.SYNTAX_ERROR, "null bytes"),
    "loops": Told("def f(x):\n    while True: pass", Verdict.TIME_LIMIT, "more than 0.2 s of CPU time"),
    "loops while loading": Told(
        "while True: pass", Verdict.TIME_LIMIT, "while the code was loaded, it met the time limit"
    ),
    "allocates at once": Told("def f(x): return [0] * 10**9", Verdict.MEMORY_LIMIT, "more than 64 MB of memory"),
    "prints for ever": Told("def f(x):\n    while True: print(x)", Verdict.OUTPUT_LIMIT, "remove debugging prints"),
    "returns too much": Told(
        "def f(x): return 'x' * 10**7", Verdict.OUTPUT_LIMIT, "printed or returned more than allowed"
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_program_gets_its_verdict_and_a_sentence_that_helps(boxes: Sandbox, name: str) -> None:
    told = PROGRAMS[name]
    report = judged(boxes, QUICK, told.source)
    assert (report.verdict, report.passed) == (told.verdict, told.passed), report
    assert told.message in report.message
    assert report.total == 4
    assert report.score == (100.0 if told.verdict is Verdict.ACCEPTED else 25.0 * told.passed)
    assert (report.failing is None) == (told.verdict is Verdict.ACCEPTED)
    assert report.isolation == boxes.level


def test_waiting_is_not_computing_and_has_a_limit_of_its_own(boxes: Sandbox) -> None:
    report = judged(boxes, QUICK, "import time\ndef f(x): time.sleep(60)", timeouts=1)
    assert report.verdict is Verdict.TIME_LIMIT
    assert "without computing" in report.message
    assert report.cases[0].cpu_ms < 200
    assert report.cases[0].wall_ms >= 3000


def test_many_short_calls_of_one_case_share_one_limit(boxes: Sandbox) -> None:
    calls = '[("Slow",)] + [("work",)] * 200'
    problem = small_problem(
        "class Slow:\n    def __init__(self) -> None\n    def work(self) -> int",
        "class Slow:\n    def work(self): return 1",
        f"examples = [{calls}]\nhidden = []",
        limits=Limits(cpu_seconds=0.05),
    )
    report = judged(boxes, problem, "class Slow:\n    def work(self): return min(1, sum(range(100_000)))")
    assert report.verdict is Verdict.TIME_LIMIT


def test_a_traceback_shows_the_students_own_frames_alone(boxes: Sandbox) -> None:
    source = "import json\ndef f(x):\n    return helper(x)\ndef helper(x):\n    return json.loads('{')"
    failing = judged(boxes, SUCCESSOR, source).failing
    assert failing is not None
    assert 'File "solution.py", line 3, in f' in failing.traceback
    assert 'File "solution.py", line 5, in helper' in failing.traceback
    assert failing.traceback.count("File ") == 2
    assert "JSONDecodeError" in failing.traceback


def test_a_syntax_error_points_at_the_place(boxes: Sandbox) -> None:
    failing = judged(boxes, SUCCESSOR, "def f(x):\n    return x +* 1").failing
    assert failing is not None
    assert failing.traceback.splitlines() == [
        '  File "solution.py", line 2',
        "        return x +* 1",
        "                  ^",
        "SyntaxError: invalid syntax",
    ]


def test_the_verdict_is_that_of_the_first_failing_case_and_later_cases_are_still_seen(boxes: Sandbox) -> None:
    report = judged(boxes, SUCCESSOR, "def f(x):\n    if x == 2: return 0\n    if x == 10: 1 / 0\n    return x + 1")
    assert [case.verdict for case in report.cases] == [
        Verdict.ACCEPTED,
        Verdict.WRONG_ANSWER,
        Verdict.RUNTIME_ERROR,
        Verdict.ACCEPTED,
    ]
    assert report.verdict is Verdict.WRONG_ANSWER
    assert report.score == 50.0


def test_a_box_that_dies_is_replaced_so_that_later_cases_are_seen(boxes: Sandbox) -> None:
    report = judged(boxes, SUCCESSOR, "import os\ndef f(x):\n    if x == 2: os._exit(1)\n    return x + 1")
    assert [case.verdict is Verdict.ACCEPTED for case in report.cases] == [True, False, True, True]


def test_after_too_many_deaths_the_rest_is_left_out_and_said(boxes: Sandbox) -> None:
    report = judged(boxes, SUCCESSOR, "import os\ndef f(x): os._exit(1)", deaths=2)
    assert len(report.cases) == 2
    assert "2 more were not run" in report.message


def test_an_exception_that_the_student_defines_is_named(boxes: Sandbox) -> None:
    report = judged(boxes, SUCCESSOR, "class Unhappy(Exception): ...\ndef f(x): raise Unhappy('very')")
    assert "It raised Unhappy: very." in report.message


class Unsteady:
    """A sandbox that breaks as often as it is told to, and works otherwise."""

    def __init__(self, sandbox: Sandbox, failures: int) -> None:
        self._sandbox = sandbox
        self.failures = failures
        self.level = sandbox.level

    def box(self, zygote: str = "plain", limits: BoxLimits | None = None) -> Box:
        if self.failures:
            self.failures -= 1
            raise SandboxError("no box today")
        return self._sandbox.box(zygote, limits)

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


def test_a_fault_of_ours_is_tried_again_and_leaves_no_trace(boxes: Sandbox) -> None:
    package = Judge(boxes).publish(SUCCESSOR)
    assert Judge(Unsteady(boxes, 1)).judge(package, "def f(x): return x + 1").verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("source", ["def f(x): return x + 1", "def f(x): return 0", "def f(x: !"])
def test_a_fault_of_ours_that_stays_is_never_a_wrong_answer(boxes: Sandbox, source: str) -> None:
    package = Judge(boxes).publish(SUCCESSOR)
    unsteady = Unsteady(boxes, 2)
    report = Judge(unsteady, JudgeOptions()).judge(package, source)
    assert unsteady.failures == 0
    assert report.verdict is Verdict.INTERNAL_ERROR
    assert "not your code" in report.message
    assert report.failing is None
    assert report.cases == ()
