"""Growth, measured through the public door.

The programs here carry a clock of their own, so that what is measured does not depend on the machine: each call adds to
``thread_time`` what it would cost. The box's real clocks and limits are untouched by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from small_problems import judged, small_problem

from greenroom_grader.errors import UnsupportedError
from greenroom_grader.judge import Judge
from greenroom_problems import Verdict
from greenroom_problems.problem import Kind

if TYPE_CHECKING:
    from greenroom_grader.sandbox import Sandbox
    from greenroom_problems.problem import Problem

pytestmark = pytest.mark.sandbox

ENTRIES = {
    Kind.FUNCTION: "def order(items: list[int]) -> list[int]",
    Kind.CLASS: "class Order:\n    def __init__(self) -> None\n    def load(self, items: list[int]) -> list[int]",
}


def ordering(cost: str, kind: Kind = Kind.FUNCTION) -> str:
    """A right solution whose call takes ``cost`` seconds for n items."""
    clock = "import math, time\nnow = 0.0\ntime.thread_time = lambda: now\n"
    body = f"global now\n        n = max(2, len(items))\n        now += {cost}\n        return sorted(items)\n"
    if kind is Kind.CLASS:
        return f"{clock}class Order:\n    def load(self, items):\n        {body}"
    return f"{clock}if True:\n    def order(items):\n        {body}"


def problem(target: str, cost: str, kind: Kind = Kind.FUNCTION) -> Problem:
    case = '[("Order",), ("load", {})]' if kind is Kind.CLASS else "({},)"
    tests = f"""
examples = [{case.format("[2, 1]")}]
hidden = [{case.format("[]")}]
def generate(rng, size):
    items = [rng.randrange(9) for _ in range(size)]
    return {case.format("items")}
"""
    return small_problem(ENTRIES[kind], ordering(cost, kind), tests, complexity=target)


FAST = "1e-6 * n * math.log2(n)"


@pytest.mark.parametrize("kind", [Kind.FUNCTION, Kind.CLASS])
def test_growth_is_named_beside_the_target_with_the_measured_points(boxes: Sandbox, kind: Kind) -> None:
    report = judged(boxes, problem("n log n", FAST, kind), ordering("1e-6 * n * n", kind), growth_seconds=60)
    growth = report.growth
    assert report.verdict is Verdict.ACCEPTED
    assert growth is not None
    assert (growth.label, growth.target, growth.message) == ("n^2", "n log n", "about n^2, target n log n")
    sizes = [point.size for point in growth.points]
    assert sizes == sorted(set(sizes))
    assert [point.cpu_ms for point in growth.points] == pytest.approx([size * size / 1000 for size in sizes], rel=1e-3)
    assert growth.points[-1].reference_ms < growth.points[-1].cpu_ms


@pytest.mark.parametrize(
    ("cost", "message"),
    [
        (FAST, "about n log n, target n log n"),
        ("1e-6 * n", "about n, target n log n"),
        ("1e-7 * n**3", "about n^3, target n log n"),
        ("1e-6 * 2 ** n", "about 2^n, target n log n"),
        ("1e-6 * 2 ** (n / 2)", "about 2^n, target n log n"),
    ],
)
def test_each_class_is_told_from_its_neighbours(boxes: Sandbox, cost: str, message: str) -> None:
    growth = judged(boxes, problem("n log n", FAST), ordering(cost), growth_seconds=60).growth
    assert growth is not None
    assert growth.message == message


def test_growth_between_two_classes_is_unclear(boxes: Sandbox) -> None:
    growth = judged(boxes, problem("n log n", FAST), ordering("1e-5 * n ** 1.5"), growth_seconds=60).growth
    assert growth is not None
    assert growth.label == "unclear"
    assert growth.message.startswith("unclear")
    assert growth.message.endswith("target n log n")
    assert growth.points


def test_growth_stays_unclear_when_there_was_no_time_to_measure(boxes: Sandbox) -> None:
    growth = judged(boxes, problem("n log n", FAST), ordering(FAST), growth_seconds=0).growth
    assert growth is not None
    assert (growth.message, growth.points) == ("unclear, target n log n", ())


def test_a_wrong_submission_is_not_measured(boxes: Sandbox) -> None:
    assert judged(boxes, problem("n log n", FAST), "def order(items): return items").growth is None


def test_a_problem_without_generator_or_target_measures_nothing(boxes: Sandbox) -> None:
    plain = small_problem(
        "def f(x: int) -> int", "def f(x): return x", "examples = [(1,)]\nhidden = []", complexity="n"
    )
    assert judged(boxes, plain, "def f(x): return x").growth is None
    judge = Judge(boxes)
    with pytest.raises(UnsupportedError, match="no generator"):
        judge.growth(judge.publish(plain), "def f(x): return x")


def test_real_clocks_give_real_points(boxes: Sandbox) -> None:
    target = small_problem(
        "def f(items: list[int]) -> int",
        "def f(items): return sum(items)",
        "examples = [([1],)]\nhidden = []\ndef generate(rng, size): return ([1] * size,)",
        complexity="n",
    )
    judge = Judge(boxes)
    source = "def f(items): return sum(1 for a in items for b in items) // max(1, len(items))"
    points = judge.growth(judge.publish(target), source).points
    assert len(points) > 5
    assert points[-1].cpu_ms > 10 * points[-1].reference_ms > 0
