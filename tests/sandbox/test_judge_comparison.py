"""What counts as equal, seen through verdicts: one program answers many cases, each with its own verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from small_problems import judged, small_problem

from greenroom_grader.errors import PublishError
from greenroom_grader.judge import Judge
from greenroom_problems import Verdict
from greenroom_problems.problem import Comparison, Match

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenroom_grader.report import Report
    from greenroom_grader.sandbox import Sandbox

pytestmark = pytest.mark.sandbox

TOLERANT = Comparison(match=Match.TOLERANCE, relative=1e-6, absolute=1e-9)
PRELUDE = "nan, inf = float('nan'), float('inf')\n"


def answering(texts: Sequence[str]) -> str:
    """A program that answers the i-th case with the value of the i-th text."""
    values = ",\n    ".join(f"lambda: {text}" for text in texts)
    return f"{PRELUDE}ANSWERS = [\n    {values},\n]\ndef f(i): return ANSWERS[i]()\n"


def compared(sandbox: Sandbox, pairs: Sequence[tuple[str, str]], comparison: Comparison) -> dict[tuple[str, str], bool]:
    """For each pair of an expected and an actual value, whether the judge lets it pass."""
    problem = small_problem(
        "def f(i: int) -> object",
        answering([expected for expected, _ in pairs]),
        f"examples = [(i,) for i in range({len(pairs)})]\nhidden = []",
        comparison=comparison,
    )
    report = judged(sandbox, problem, answering([actual for _, actual in pairs]))
    assert len(report.cases) == len(pairs), report
    return {pair: case.verdict is Verdict.ACCEPTED for pair, case in zip(pairs, report.cases, strict=True)}


SAME = {
    Comparison(): [
        ("1", "int('1')"),
        ("nan", "inf - inf"),
        ("[1, 'a', None, (2.5, b'x')]", "[1, 'a', None, (2.5, b'x')]"),
        ("{1, 2}", "{2, 1}"),
        ("{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}"),
        ("10**40", "10**40"),
        ("frozenset([1])", "frozenset([1])"),
    ],
    Comparison(match=Match.UNORDERED): [("[3, 1, 1]", "[1, 3, 1]"), ("[[1, 2], [3]]", "[[3], [1, 2]]")],
    Comparison(match=Match.UNORDERED_DEEP): [("[[1, 2], [3, 4]]", "[[4, 3], [2, 1]]")],
    TOLERANT: [
        ("1.0", "1.0 + 1e-8"),
        ("[1e9, {'a': 0.0}]", "[1e9 + 1, {'a': 1e-10}]"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("(1, 2.0)", "(1, 2.0)"),
    ],
    Comparison(match=Match.ANY_OF): [("[[1, 2], [2, 1]]", "[2, 1]"), ("['a', 'b']", "'a'")],
}
DIFFERENT = {
    Comparison(): [
        ("1", "True"),
        ("0", "False"),
        ("1", "1.0"),
        ("1.0", "1"),
        ("0.0", "-0.0"),
        ("0.1 + 0.2", "0.3"),
        ("nan", "None"),
        ("[1, 2]", "(1, 2)"),
        ("[1]", "[True]"),
        ("{1: 'a'}", "{True: 'a'}"),
        ("'1'", "1"),
        ("'a'", "b'a'"),
        ("{1}", "frozenset([1])"),
        ("[1, 2]", "[2, 1]"),
        ("[1]", "iter([1])"),
        ("[1, 2]", "range(1, 3)"),
        ("1", "type('Int', (int,), {'__eq__': lambda s, o: True, '__hash__': int.__hash__})(1)"),
        ("'a'", "type('Text', (str,), {})('a')"),
        ("[1]", "type('Liar', (list,), {'__eq__': lambda s, o: True})([1])"),
        ("1", "type('Always', (), {'__eq__': lambda s, o: True})()"),
    ],
    Comparison(match=Match.UNORDERED): [
        ("[1, 1, 2]", "[1, 2, 2]"),
        ("[1]", "[True]"),
        ("[[1, 2]]", "[[2, 1]]"),
        ("[1, 2]", "(2, 1)"),
    ],
    Comparison(match=Match.UNORDERED_DEEP): [("[[1, 2], [3]]", "[[1, 3], [2]]"), ("[(1, 2)]", "[(2, 1)]")],
    TOLERANT: [("1.0", "1.0001"), ("1.0", "1"), ("1", "1.0"), ("[1.0]", "[1.0, 1.0]"), ("0.0", "nan"), ("inf", "-inf")],
    Comparison(match=Match.ANY_OF): [("[[1, 2], [2, 1]]", "[[1, 2], [2, 1]]"), ("[1, 2]", "True")],
}


@pytest.mark.parametrize("comparison", SAME, ids=lambda comparison: comparison.match.value)
def test_equal_answers_pass(boxes: Sandbox, comparison: Comparison) -> None:
    assert [pair for pair, same in compared(boxes, SAME[comparison], comparison).items() if not same] == []


@pytest.mark.parametrize("comparison", DIFFERENT, ids=lambda comparison: comparison.match.value)
def test_different_answers_fail(boxes: Sandbox, comparison: Comparison) -> None:
    assert [pair for pair, same in compared(boxes, DIFFERENT[comparison], comparison).items() if same] == []


CHECKED = small_problem(
    "def split(n: int) -> list[int]",
    "def split(n): return [0, n]",
    """
    examples = [(3,)]
    hidden = [(10,)]
    def check(args, expected, actual):
        if len(actual) != 2:
            return "two parts are wanted"
        return sum(actual) == args[0] and sorted(actual)[0] >= 0
    """,
    comparison=Comparison(match=Match.CHECKER, checker="check"),
)


def with_checker(sandbox: Sandbox, source: str) -> Report:
    return judged(sandbox, CHECKED, source)


def test_a_checker_accepts_any_answer_that_is_right(boxes: Sandbox) -> None:
    assert with_checker(boxes, "def split(n): return [n // 2, n - n // 2]").verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("[n, n]", "The answer is not the expected one."),
        ("[n]", "two parts are wanted"),
        ("n", "the answer does not have the form that is asked for"),
        ("object()", "only plain values can be compared"),
    ],
)
def test_a_checker_refuses_and_its_sentence_is_shown(boxes: Sandbox, answer: str, message: str) -> None:
    report = with_checker(boxes, f"def split(n): return {answer}")
    assert report.verdict is Verdict.WRONG_ANSWER
    assert message in report.message


def test_a_checker_runs_where_the_student_has_changed_nothing(boxes: Sandbox) -> None:
    source = """
        import builtins
        builtins.len = lambda _: 2
        builtins.sum = lambda _: 3
        builtins.sorted = lambda _: [0]
        check = lambda *_: True
        def split(n): return [-1]
    """
    assert with_checker(boxes, source).verdict is Verdict.WRONG_ANSWER


def test_a_checker_that_refuses_the_reference_is_not_published(boxes: Sandbox) -> None:
    problem = small_problem(
        "def f(x: int) -> int",
        "def f(x): return x",
        "examples = [(1,)]\nhidden = []\ndef check(args, expected, actual): return 'never'",
        comparison=Comparison(match=Match.CHECKER, checker="check"),
    )
    with pytest.raises(PublishError, match="example 1: the checker refuses the reference's own answer: never"):
        Judge(boxes).publish(problem)
