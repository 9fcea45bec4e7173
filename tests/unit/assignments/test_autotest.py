"""AUTOTEST lines made into tests; the sandbox tests compare them with nbgrader's own release."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from greenroom_grader.assignments import autotest, source
from greenroom_grader.assignments.autotest import Templates, instantiate, read_templates
from greenroom_grader.assignments.notebook import parse_notebook
from greenroom_grader.errors import AssignmentError

if TYPE_CHECKING:
    from greenroom_grader.assignments.source import Assignment

YAML = """
python3:
  setup: "from hashlib import sha1"
  hash: 'sha1({{snippet}}.encode("utf-8")+b"{{salt}}").hexdigest()'
  dispatch: "type({{snippet}})"
  normalize: "str({{snippet}})"
  check: 'assert {{snippet}} == "{{value}}", "{{message}}"'
  success: "print('Success!')"
  templates:
    default:
      - {test: "{{snippet}}", fail: "value of {{snippet}} is not correct"}
    int:
      - {test: "type({{snippet}})", fail: "type of {{snippet}} is not int"}
      - {test: "{{snippet}}", fail: "value of {{snippet}} is not correct"}
"""


def assignment(tests: str, answer: str = "a = 5\nb = 'hi'") -> Assignment:
    def cell(text: str, **meta: object) -> dict[str, Any]:
        flags = {"schema_version": 3, "grade": False, "solution": False, "locked": False}
        return {"cell_type": "code", "metadata": {"nbgrader": flags | meta}, "source": text}

    cells = [cell(answer, solution=True, grade_id="s"), cell(tests, grade=True, points=1, grade_id="t")]
    text = json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}).encode()
    return source.from_notebook(parse_notebook(text, name="hw"), path=Path("hw.ipynb"))


def templates(tmp_path: Path, text: str = YAML) -> Templates:
    path = tmp_path / "autotests.yml"
    path.write_text(text)
    return read_templates(path, "python3")


class Interpreter:
    """Runs the notebook's code here, as a box would, and displays the last expression."""

    def __init__(self) -> None:
        self.names: dict[str, object] = {}

    def __call__(self, code: str) -> str | None:
        tree = ast.parse(code)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), self.names)  # noqa: S102 - the code is this test's own
        if last is None:
            return None
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), self.names)  # noqa: S307 - same
        return None if value is None else value.__name__ if isinstance(value, type) else repr(value)


def generated(tmp_path: Path, tests: str) -> str:
    made = instantiate(assignment(tests), templates(tmp_path), Interpreter())
    assert not made.has_autotest
    return made.cells[1].source


def test_a_line_becomes_the_tests_of_its_type(tmp_path: Path) -> None:
    assert generated(tmp_path, "# before\n### AUTOTEST a; b\nprint(1)").split("\n") == [
        "# before",
        "from hashlib import sha1",
        'assert str(type(a)) == "<class \'int\'>", "type of a is not int"',
        'assert str(a) == "5", "value of a is not correct"',
        "",
        'assert str(b) == "hi", "value of b is not correct"',
        "",
        "print(1)",
        "print('Success!')",
    ]


def test_hashed_lines_hold_no_answer_and_are_the_same_every_time(tmp_path: Path) -> None:
    text = generated(tmp_path, "### HASHED AUTOTEST b")
    assert "hi" not in text.replace("print", "")
    assert re.search(r'== "[0-9a-f]{40}"', text)
    assert text == generated(tmp_path, "### HASHED AUTOTEST b")
    exec(text, {"b": "hi", "print": lambda *_: None})  # noqa: S102 - the code was generated above
    with pytest.raises(AssertionError, match="value of b"):
        exec(text, {"b": "ho"})  # noqa: S102 - same


def test_code_before_a_line_has_run_when_the_line_is_tried(tmp_path: Path) -> None:
    assert 'str(a) == "6"' in generated(tmp_path, "a = a + 1\n### AUTOTEST a")


def test_tests_in_a_hidden_region_leave_with_it(tmp_path: Path) -> None:
    text = "### BEGIN HIDDEN TESTS\n### AUTOTEST a\n### END HIDDEN TESTS\n### AUTOTEST b"
    made = instantiate(assignment(text), templates(tmp_path), Interpreter())
    assert "str(a)" in made.cells[1].graded_source
    assert "str(a)" not in made.cells[1].release


def test_no_release_is_made_while_lines_wait() -> None:
    with pytest.raises(AssignmentError, match="AUTOTEST lines must be made into tests"):
        assignment("### AUTOTEST a").release()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "not valid YAML"),
        ("r: {}", "no templates for python3"),
        ("python3: {dispatch: x}", "'normalize' is missing"),
        ("python3: {dispatch: x, normalize: x, check: x}", "'templates' must have a 'default'"),
        ("python3: {dispatch: x, normalize: x, check: x, templates: {default: 3}}", "must be a list"),
        ("python3: {dispatch: x, normalize: x, check: x, templates: {default: [{test: x}]}}", "'test' and 'fail'"),
        ("python3: {dispatch: 3}", "'dispatch' must be text"),
    ],
)
def test_bad_templates_are_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(AssignmentError, match=re.escape(said)) as caught:
        templates(tmp_path, text)
    assert "\n" not in str(caught.value)


def test_a_template_that_is_no_template_names_the_cell(tmp_path: Path) -> None:
    with pytest.raises(AssignmentError, match=r"hw.ipynb: cell 2 \(t\): a template"):
        instantiate(
            assignment("### AUTOTEST a"), templates(tmp_path, YAML.replace("type({{", "type({%")), Interpreter()
        )


def test_templates_reach_nothing_of_ours(tmp_path: Path) -> None:
    evil = YAML.replace("value of {{snippet}}", "{{ snippet.__class__.__mro__ }}")
    with pytest.raises(AssignmentError, match="a template"):
        instantiate(assignment("### AUTOTEST b"), templates(tmp_path, evil), Interpreter())


def test_templates_stand_beside_the_notebook_or_at_the_root_of_the_course(tmp_path: Path) -> None:
    folder = tmp_path / "source" / "ps1"
    folder.mkdir(parents=True)
    with pytest.raises(AssignmentError, match=r"no autotests.yml"):
        autotest.find_templates(folder / "p.ipynb", "python3")
    (tmp_path / "autotests.yml").write_text(YAML)
    assert autotest.find_templates(folder / "p.ipynb", "python3").success == "print('Success!')"
