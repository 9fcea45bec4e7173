"""Publishing: what becomes of a problem, what is refused, and that a stored package judges as the fresh one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from small_problems import small_problem

from greenroom_grader.errors import PublishError
from greenroom_grader.judge import Judge
from greenroom_grader.package import Package, PackageStore
from greenroom_problems import Verdict
from greenroom_problems.problem import Comparison, Match

if TYPE_CHECKING:
    from pathlib import Path

    from greenroom_grader.sandbox import Sandbox

pytestmark = pytest.mark.sandbox

ENTRY = "def f(x: int) -> object"
IDENTITY = "def f(x): return x"
CASES = "examples = [(1,)]\nhidden = [(2,)]"


@pytest.mark.parametrize(
    ("solution", "tests", "message"),
    [
        (IDENTITY, "hidden = []", "cell tests: it must define examples, a list of cases"),
        (IDENTITY, "examples = []\nhidden = []", "write at least one case"),
        (IDENTITY, "examples = [1]\nhidden = []", r"examples\[0\]: a case is the tuple of its arguments"),
        (IDENTITY, "examples = [(1, 2)]\nhidden = []", r"examples\[0\]: f takes 1 arguments, here it gets 2"),
        (IDENTITY, "examples = [(1,)]\nhidden = [(object(),)]", r"hidden\[0\]: an argument is not plain data"),
        (IDENTITY, "examples = [case(1, entry='g')]\nhidden = []", "the entry has no 'g'; it has f"),
        (IDENTITY, "examples = [case(1, reveal='some')]\nhidden = []", "reveal='some' is none of all, input, nothing"),
        (IDENTITY, "examples = [(1,)]\n1 / 0", r"the tests cell does not run: ZeroDivisionError: .*\(line 2\)"),
        ("def f(x) return x", CASES, r"cell solution: it does not run: SyntaxError: .*\(line 1\)"),
        ("def g(x): return x", CASES, "name 'f' is not defined; define what the entry names"),
        ("def f(x): return object()", CASES, "which is not plain data"),
        ("import os\ndef f(x): os._exit(0)", CASES, "the reference does not answer: its process ended"),
        ("import random\ndef f(x): return random.random()", CASES, "answers differently when run twice"),
        ("seen = []\ndef f(x):\n    seen.append(x)\n    return len(seen)", CASES, "answers differently when run twice"),
    ],
)
def test_a_problem_that_cannot_be_judged_is_refused_in_a_line(
    boxes: Sandbox, solution: str, tests: str, message: str
) -> None:
    with pytest.raises(PublishError, match=f"^small: .*{message}") as caught:
        Judge(boxes).publish(small_problem(ENTRY, solution, tests))
    assert "\n" not in str(caught.value)


def test_a_checker_must_be_there(boxes: Sandbox) -> None:
    comparison = Comparison(match=Match.CHECKER, checker="right")
    with pytest.raises(PublishError, match=r"it must define the checker right\(args, expected, actual\)"):
        Judge(boxes).publish(small_problem(ENTRY, IDENTITY, CASES, comparison=comparison))


@pytest.mark.parametrize(
    ("entry", "solution", "tests", "more"),
    [
        (ENTRY, IDENTITY, "examples = [(1.5,), ((1, 'a', None),)]\nhidden = [({1: {2, 3}},), (float('nan'),)]", {}),
        (ENTRY, "def f(x): raise ValueError(x)", CASES, {}),
        ("def f(x: list[int]) -> None", "def f(x): x.sort()", "examples = [([2, 1],)]\nhidden = []", {"mutated": (0,)}),
        ("def f(head: ListNode) -> ListNode", "def f(h): return h", "examples = [([1, 2],)]\nhidden = [([],)]", {}),
        (
            "class C:\n    def __init__(self) -> None\n    def m(self, x: int) -> int",
            "class C:\n    def m(self, x): return x",
            'examples = [[("C",), ("m", 3)]]\nhidden = []',
            {},
        ),
    ],
)
def test_a_stored_package_is_the_one_that_was_published(
    boxes: Sandbox, tmp_path: Path, entry: str, solution: str, tests: str, more: dict[str, Any]
) -> None:
    judge = Judge(boxes)
    package = judge.publish(small_problem(entry, solution, tests, comparison=Comparison(**more)))
    store = PackageStore(tmp_path / "packages")
    store.put(package)
    stored = store.get(package.digest)
    assert stored is not None
    assert stored.to_json() == package.to_json() == Package.from_json(package.to_json()).to_json()
    assert judge.judge(stored, solution).verdict is Verdict.ACCEPTED
