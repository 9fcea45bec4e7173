"""The small problems that hostile programs are submitted to, and what of them must never be shown.

Hidden cases reveal nothing here, so that no input, answer or text of a hidden case may appear in any report.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from greenroom_problems.problem import (
    Comparison,
    Difficulty,
    Entry,
    Kind,
    Limits,
    Match,
    Parameter,
    Problem,
    Reveal,
    Signature,
)

_PEPPER = "PEPPER-4c1f7e0b-of-the-reference"
_HIDDEN_TEXTS = ("HIDDEN-amber-93", "HIDDEN-cobalt-17")
_HIDDEN_NUMBER = 741852963001
_HIDDEN_START = 604193827465
_HIDDEN_STEP = 295817364028

_LIMITS = Limits(cpu_seconds=0.5, memory_mb=96, output_kb=64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A problem and an honest solution of it."""

    problem: Problem
    #: Texts that no report may hold.
    secrets: tuple[str, ...] = ()


def _vault(text: str) -> str:
    return hashlib.sha256((_PEPPER + text).encode()).hexdigest()


#: The answer to the visible example of ``vault``, which every student may know.
PUBLIC_ANSWER = _vault("public")


def _signature(name: str, parameters: str, returns: str) -> Signature:
    pairs = (part.split(":", 1) for part in parameters.split(",") if part)
    parsed = tuple(Parameter(name=name.strip(), annotation=kind.strip()) for name, kind in pairs)
    return Signature(name=name, parameters=parsed, returns=returns)


def _problem(  # one line per part keeps the table below readable
    name: str,
    signatures: tuple[Signature, ...],
    solution: str,
    tests: str,
    *,
    kind: Kind = Kind.FUNCTION,
    comparison: Comparison | None = None,
) -> Problem:
    return Problem(
        id=f"hostile-{name}",
        title=name.title(),
        difficulty=Difficulty.EASY,
        topics=("hostile",),
        kind=kind,
        entry=Entry(name="Counter" if kind is Kind.CLASS else "f", signatures=signatures),
        comparison=comparison or Comparison(),
        limits=_LIMITS,
        complexity="",
        hints=("Which?", "How?", "Where?", "Thus."),
        source="Greenroom",
        license="Apache-2.0",
        statement=f"The problem {name}.",
        starter="",
        solution=solution,
        tests=tests,
        wrong=(),
        slow="",
        editorial="",
        interviewer="",
        reveal=Reveal.NOTHING,
        digest=hashlib.sha256((name + solution + tests).encode()).hexdigest(),
    )


_COUNTER = """
class Counter:
    def __init__(self, start: int):
        self.sum = start

    def add(self, n: int) -> None:
        self.sum += n

    def total(self) -> int:
        return self.sum
"""
_COUNTER_TESTS = f"""
examples = [[("Counter", 1), ("add", 2), ("total",)]]
hidden = [[("Counter", 5), ("total",)], [("Counter", {_HIDDEN_START}), ("add", {_HIDDEN_STEP}), ("total",)]]
"""
_CHAIN = """
def f(head):
    before = None
    while head:
        head.next, before, head = before, head, head.next
    return before
"""

TARGETS: dict[str, Target] = {
    "successor": Target(
        problem=_problem(
            "successor",
            (_signature("f", "x: int", "int"),),
            "def f(x):\n    return x + 1\n",
            f"examples = [(1,)]\nhidden = [(0,), ({_HIDDEN_NUMBER},)]\n",
        ),
        secrets=(str(_HIDDEN_NUMBER), str(_HIDDEN_NUMBER + 1)),
    ),
    "vault": Target(
        problem=_problem(
            "vault",
            (_signature("f", "x: str", "str"),),
            f"import hashlib\n\n\ndef f(x):\n    return hashlib.sha256(({_PEPPER!r} + x).encode()).hexdigest()\n",
            f"examples = [('public',)]\nhidden = [({_HIDDEN_TEXTS[0]!r},), ({_HIDDEN_TEXTS[1]!r},)]\n",
        ),
        secrets=(_PEPPER, *_HIDDEN_TEXTS, *map(_vault, _HIDDEN_TEXTS)),
    ),
    "root": Target(
        problem=_problem(
            "root",
            (_signature("f", "x: float", "float"),),
            "def f(x):\n    return x ** 0.5\n",
            "examples = [(4.0,)]\nhidden = [(2.0,), (1e300,), (0.0,)]\n",
            comparison=Comparison(match=Match.TOLERANCE),
        ),
    ),
    "order": Target(
        problem=_problem(
            "order",
            (_signature("f", "values: list[int]", "None"),),
            "def f(values):\n    values.sort()\n",
            "examples = [([2, 1],)]\nhidden = [([3, 1, 2],), ([5, 5, 4],)]\n",
            comparison=Comparison(mutated=(0,), result=False),
        ),
    ),
    "split": Target(
        problem=_problem(
            "split",
            (_signature("f", "x: int", "list[int]"),),
            "def f(x):\n    return [x - 1, 1]\n",
            "examples = [(5,)]\nhidden = [(9,), (100,)]\n\n\n"
            "def check(args, expected, actual):\n"
            "    return len(actual) == 2 and all(part > 0 for part in actual) and sum(actual) == args[0]\n",
            comparison=Comparison(match=Match.CHECKER, checker="check"),
        ),
    ),
    "refusal": Target(
        problem=_problem(
            "refusal",
            (_signature("f", "x: int", "int"),),
            "def f(x):\n    if x < 0:\n        raise ValueError('negative')\n    return x\n",
            "examples = [(-1,)]\nhidden = [(-2,), (3,)]\n",
        ),
    ),
    "chain": Target(
        problem=_problem(
            "chain",
            (_signature("f", "head: ListNode | None", "ListNode | None"),),
            _CHAIN,
            "examples = [([1, 2],)]\nhidden = [([1, 2, 3],), ([],)]\n",
        ),
    ),
    "lines": Target(
        problem=_problem(
            "lines",
            (_signature("f", "x: int", "str"),),
            "def f(x):\n    return '\\n'.join(f'line {i % 5}' for i in range(3000))\n",
            "examples = [(1,)]\nhidden = [(2,)]\n",
        ),
    ),
    "bags": Target(
        problem=_problem(
            "bags",
            (_signature("f", "x: int", "list[list[object]]"),),
            "def f(x):\n    return [[i, [0] * 50 + [i]] for i in range(2000)]\n",
            "examples = [(1,)]\nhidden = [(2,)]\n",
            comparison=Comparison(match=Match.UNORDERED_DEEP),
        ),
    ),
    "counter": Target(
        problem=_problem(
            "counter",
            (
                _signature("__init__", "start: int", "None"),
                _signature("add", "n: int", "None"),
                _signature("total", "", "int"),
            ),
            _COUNTER,
            _COUNTER_TESTS,
            kind=Kind.CLASS,
        ),
        secrets=(str(_HIDDEN_START), str(_HIDDEN_STEP), str(_HIDDEN_START + _HIDDEN_STEP)),
    ),
}
