"""Every form of call: what goes into the box, what is expected of it, and how a failure is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from small_problems import judged, small_problem

from greenroom_problems import Verdict
from greenroom_problems.problem import Comparison

if TYPE_CHECKING:
    from greenroom_grader.sandbox import Sandbox
    from greenroom_problems.problem import Problem

pytestmark = pytest.mark.sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A problem of one form, another right solution, and a wrong one with what its student is shown."""

    entry: str
    solution: str
    tests: str
    right: str
    wrong: str
    call: str
    expected: str
    actual: str
    more: dict[str, Any] = field(default_factory=dict)

    def problem(self) -> Problem:
        return small_problem(self.entry, self.solution, self.tests, **self.more)


FORMS = {
    "a function with a default": Form(
        entry="def power(x: int, k: int = 2) -> int",
        solution="def power(x, k=2): return x**k",
        tests="examples = [(3,), (2, 3)]\nhidden = []",
        right="def power(x, k=2):\n    result = 1\n    for _ in range(k): result *= x\n    return result",
        wrong="def power(x, k=2): return x * x",
        call="power(2, 3)",
        expected="8",
        actual="4",
    ),
    "a class": Form(
        entry="class RunningTotal:\n    def __init__(self, start: int) -> None\n    def add(self, k: int) -> int",
        solution="""
            class RunningTotal:
                def __init__(self, start): self.n = start
                def add(self, k):
                    self.n += k
                    return self.n
        """,
        tests='examples = [[("RunningTotal", 5), ("add", 1), ("add", 2), ("add", 9)]]\nhidden = []',
        right="""
            class RunningTotal:
                def __init__(self, start): self.items = [start]
                def add(self, k):
                    self.items.append(k)
                    return sum(self.items)
        """,
        wrong="""
            class RunningTotal:
                def __init__(self, start): self.start = start
                def add(self, k): return self.start + k
        """,
        call="running_total = RunningTotal(5)\nrunning_total.add(1)\nrunning_total.add(2)",
        expected="8",
        actual="7",
    ),
    "linked lists": Form(
        entry="def turn(head: ListNode | None) -> ListNode | None",
        solution="""
            def turn(head):
                done = None
                while head:
                    head.next, done, head = done, head, head.next
                return done
        """,
        tests="examples = [([],), ([1, 2, 3],)]\nhidden = []",
        right="""
            def turn(head):
                values = []
                while head:
                    values.append(head.val)
                    head = head.next
                done = None
                for value in values:
                    done = ListNode(value, done)
                return done
        """,
        wrong="def turn(head): return head",
        call="turn([1, 2, 3])",
        expected="[3, 2, 1]",
        actual="[1, 2, 3]",
    ),
    "trees": Form(
        entry="def mirror(root: TreeNode | None) -> TreeNode | None",
        solution="""
            def mirror(root):
                if root:
                    root.left, root.right = mirror(root.right), mirror(root.left)
                return root
        """,
        tests="examples = [([],), ([1, 2, 3, None, 4],)]\nhidden = []",
        right="def mirror(root):\n    return root and TreeNode(root.val, mirror(root.right), mirror(root.left))",
        wrong="def mirror(root): return root and TreeNode(root.val, root.right, root.left)",
        call="mirror([1, 2, 3, None, 4])",
        expected="[1, 3, 2, None, None, 4]",
        actual="[1, 3, 2, None, None, None, 4]",
    ),
    "several chains": Form(
        entry="def lengths(chains: list[ListNode]) -> list[int]",
        solution="""
            def lengths(chains):
                def length(node): return 0 if node is None else 1 + length(node.next)
                return [length(chain) for chain in chains]
        """,
        tests="examples = [([[1, 2], [3]],)]\nhidden = []",
        right="""
            def lengths(chains):
                found = []
                for node in chains:
                    found.append(0)
                    while node:
                        found[-1] += 1
                        node = node.next
                return found
        """,
        wrong="def lengths(chains): return [1 for _ in chains]",
        call="lengths([[1, 2], [3]])",
        expected="[2, 1]",
        actual="[1, 1]",
    ),
    "a generator": Form(
        entry="def evens(n: int) -> Iterator[int]",
        solution="def evens(n): yield from range(0, n, 2)",
        tests="examples = [(5,)]\nhidden = []",
        right="def evens(n):\n    for i in range(n):\n        if i % 2 == 0: yield i",
        wrong="def evens(n): yield from range(n)",
        call="evens(5)",
        expected="[0, 2, 4]",
        actual="[0, 1, 2, 3, 4]",
    ),
    "an async function": Form(
        entry="async def later(x: int) -> int",
        solution="import asyncio\nasync def later(x):\n    await asyncio.sleep(0)\n    return x + 1",
        tests="examples = [(1,)]\nhidden = []",
        right="async def later(x): return x + 1",
        wrong="async def later(x): return x",
        call="asyncio.run(later(1))",
        expected="2",
        actual="1",
    ),
    "an expected exception": Form(
        entry="def root(x: int) -> int",
        solution="def root(x):\n    if x < 0: raise ValueError('negative')\n    return int(x**0.5)",
        tests="examples = [(9,), (-1,)]\nhidden = []",
        right="def root(x):\n    if x >= 0: return int(x**0.5)\n    raise ValueError",
        wrong="def root(x): return int(abs(x)**0.5)",
        call="root(-1)",
        expected="raises ValueError",
        actual="1",
    ),
    "another exception than expected": Form(
        entry="def first(items: list[int]) -> int",
        solution="def first(items):\n    if not items: raise ValueError('empty')\n    return items[0]",
        tests="examples = [([],)]\nhidden = []",
        right="def first(items):\n    try: return items[0]\n    except IndexError: raise ValueError from None",
        wrong="def first(items): return items[0]",
        call="first([])",
        expected="raises ValueError",
        actual="raises IndexError: list index out of range",
    ),
    "in place": Form(
        entry="def tidy(items: list[int]) -> None",
        solution="def tidy(items): items.sort()",
        tests="examples = [([3, 1, 2],)]\nhidden = []",
        right="def tidy(items):\n    items[:] = sorted(items)\n    return 'ignored'",
        wrong="def tidy(items): items = sorted(items)",
        call="tidy([3, 1, 2])",
        expected="items = [1, 2, 3]",
        actual="items = [3, 1, 2]",
        more={"comparison": Comparison(mutated=(0,), result=False)},
    ),
    "in place with a result": Form(
        entry="def drop(items: list[int], x: int) -> int",
        solution="def drop(items, x):\n    items[:] = [i for i in items if i != x]\n    return len(items)",
        tests="examples = [([1, 2, 1], 1)]\nhidden = []",
        right="def drop(items, x):\n    while x in items: items.remove(x)\n    return len(items)",
        wrong="def drop(items, x): return sum(i != x for i in items)",
        call="drop([1, 2, 1], 1)",
        expected="returns 1; items = [2]",
        actual="returns 1; items = [1, 2, 1]",
        more={"comparison": Comparison(mutated=(0,))},
    ),
    "several entry points": Form(
        entry="def pack(text: str) -> list[str]\ndef unpack(parts: list[str]) -> str",
        solution="def pack(text): return text.split(',')\ndef unpack(parts): return ','.join(parts)",
        tests='examples = [("a,b",), case(["a", "b"], entry="unpack")]\nhidden = []',
        right="pack = lambda text: text.split(',')\nunpack = lambda parts: ','.join(parts)",
        wrong="def pack(text): return text.split(',')\ndef unpack(parts): return ''.join(parts)",
        call="unpack(['a', 'b'])",
        expected="'a,b'",
        actual="'ab'",
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_another_right_solution_is_accepted(boxes: Sandbox, name: str) -> None:
    form = FORMS[name]
    report = judged(boxes, form.problem(), form.right)
    assert report.verdict is Verdict.ACCEPTED, report.message


@pytest.mark.parametrize("name", FORMS)
def test_a_wrong_solution_fails_and_is_shown_call_expected_and_actual(boxes: Sandbox, name: str) -> None:
    form = FORMS[name]
    report = judged(boxes, form.problem(), form.wrong)
    assert report.verdict is Verdict.WRONG_ANSWER, report.message
    assert report.failing is not None
    shown = (report.failing.call, report.failing.expected, report.failing.actual)
    assert shown == (form.call, form.expected, form.actual)


def test_arguments_that_a_student_changes_do_not_change_what_is_expected(boxes: Sandbox) -> None:
    problem = small_problem(
        "def total(items: list[int]) -> int",
        "def total(items): return sum(items)",
        "examples = [([1, 2],)] * 3\nhidden = []",
    )
    source = "def total(items):\n    result = sum(items)\n    items.append(99)\n    return result"
    assert judged(boxes, problem, source).verdict is Verdict.ACCEPTED
