"""Grading whole assignments in boxes: what split mode carries, what falls back, and what odd submissions become."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from greenroom_grader.assignments import (
    AssignmentReport,
    CellReport,
    CellState,
    FindingKind,
    NotebookLimits,
    Protection,
    grade_assignment,
    grade_submission,
    prepare,
)
from greenroom_grader.errors import AssignmentError
from greenroom_grader.sandbox import SandboxConfig, open_sandbox
from greenroom_problems.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenroom_grader.assignments import Prepared
    from greenroom_grader.sandbox import Sandbox

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(SandboxConfig(pool={"cells": 2})) as opened:
        yield opened


def cell(text: str, cell_type: str = "code", **nbgrader_metadata: object) -> dict[str, Any]:
    flags = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    meta = {"nbgrader": flags | nbgrader_metadata} if nbgrader_metadata else {}
    return {"cell_type": cell_type, "metadata": meta, "source": text}


def answer(text: str, grade_id: str = "answer") -> dict[str, Any]:
    return cell(text, solution=True, grade_id=grade_id)


def graded(text: str, grade_id: str = "test", points: float = 1) -> dict[str, Any]:
    return cell(text, grade=True, locked=True, points=points, grade_id=grade_id)


def write(path: Path, *cells: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": list(cells)}))
    return path


class Bench:
    """Grades one submission of one assignment, both given as cells."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        (folder / "source").mkdir()

    def prepare(self, *cells: dict[str, Any], limits: NotebookLimits | None = None) -> Prepared:
        return prepare(self.sandbox, write(self.folder / "source" / "hw.ipynb", *cells), limits=limits)

    def grade(self, prepared: Prepared, *cells: dict[str, Any]) -> AssignmentReport:
        return grade_submission(self.sandbox, prepared, write(self.folder / "hw.ipynb", *cells))

    def honest(self, *cells: dict[str, Any]) -> AssignmentReport:
        """The instructor's own notebook, handed in."""
        return self.grade(self.prepare(*cells), *cells)


@pytest.fixture
def bench(sandbox: Sandbox, tmp_path: Path) -> Bench:
    return Bench(sandbox, tmp_path)


def only(report: AssignmentReport) -> CellReport:
    (found,) = report.cells
    return found


# ---------------------------------------------------------------- what split mode carries

CARRIED = {
    "calls": ("def f(x):\n    return x + 1", "assert f(1) == 2 and f(x=2) == 3"),
    "data": ("a = [1, {'b': (2.5, None)}]", "assert a == [1, {'b': (2.5, None)}] and type(a[1]['b']) is tuple"),
    "arguments changed in place": ("def f(xs):\n    xs.sort()", "a = [2, 1]\nassert f(a) is None\nassert a == [1, 2]"),
    "exceptions": (
        "def f(x):\n    raise ValueError('no')",
        "try:\n    f(1)\nexcept ValueError as e:\n    assert str(e) == 'no'\nelse:\n    raise AssertionError",
    ),
    "generators": ("def f(n):\n    yield from range(n)", "assert list(f(3)) == [0, 1, 2]"),
    "a global of the student's": ("count = 0\ndef f():\n    global count\n    count += 1", "f(); f()\nassert True"),
    "imports of the solution": ("import math\ndef f(x): return math.sqrt(x)", "assert f(2) == math.sqrt(2)"),
    "unittest": (
        "def f(x):\n    return x",
        """
import io, unittest
class T(unittest.TestCase):
    def test_it(self):
        self.assertEqual(f(3), 3)
suite = unittest.defaultTestLoader.loadTestsFromTestCase(T)
assert unittest.TextTestRunner(stream=io.StringIO()).run(suite).wasSuccessful()
""",
    ),
    "numpy": (
        "import numpy as np\ndef f(n):\n    return np.arange(n)",
        "import numpy as np\nnp.testing.assert_array_equal(f(3), np.array([0, 1, 2]))\nassert f(2).dtype == int",
    ),
    "pandas": (
        "import pandas as pd\ndf = pd.DataFrame({'a': [1, 2]})\ndef f(d):\n    return d['a'].sum()",
        "assert f(df) == 3 and list(df.columns) == ['a']",
    ),
    "classes": (
        """
class Stack:
    def __init__(self):
        self.items = []
    def push(self, x):
        self.items.append(x)
    def pop(self):
        return self.items.pop()
    def __len__(self):
        return len(self.items)
""",
        """
s = Stack()
s.push(1); s.push(2)
assert len(s) == 2 and s.pop() == 2 and s.items == [1]
assert isinstance(s, Stack)
t = Stack()
assert len(t) == 0
try:
    t.pop()
except IndexError:
    pass
else:
    raise AssertionError
""",
    ),
    "instances from methods": (
        """
class V:
    def __init__(self, x):
        self.x = x
    def __add__(self, other):
        return V(self.x + other.x)
    def __eq__(self, other):
        return self.x == other.x
    @classmethod
    def zero(cls):
        return cls(0)
""",
        """
assert V(1) + V(2) == V(3)
assert not V(1) == V(2)
assert (V(1) + V(2)).x == 3
assert V.zero().x == 0
""",
    ),
    "the class that online judges use": (
        "class Solution:\n    def two(self, xs):\n        return [x for x in xs if x % 2]",
        "assert Solution().two([1, 2, 3]) == [1, 3]",
    ),
    "magics": ("def f():\n    return 1", "%time f()\nassert f() == 1"),
}


@pytest.mark.parametrize(("solution", "tests"), CARRIED.values(), ids=CARRIED)
def test_a_clean_box_carries(bench: Bench, solution: str, tests: str) -> None:
    report = bench.honest(answer(solution), graded(tests))
    assert (only(report).protection, only(report).state) == (Protection.SPLIT, CellState.PASSED), only(report).message
    wrong = bench.grade(
        bench.prepare(answer(solution), graded(tests)), answer("raise NotImplementedError()"), graded(tests)
    )
    if "assert True" not in tests:
        assert only(wrong).score == 0


# ---------------------------------------------------------------- what falls back

FALLS_BACK = {
    "a function is deleted": (
        "def f():\n    return 1\ndef g():\n    return f()",
        """
old = f
del f
try:
    g()
except NameError:
    pass
else:
    raise AssertionError
finally:
    f = old
""",
    ),
    "a global is set": ("limit = 1\ndef f():\n    return limit", "limit = 5\nassert f() == 5"),
    "input is replaced": ("def f():\n    return input()", "input = lambda *_: 'typed'\nassert f() == 'typed'"),
    "a function is passed": ("def f(g, x):\n    return g(x)", "assert f(lambda x: x + 1, 2) == 3"),
    "an exception class crosses": (
        "class Oops(Exception):\n    pass\ndef f():\n    raise Oops",
        "try:\n    f()\nexcept Oops:\n    pass\nelse:\n    raise AssertionError",
    ),
    "printing is captured": (
        "def f():\n    print('hello')",
        """
import io, contextlib
with contextlib.redirect_stdout(io.StringIO()) as out:
    f()
assert out.getvalue() == 'hello\\n'
""",
    ),
    "the code is inspected": ("def f(x):\n    '''Says it.'''\n    return x", "assert f.__doc__ == 'Says it.'"),
    "a factory makes instances": (
        "class P:\n    x = 1\ndef make():\n    return P()",
        "assert make().x == 1 and isinstance(make(), P)",
    ),
}


@pytest.mark.parametrize(("solution", "tests"), FALLS_BACK.values(), ids=FALLS_BACK)
def test_what_it_cannot_carry_runs_unprotected_and_says_why(bench: Bench, solution: str, tests: str) -> None:
    report = bench.honest(answer(solution), graded(tests))
    assert (only(report).protection, only(report).state) == (Protection.UNPROTECTED, CellState.PASSED)
    assert len(only(report).reason) > 20
    assert report.to_dict()["unprotected"] == ["test"]


def test_only_the_cell_that_needs_it_is_unprotected(bench: Bench) -> None:
    cells = (
        answer("def f():\n    return 1\ndef g():\n    return f()"),
        graded("def raises(call):\n    try:\n        call()\n    except NameError:\n        return True", "helper"),
        graded("old = f\ndel f\nassert raises(g)\nf = old", "deletes"),
        graded("assert f() == g() == 1", "last"),
    )
    report = bench.honest(*cells)
    assert [one.state for one in report.cells] == [CellState.PASSED] * 3
    assert [one.protection.value for one in report.cells] == ["split", "unprotected", "split"]


def test_without_a_solution_the_text_of_the_test_decides(bench: Bench) -> None:
    prepared = bench.prepare(
        answer("raise NotImplementedError()"), graded("old = f\ndel f\nf = old"), graded("assert f()", "b")
    )
    assert list(prepared.plan.unprotected) == [1]
    assert "rebinds or deletes f" in prepared.plan.unprotected[1]


def test_hidden_tests_reach_the_students_box_only_for_unprotected_cells(bench: Bench) -> None:
    secret = "\n### BEGIN HIDDEN TESTS\nassert f('sesame') == 6\n### END HIDDEN TESTS"
    tests = graded("word = 'a'\nassert f(word) == 1" + secret), graded("assert seen == ['a', False, False]", "spied")
    source = (answer("def f(x):\n    return len(x)"), tests[0], answer("seen = ['a', False, False]", "spy"), tests[1])
    # `word` is read by a later cell of the student's, so the released part of the test runs in their box as well.
    spy = "seen = [word, ('ses' + 'ame') in str(globals()), any(('ses' + 'ame') in text for text in In)]"
    report = bench.grade(bench.prepare(*source), source[0], tests[0], answer(spy, "spy"), tests[1])
    assert [(one.score, one.protection) for one in report.cells] == [(1, Protection.SPLIT)] * 2


# ---------------------------------------------------------------- scoring in boxes


def test_partial_credit_comes_from_the_displayed_number(bench: Bench) -> None:
    source = (
        answer("def f(x):\n    return x * x"),
        graded("score = sum(f(n) == n * n for n in range(4)) / 2\nscore", points=2),
    )
    prepared = bench.prepare(*source)
    assert only(bench.grade(prepared, *source)).score == 2
    partly = only(bench.grade(prepared, answer("def f(x):\n    return x"), source[1]))
    assert (partly.score, partly.state) == (1.0, CellState.PARTIAL)


def test_standard_error_of_the_student_counts_as_in_nbgrader(bench: Bench) -> None:
    source = (answer("def f():\n    return 1"), graded("assert f() == 1"))
    noisy = "import sys\ndef f():\n    print('oh', file=sys.stderr)\n    return 1"
    assert only(bench.grade(bench.prepare(*source), answer(noisy), source[1])).score == 0


def test_what_was_printed_and_raised_is_in_the_report(bench: Bench) -> None:
    source = (answer("def f():\n    return 1"), graded("assert f() == 1, 'f is wrong'"))
    report = bench.grade(bench.prepare(*source), answer("def f():\n    print('look here')\n    return 2"), source[1])
    assert "look here" in only(report).stdout
    assert only(report).message == "AssertionError: f is wrong"
    assert report.verdict is Verdict.WRONG_ANSWER
    json.dumps(report.to_dict())


def test_manual_answers_and_tasks_wait_for_a_person(bench: Bench) -> None:
    source = (
        cell("because", "markdown", grade=True, solution=True, points=3, grade_id="why"),
        cell("Plot it.", "markdown", task=True, locked=True, points=4, grade_id="task"),
    )
    report = bench.honest(*source)
    assert [(one.state, one.score) for one in report.cells] == [(CellState.NEEDS_GRADING, None)] * 2
    assert report.needs_grading
    assert (report.score, report.max_score) == (0, 7)


# ---------------------------------------------------------------- programs that end their box

LIMITS = NotebookLimits(cpu_seconds=1.0, wall_seconds=5.0, memory_mb=128)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("def f():\n    while True: pass", "time limit"),
        ("def f():\n    return bytearray(10**9)", ""),
        ("import os\ndef f():\n    os._exit(0)", "ended before it answered"),
        ("def f():\n    print('x' * 10**8)", ""),
    ],
)
def test_a_test_that_ends_the_box_fails_and_the_next_one_counts(bench: Bench, program: str, said: str) -> None:
    source = (
        answer("def f():\n    return 1"),
        graded("assert f() == 1", "first"),
        answer("def g():\n    return 2", "other"),
        graded("assert g() == 2", "second"),
        graded("assert f() == 1 or g() == 2", "third"),
    )
    prepared = bench.prepare(*source, limits=LIMITS)
    report = bench.grade(prepared, answer(program), *source[1:])
    assert [one.score for one in report.cells] == [0, 1, 0]
    assert said in report.cells[0].message


def test_a_student_cell_that_ends_the_box_is_left_out_and_said(bench: Bench) -> None:
    source = (answer("def f():\n    return 1"), graded("assert f() == 1"))
    report = bench.grade(bench.prepare(*source, limits=LIMITS), *source[:1], cell("while True: pass"), source[1])
    assert only(report).score == 1
    (finding,) = report.findings
    assert finding.kind is FindingKind.STOPPED
    assert "Cell 2" in finding.message


def test_a_test_that_catches_everything_gives_no_points_for_a_time_limit(bench: Bench) -> None:
    tests = "try:\n    f(0)\nexcept Exception:\n    pass\nelse:\n    raise AssertionError"
    source = (answer("def f(x):\n    raise ValueError"), graded(tests))
    report = bench.grade(bench.prepare(*source, limits=LIMITS), answer("def f(x):\n    while True: pass"), source[1])
    assert only(report).score == 0


def test_many_short_calls_share_one_limit(bench: Bench) -> None:
    source = (answer("def f(x):\n    return 1"), graded("for n in range(1000):\n    assert f(n) == 1"))
    slow = """
import time
def f(x):
    end = time.process_time() + 0.3
    while time.process_time() < end: pass
    return 1
"""
    report = bench.grade(bench.prepare(*source, limits=LIMITS), answer(slow), source[1])
    assert only(report).score == 0
    assert "time limit" in only(report).message


# ---------------------------------------------------------------- batches and files


def test_nothing_that_is_handed_in_stops_a_batch(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    source = (answer("def f():\n    return 1"), graded("assert f() == 1"))
    path = write(tmp_path / "source" / "hw.ipynb", *source)
    good = write(tmp_path / "good.ipynb", *source)
    broken = tmp_path / "broken.ipynb"
    broken.write_text("{")
    future = tmp_path / "future.ipynb"
    future.write_text('{"nbformat": 9, "cells": []}')
    reports = list(grade_assignment(sandbox, path, [broken, good, tmp_path / "missing.ipynb", future, good], jobs=2))
    assert [Path(one.file).name for one in reports] == [
        "broken.ipynb",
        "good.ipynb",
        "missing.ipynb",
        "future.ipynb",
        "good.ipynb",
    ]
    assert [one.score for one in reports] == [0, 1, 0, 0, 1]
    for report in (reports[0], reports[2], reports[3]):
        assert [finding.kind for finding in report.findings] == [FindingKind.UNREADABLE]
        assert only(report).state is CellState.NOT_GRADED
        assert only(report).score is None


def test_retyped_notebooks_that_stop_nbgrader_are_graded(bench: Bench) -> None:
    import nbgrader

    folder = Path(nbgrader.__file__).parent / "tests" / "preprocessors" / "files"
    prepared = prepare(bench.sandbox, folder / "submitted-unchanged.ipynb")
    for name in ("submitted-answer-cell-type-changed", "submitted-grade-cell-type-changed"):
        report = grade_submission(bench.sandbox, prepared, folder / f"{name}.ipynb")
        assert {one.grade_id: one.score for one in report.cells} == {"foo": 1.0, "bar": 0.0, "baz": 0.0, "quux": 0.0}
        assert [finding.kind for finding in report.findings] == [FindingKind.RETYPED]


def test_files_beside_the_source_are_in_both_boxes(bench: Bench) -> None:
    (bench.folder / "source" / "data").mkdir()
    (bench.folder / "source" / "data" / "numbers.txt").write_text("1 2 3")
    text = "open('data/numbers.txt').read()"
    report = bench.honest(answer(f"def f():\n    return {text}"), graded(f"assert f() == {text} == '1 2 3'"))
    assert (only(report).state, only(report).protection) == (CellState.PASSED, Protection.SPLIT)


def test_generated_tests_that_fail_for_the_instructor_name_the_cell(bench: Bench) -> None:
    (bench.folder / "source" / "autotests.yml").write_text(
        "python3: {dispatch: 'type({{snippet}})', normalize: 'str({{snippet}})', check: 'assert {{snippet}}',"
        " templates: {default: [{test: '{{snippet}}', fail: no}]}}".replace("no}", "'no'}")
    )
    with pytest.raises(AssignmentError, match=r"cell 2 \(test\): the instructor's own code fails .*NameError"):
        bench.prepare(answer("x = 1"), graded("### AUTOTEST missing"))


def test_a_source_that_cannot_be_used_is_an_error_before_anything_runs(sandbox: Sandbox, tmp_path: Path) -> None:
    path = write(tmp_path / "hw.ipynb", answer("### BEGIN SOLUTION"))
    with pytest.raises(AssignmentError, match="has no END SOLUTION"):
        grade_assignment(sandbox, path, [])
