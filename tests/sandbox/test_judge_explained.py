"""A failed submission shows its smallest failing case, and no more than its author allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from small_problems import judged, small_problem

from greenroom_problems import Verdict
from greenroom_problems.problem import Limits, Reveal

if TYPE_CHECKING:
    from greenroom_grader.report import CaseReport
    from greenroom_grader.sandbox import Sandbox
    from greenroom_problems.problem import Problem

pytestmark = pytest.mark.sandbox

LONG = [*range(3, 40), -17, *range(50, 60)]
ABSOLUTE = "def total(numbers):\n    print('adding', len(numbers))\n    return sum(map(abs, numbers))"


def total(valid: str = "", reveal: Reveal = Reveal.ALL, **more: Any) -> Problem:
    rule = f"def valid(numbers): return {valid}" if valid else ""
    return small_problem(
        "def total(numbers: list[int]) -> int",
        "def total(numbers): return sum(numbers)",
        f"examples = [([1, 2],)]\nhidden = [({LONG},)]\n{rule}",
        reveal=reveal,
        **more,
    )


def failing(sandbox: Sandbox, problem: Problem, source: str, **options: Any) -> CaseReport:
    case = judged(sandbox, problem, source, **options).failing
    assert case is not None
    return case


@pytest.mark.parametrize(
    ("valid", "call", "expected", "actual"),
    [
        ("len(numbers) < 100", "total([-1])", "-1", "1"),
        ("len(numbers) >= 3", "total([0, -1, 0])", "-1", "1"),
        ("any(n > 4 for n in numbers)", "total([-1, 5])", "4", "6"),
    ],
)
def test_a_hidden_case_is_made_as_small_as_the_problem_allows(
    boxes: Sandbox, valid: str, call: str, expected: str, actual: str
) -> None:
    case = failing(boxes, total(valid), ABSOLUTE, shrink_seconds=30)
    assert (case.call, case.expected, case.actual) == (call, expected, actual)
    assert case.name == "hidden case 1, made smaller"
    assert case.stdout == f"adding {call.count(',') + 1}\n"


def test_without_time_the_case_is_shown_as_it_is(boxes: Sandbox) -> None:
    case = failing(boxes, total("True"), ABSOLUTE, shrink_seconds=0)
    assert case.name == "hidden case 1"
    assert case.call == f"total({LONG})"


def test_without_an_input_check_nothing_is_made_smaller(boxes: Sandbox) -> None:
    assert failing(boxes, total(), ABSOLUTE).call == f"total({LONG})"


def test_a_visible_case_is_shown_as_the_statement_has_it(boxes: Sandbox) -> None:
    case = failing(boxes, total("True"), "def total(numbers): return 0")
    assert (case.name, case.call, case.expected, case.actual) == ("example 1", "total([1, 2])", "3", "0")


def test_an_author_may_show_inputs_without_answers(boxes: Sandbox) -> None:
    case = failing(boxes, total("True", Reveal.INPUT), ABSOLUTE, shrink_seconds=30)
    assert (case.call, case.expected, case.actual, case.diff) == ("total([-1])", None, "1", None)
    assert case.message == "The answer is not the expected one."


def test_an_author_may_show_nothing_at_all(boxes: Sandbox) -> None:
    report = judged(boxes, total("True", Reveal.NOTHING), ABSOLUTE)
    case = report.failing
    assert case is not None
    assert (case.call, case.expected, case.actual, case.stdout) == (None, None, None, "")
    assert case.message == "A hidden case fails: the answer is wrong."
    assert "17" not in report.message


def test_only_the_first_failing_hidden_case_is_shown(boxes: Sandbox) -> None:
    problem = small_problem(
        "def f(x: int) -> int", "def f(x): return x", "examples = [(1,)]\nhidden = [(222,), (333,), (444,)]"
    )
    report = judged(boxes, problem, "def f(x): return 1")
    assert [case.call for case in report.cases] == ["f(1)", "f(222)", None, None]
    assert [case.actual for case in report.cases] == ["1", "1", None, None]


def test_the_smaller_case_fails_in_the_same_way(boxes: Sandbox) -> None:
    source = """
        def total(numbers):
            if len(numbers) > 5: return numbers[99]
            if len(numbers) == 1: raise ValueError
            return sum(numbers)
    """
    case = failing(boxes, total("True"), source, shrink_seconds=30)
    assert case.call == "total([0, 0, 0, 0, 0, 0])"
    assert case.actual == "raises IndexError: list index out of range"
    assert case.traceback.endswith("IndexError: list index out of range")


def test_a_loop_that_does_not_end_is_shown_on_its_smallest_input(boxes: Sandbox) -> None:
    source = "def total(numbers):\n    while -17 in numbers or -1 in numbers: pass\n    return sum(numbers)"
    limits = Limits(cpu_seconds=0.1, memory_mb=96)
    problem = small_problem(
        "def total(numbers: list[int]) -> int",
        "def total(numbers): return sum(numbers)",
        "examples = [([1, 2],)]\nhidden = [([5, -17, 3],)]\ndef valid(numbers): return True",
        limits=limits,
    )
    case = failing(boxes, problem, source, shrink_seconds=60)
    assert case.verdict is Verdict.TIME_LIMIT
    assert case.call in {"total([-1])", "total([-17])"}


def test_a_sequence_of_calls_loses_the_calls_that_do_not_matter(boxes: Sandbox) -> None:
    calls = '[("Bag",)] + [("put", n) for n in range(20)] + [("size",), ("put", 3), ("size",)]'
    problem = small_problem(
        "class Bag:\n    def __init__(self) -> None\n    def put(self, x: int) -> None\n    def size(self) -> int",
        """
        class Bag:
            def __init__(self): self.items = []
            def put(self, x): self.items.append(x)
            def size(self): return len(self.items)
        """,
        f"examples = []\nhidden = [{calls}]\ndef valid(*calls): return True",
    )
    source = """
        class Bag:
            def __init__(self): self.items = set()
            def put(self, x): self.items.add(x)
            def size(self): return len(self.items)
    """
    case = failing(boxes, problem, source, shrink_seconds=60)
    assert case.call == "bag = Bag()\nbag.put(0)\nbag.put(0)\nbag.size()"
    assert (case.expected, case.actual) == ("2", "1")


def test_state_kept_between_calls_is_named_as_the_likely_cause(boxes: Sandbox) -> None:
    source = "seen = []\ndef total(numbers):\n    seen.extend(numbers)\n    return sum(seen)"
    case = failing(boxes, total("True"), source)
    assert "Run alone, this case passes" in case.message


@pytest.mark.parametrize(
    ("kind", "right", "wrong", "diff"),
    [
        ("str", "'the cat sat'", "'the bat sat'", "- the cat sat\n+ the bat sat\n      ^"),
        ("list[int]", "[1, 2, 3, 4]", "[1, 2, 9, 4]", "  1\n  2\n- 3\n+ 9\n  4"),
        ("list[list[int]]", "[[1, 2], [3, 4]]", "[[1, 2], [3, 5]]", "  [1, 2]\n- [3, 4]\n+ [3, 5]\n      ^"),
    ],
)
def test_texts_lists_and_grids_come_with_a_diff(boxes: Sandbox, kind: str, right: str, wrong: str, diff: str) -> None:
    problem = small_problem(f"def f(x: int) -> {kind}", f"def f(x): return {right}", "examples = [(1,)]\nhidden = []")
    assert failing(boxes, problem, f"def f(x): return {wrong}").diff == diff
