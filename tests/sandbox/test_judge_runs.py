"""A student's own inputs, and random ones until submission and reference differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from small_problems import small_problem

from greenroom_grader.errors import InputError, UnsupportedError
from greenroom_grader.judge import Judge
from greenroom_grader.runs import MAX_INPUTS
from greenroom_problems import Verdict
from greenroom_problems.problem import Reveal

if TYPE_CHECKING:
    from greenroom_grader.runs import RunReport, StressReport
    from greenroom_grader.sandbox import Sandbox
    from greenroom_problems.problem import Problem

pytestmark = pytest.mark.sandbox

ADD = small_problem(
    "def add(items: list[int], k: int = 1) -> int",
    "def add(items, k=1): return sum(items) + k",
    """
    examples = [([1], 2)]
    hidden = [([], 0)]
    def valid(items, k=1): return k >= 0
    def generate(rng, size): return [rng.randrange(-3, 4) for _ in range(size)], rng.randrange(5)
    """,
)
STACK = small_problem(
    "class Pile:\n    def __init__(self) -> None\n    def push(self, x: int) -> None\n    def pop(self) -> int",
    """
    class Pile:
        def __init__(self): self.items = []
        def push(self, x): self.items.append(x)
        def pop(self): return self.items.pop()
    """,
    'examples = [[("Pile",), ("push", 1), ("pop",)]]\nhidden = []',
)
RIGHT = "def add(items, k=1): return sum(items, k)"


def run(sandbox: Sandbox, problem: Problem, source: str, *inputs: str) -> tuple[RunReport, ...]:
    judge = Judge(sandbox)
    return judge.run(judge.publish(problem), source, inputs)


def stress(sandbox: Sandbox, problem: Problem, source: str, seconds: float = 20) -> StressReport:
    judge = Judge(sandbox)
    return judge.stress(judge.publish(problem), source, seconds)


def test_inputs_are_answered_by_both_and_compared(boxes: Sandbox) -> None:
    source = "def add(items, k=1):\n    print('k is', k)\n    return sum(items) + min(k, 3)"
    good, bad = run(boxes, ADD, source, "[1, 2], 3", "add([1], 5)")
    assert (good.call, good.actual, good.expected, good.verdict) == ("add([1, 2], 3)", "6", "6", Verdict.ACCEPTED)
    assert (bad.call, bad.actual, bad.expected, bad.verdict) == ("add([1], 5)", "4", "6", Verdict.WRONG_ANSWER)
    assert bad.stdout == "k is 5\n"


def test_one_argument_needs_no_comma(boxes: Sandbox) -> None:
    (report,) = run(boxes, ADD, RIGHT, "[1, 2]")
    assert (report.actual, report.expected) == ("4", "4")


def test_a_class_is_run_by_its_calls(boxes: Sandbox) -> None:
    source = "class Pile(list):\n    push = list.append\n    def pop(self): return super().pop(0)"
    (report,) = run(boxes, STACK, source, '[("Pile",), ("push", 1), ("push", 2), ("pop",)]')
    assert (report.verdict, report.actual, report.expected) == (Verdict.WRONG_ANSWER, "1", "2")
    assert report.call.splitlines()[-1] == "pile.pop()"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1, 2", "This input is not Python: '[' was never closed (column 1)."),
        ("open('x')", "Write the arguments alone, or a plain call such as add(...)."),
        ("[x]", "This input is not made of plain values"),
        ("__import__('os').getpid()", "This input is not made of plain values"),
        ("1, 2, 3", "This input does not fit: add takes 1 to 2 arguments, here it gets 3."),
        ("", "This input is not Python"),
    ],
)
def test_an_input_that_cannot_be_read_is_told_in_a_line_and_others_still_run(
    boxes: Sandbox, text: str, message: str
) -> None:
    broken, fine = run(boxes, ADD, RIGHT, text, "[1], 1")
    assert message in broken.message
    assert broken.verdict is None
    assert fine.verdict is Verdict.ACCEPTED


def test_an_input_that_is_not_allowed_is_still_answered_by_the_student(boxes: Sandbox) -> None:
    (report,) = run(boxes, ADD, RIGHT, "[1], -5")
    assert (report.actual, report.expected, report.verdict) == ("-4", None, None)
    assert report.message == "The problem does not allow this input."


def test_what_goes_wrong_in_a_run_is_told_as_in_a_submission(boxes: Sandbox) -> None:
    crash, loop, after = run(
        boxes,
        ADD,
        "def add(items, k=1):\n    if k == 7:\n        while True: pass\n    return sum(items) + k // len(items)",
        "[], 1",
        "[1], 7",
        "[1], 1",
    )
    assert (crash.verdict, crash.expected) == (Verdict.RUNTIME_ERROR, "1")
    assert "ZeroDivisionError" in crash.traceback
    assert loop.verdict is Verdict.TIME_LIMIT
    assert after.verdict is Verdict.ACCEPTED


def test_code_that_does_not_compile_says_so(boxes: Sandbox) -> None:
    (report,) = run(boxes, ADD, "def add(:", "[1]")
    assert report.verdict is Verdict.SYNTAX_ERROR
    assert report.message.startswith("Line 1, column 9")


def test_too_many_inputs_are_refused(boxes: Sandbox) -> None:
    with pytest.raises(InputError, match="run at most 20"):
        run(boxes, ADD, RIGHT, *["[1]"] * (MAX_INPUTS + 1))


def test_stress_finds_a_difference_and_makes_it_small(boxes: Sandbox) -> None:
    report = stress(boxes, ADD, "def add(items, k=1): return sum(items[:4]) + k")
    assert report.found
    assert report.case is not None
    assert report.case.call in {"add([0, 0, 0, 0, 1], 0)", "add([0, 0, 0, 0, -1], 0)"}
    assert report.case.verdict is Verdict.WRONG_ANSWER


def test_stress_tries_the_same_inputs_each_time(boxes: Sandbox) -> None:
    source = "def add(items, k=1): return sum(items) + k + (items.count(3) > 2)"
    assert stress(boxes, ADD, source).tried == stress(boxes, ADD, source).tried


def test_stress_says_how_much_agreed(boxes: Sandbox) -> None:
    report = stress(boxes, ADD, RIGHT, seconds=0.3)
    assert not report.found
    assert report.tried > 0
    assert report.message == f"{report.tried} random inputs gave the same answers."


def test_stress_needs_a_generator_and_leave_to_show_cases(boxes: Sandbox) -> None:
    with pytest.raises(UnsupportedError, match="no generator"):
        stress(boxes, STACK, "class Pile: ...")
    tests = "examples = [(1,)]\nhidden = []\ndef generate(rng, size): return (size,)"
    silent = small_problem("def f(x: int) -> int", "def f(x): return x", tests, reveal=Reveal.NOTHING)
    with pytest.raises(UnsupportedError, match="does not show cases"):
        stress(boxes, silent, "def f(x): return 0")
