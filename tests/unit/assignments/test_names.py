"""Which names a cell touches, and where each cell of an assignment therefore runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenroom_grader.assignments import source
from greenroom_grader.assignments.names import names_of
from greenroom_grader.assignments.notebook import parse_notebook
from greenroom_grader.assignments.plan import NameKind, Plan, make_plan, static_reason

if TYPE_CHECKING:
    from greenroom_grader.assignments.source import Assignment


def test_binds_and_loads_are_those_of_the_module() -> None:
    names = names_of("import os.path\ndef f(x, y=z):\n    local = x + shared\n    return local\nfor i in items: pass")
    assert names.binds == {"os", "f", "i"}
    assert names.loads >= {"z", "shared", "items"}
    assert not names.loads & {"x", "y", "local"}


def test_globals_and_deletes_inside_functions_count() -> None:
    names = names_of("def f():\n    global counter\n    counter = 1\ndel squares")
    assert {"counter", "squares", "f"} <= names.binds


def test_imports_are_kept_one_by_one() -> None:
    names = names_of("from a.b import c as d, e\nimport numpy as np, os.path")
    assert names.imports == {
        "d": "from a.b import c as d",
        "e": "from a.b import e",
        "np": "import numpy as np",
        "os": "import os.path",
    }


def test_magics_are_read_and_their_words_count() -> None:
    assert {"f"} <= names_of("%time f(1)").loads
    assert names_of("x = %time f(1)").binds == {"x"}


def test_a_cell_that_does_not_compile_reads_every_word() -> None:
    assert {"foo", "bar"} <= names_of("foo ( bar").loads


def test_special_methods_of_classes_are_known() -> None:
    names = names_of("class A:\n    def __len__(self): ...\n    def go(self): ...\n@dataclass\nclass B:\n    x: int")
    assert names.classes == {"A": ("__len__",), "B": ("__eq__", "__repr__")}


def cell(text: str, **nbgrader_metadata: object) -> dict[str, Any]:
    flags = {"schema_version": 3, "grade": False, "solution": False, "locked": False}
    meta = {"nbgrader": flags | nbgrader_metadata} if nbgrader_metadata else {}
    return {"cell_type": "code", "metadata": meta, "source": text}


def answer(text: str, grade_id: str = "answer") -> dict[str, Any]:
    return cell(text, solution=True, grade_id=grade_id)


def graded(text: str, grade_id: str = "tests") -> dict[str, Any]:
    return cell(text, grade=True, points=1, grade_id=grade_id, locked=True)


def planned(*cells: dict[str, Any]) -> tuple[Assignment, Plan]:
    document = {"nbformat": 4, "metadata": {}, "cells": list(cells)}
    read = source.from_notebook(parse_notebook(json.dumps(document).encode(), name="n"), path=Path("n.ipynb"))
    return read, make_plan(read)


def needs(plan: Plan, index: int) -> dict[str, NameKind]:
    return {need.name: need.kind for need in plan.clean[index].needs}


def test_a_test_takes_from_the_student_what_answers_bind() -> None:
    _, plan = planned(
        answer("import math\ndef f(): ...\nclass K: ..."), graded("assert f() and K() and math.pi and len([])")
    )
    assert needs(plan, 1) == {"f": NameKind.ANY, "K": NameKind.CLASS, "math": NameKind.IMPORT}


def test_names_of_the_instructors_cells_never_come_from_the_student() -> None:
    _, plan = planned(
        cell("def check(a, b):\n    assert a == b"),
        cell("from unittest import TestCase", locked=True, grade_id="setup"),
        answer("def f(): ..."),
        graded("check(f(), 1); TestCase().assertEqual(f(), 1)"),
    )
    assert needs(plan, 3) == {"f": NameKind.ANY}
    assert set(plan.clean) == {0, 1, 3}


def test_plain_cells_that_no_test_needs_stay_out_of_the_clean_box() -> None:
    _, plan = planned(cell("squares(10)"), cell("demo = f(3)"), answer("def f(): ..."), graded("assert f()"))
    assert set(plan.clean) == {3}


def test_a_builtin_is_pythons_unless_the_solution_defines_it() -> None:
    _, plan = planned(answer("def sum(x): ..."), graded("assert sum([1]) == max([1])"))
    assert needs(plan, 1) == {"sum": NameKind.ANY}


def test_a_name_that_nobody_binds_is_expected_of_the_student() -> None:
    _, plan = planned(answer("raise NotImplementedError()"), graded("assert g(1) == 2"))
    assert needs(plan, 1) == {"g": NameKind.ANY}


def test_the_last_binder_owns_a_name() -> None:
    _, plan = planned(
        answer("x = 1", "a"), graded("x = 2", "t"), graded("assert x", "u"), answer("x = 3", "b"), graded("x", "v")
    )
    assert needs(plan, 2) == {}
    assert needs(plan, 4) == {"x": NameKind.ANY}


def test_a_test_that_deletes_the_students_function_speaks_against_a_clean_box() -> None:
    read, _ = planned(answer("def f(): ..."), graded("old = f\ndel f\nf = old"))
    assert "rebinds or deletes f" in static_reason(read.cells[1], read)


def test_helpers_of_unprotected_tests_are_found_through_others() -> None:
    read, plan = planned(
        answer("def f(): ..."),
        graded("def base(): ...", "a"),
        graded("def helper(): base()", "b"),
        graded("assert f()", "c"),
        graded("helper(); del f", "d"),
    )
    assert plan.with_unprotected(read, {4: "why"}).helpers == {1: False, 2: False}


def test_a_helper_in_a_hidden_region_is_marked() -> None:
    hidden = "### BEGIN HIDDEN TESTS\ndef helper(): ...\n### END HIDDEN TESTS"
    read, plan = planned(answer("def f(): ..."), graded(hidden, "a"), graded("helper(); del f", "b"))
    assert plan.with_unprotected(read, {2: "why"}).helpers == {1: True}
