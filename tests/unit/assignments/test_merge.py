"""Merging: whatever a student does to a notebook, the instructor's cells are the instructor's, and it is said."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom_grader.assignments import source
from greenroom_grader.assignments.findings import FindingKind
from greenroom_grader.assignments.merge import Merged, MergedCell, merge
from greenroom_grader.assignments.metadata import Role
from greenroom_grader.assignments.notebook import parse_notebook
from greenroom_grader.assignments.score import CellState, score_manual

MARK = "STUDENT"


def made(text: str, cell_type: str = "code", **nbgrader_metadata: object) -> dict[str, Any]:
    meta: dict[str, object] = {}
    if nbgrader_metadata:
        flags = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
        meta["nbgrader"] = flags | nbgrader_metadata
    return {"cell_type": cell_type, "metadata": meta, "source": text}


def encoded(cells: list[dict[str, Any]]) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


SOURCE = [
    made("# Squares", "markdown"),
    made("import math", locked=True, grade_id="setup"),
    made("def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION", solution=True, grade_id="f"),
    made("assert f(1)\n### BEGIN HIDDEN TESTS\nassert f(2)\n### END HIDDEN TESTS", grade=True, points=2, grade_id="t1"),
    made("f(3)"),
    made("because", "markdown", grade=True, solution=True, points=3, grade_id="why"),
    made("g = 1", solution=True, grade_id="g"),
    made("assert g", grade=True, points=1, locked=True, grade_id="t2"),
    made("Do it.", "markdown", task=True, locked=True, points=4, grade_id="task"),
]
ASSIGNMENT = source.from_notebook(parse_notebook(encoded(SOURCE), name="hw"), path=Path("hw.ipynb"))
RELEASE: list[dict[str, Any]] = ASSIGNMENT.release()["cells"]
IDS = [cell.grade_id for cell in ASSIGNMENT.marked]


def merged(cells: list[dict[str, Any]]) -> Merged:
    return merge(ASSIGNMENT, parse_notebook(encoded(cells), name="s"))


def index_of(grade_id: str) -> int:
    return next(i for i, cell in enumerate(RELEASE) if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def edited(grade_id: str, **changes: object) -> list[dict[str, Any]]:
    cells = copy.deepcopy(RELEASE)
    cells[index_of(grade_id)].update(changes)
    return cells


def kinds(result: Merged) -> set[tuple[FindingKind, str]]:
    return {(finding.kind, finding.grade_id) for finding in result.findings}


def by_id(result: Merged, grade_id: str) -> MergedCell:
    return next(cell for cell in result.cells if cell.grade_id == grade_id)


def test_an_untouched_release_has_no_findings_and_gets_its_hidden_tests_back() -> None:
    result = merged(RELEASE)
    assert result.findings == ()
    assert [cell.grade_id for cell in result.cells if cell.grade_id] == IDS
    assert "assert f(2)" in by_id(result, "t1").source
    assert by_id(result, "why").unanswered
    assert len(result.cells) == len(RELEASE)


def test_answers_come_from_the_student() -> None:
    cells = edited("f", source="def f(x):\n    return x")
    cells[index_of("why")]["source"] = "It is so."
    result = merged(cells)
    assert result.findings == ()
    assert by_id(result, "f").source == "def f(x):\n    return x"
    assert not by_id(result, "why").unanswered


@pytest.mark.parametrize("grade_id", ["setup", "t1", "t2", "task"])
def test_a_changed_locked_cell_is_put_back(grade_id: str) -> None:
    result = merged(edited(grade_id, source=MARK))
    assert kinds(result) == {(FindingKind.CHANGED, grade_id)}
    assert all(MARK not in cell.source for cell in result.cells)


def test_white_space_at_line_ends_is_no_change() -> None:
    assert merged(edited("t1", source="assert f(1)  \n\n")).findings == ()


@pytest.mark.parametrize("grade_id", IDS)
def test_a_deleted_cell_is_put_back_in_its_place(grade_id: str) -> None:
    cells = copy.deepcopy(RELEASE)
    del cells[index_of(grade_id)]
    result = merged(cells)
    assert kinds(result) == {(FindingKind.DELETED, grade_id)}
    assert [cell.grade_id for cell in result.cells if cell.grade_id] == IDS


@pytest.mark.parametrize("grade_id", IDS)
def test_a_copied_cell_is_a_finding_and_locked_copies_do_not_run(grade_id: str) -> None:
    cells = copy.deepcopy(RELEASE)
    cells.insert(0, copy.deepcopy(cells[index_of(grade_id)]))
    result = merged(cells)
    assert kinds(result) == {(FindingKind.DUPLICATED, grade_id)}
    restored = by_id(result, grade_id).instructors
    assert len(result.cells) == len(RELEASE) + (0 if restored else 1)


def test_the_pieces_of_a_split_answer_all_run_in_order() -> None:
    cells = copy.deepcopy(RELEASE)
    at = index_of("f")
    second = copy.deepcopy(cells[at])
    cells[at]["source"], second["source"] = "def helper():\n    return 1", "def f(x):\n    return helper()"
    cells.insert(at + 1, second)
    result = merged(cells)
    assert kinds(result) == {(FindingKind.SPLIT, "f")}
    sources = [cell.source for cell in result.cells]
    assert sources.index("def helper():\n    return 1") == sources.index("def f(x):\n    return helper()") - 1


def test_a_split_manual_answer_is_answered_when_any_piece_is() -> None:
    cells = copy.deepcopy(RELEASE)
    at = index_of("why")
    first = copy.deepcopy(cells[at])
    first["source"] = "My reasons."
    cells.insert(at, first)
    assert not by_id(merged(cells), "why").unanswered


@pytest.mark.parametrize("grade_id", IDS)
def test_a_retyped_cell_gets_its_type_back(grade_id: str) -> None:
    before = by_id(merged(RELEASE), grade_id).cell_type
    other = "markdown" if before == "code" else "code"
    result = merged(edited(grade_id, cell_type=other))
    assert (FindingKind.RETYPED, grade_id) in kinds(result)
    assert by_id(result, grade_id).cell_type == before


def test_moved_cells_go_back_and_only_the_moved_one_is_named() -> None:
    cells = copy.deepcopy(RELEASE)
    cells.insert(0, cells.pop(index_of("t2")))
    result = merged(cells)
    assert kinds(result) == {(FindingKind.REORDERED, "t2")}
    assert [cell.grade_id for cell in result.cells if cell.grade_id] == IDS


def test_own_cells_stay_behind_the_cell_they_stood_behind() -> None:
    cells = copy.deepcopy(RELEASE)
    cells.insert(index_of("g") + 1, made("mine = 1"))
    cells.insert(0, made("top = 1"))
    result = merged(cells)
    assert result.cells[0].source == "top = 1"
    sources = [cell.source for cell in result.cells]
    assert sources[sources.index("mine = 1") - 1] == by_id(result, "g").source
    assert result.findings == ()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"points": 100}, "points"),
        ({"grade": False, "solution": True}, "kind"),
        ({"locked": "no"}, "damaged"),
        ({"grade": False, "locked": False}, "grade, solution or locked"),
    ],
)
def test_changed_metadata_counts_for_nothing_and_is_said(changes: dict[str, object], word: str) -> None:
    cells = copy.deepcopy(RELEASE)
    cells[index_of("t1")]["metadata"]["nbgrader"].update(changes)
    result = merged(cells)
    assert kinds(result) == {(FindingKind.METADATA, "t1")}
    assert word in result.findings[0].message
    assert by_id(result, "t1").origin is ASSIGNMENT.cells[3]


def test_an_unknown_schema_is_one_finding() -> None:
    cells = copy.deepcopy(RELEASE)
    for cell in cells:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["schema_version"] = 99
    result = merged(cells)
    assert [finding.kind for finding in result.findings] == [FindingKind.FILE]


def test_a_foreign_id_is_the_students_own_cell() -> None:
    result = merged([*copy.deepcopy(RELEASE), made("x = 1", grade=True, points=50, locked=True, grade_id="bonus")])
    assert kinds(result) == {(FindingKind.UNKNOWN, "bonus")}
    assert result.cells[-1].role is Role.PLAIN


def test_another_notebook_altogether_is_one_finding() -> None:
    result = merged([made("x = 1")])
    assert [finding.kind for finding in result.findings] == [FindingKind.DELETED]
    assert [cell.grade_id for cell in result.cells if cell.grade_id] == IDS


def test_windows_line_ends_are_no_change_of_a_locked_cell() -> None:
    cells = [cell | {"source": cell["source"].replace("\n", "\r\n")} for cell in copy.deepcopy(RELEASE)]
    assert {kind for kind, _ in kinds(merged(cells))} == {FindingKind.FILE}


# ---------------------------------------------------------------- any sequence of edits

POSITIONS = st.integers(0, 30)
METADATA = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "grade_id": st.sampled_from([*IDS, "new", "", 3]),
            "points": st.sampled_from([0, 100, -1, "x", None]),
            "grade": st.sampled_from([True, False, "x"]),
            "solution": st.booleans(),
            "locked": st.booleans(),
            "task": st.booleans(),
            "schema_version": st.sampled_from([0, 1, 2, 3, 4, "3", None]),
            "checksum": st.just("0" * 32),
        },
    ),
    st.none(),
    st.just([]),
)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("delete"), POSITIONS, st.none()),
        st.tuples(st.just("copy"), POSITIONS, POSITIONS),
        st.tuples(st.just("move"), POSITIONS, POSITIONS),
        st.tuples(st.just("write"), POSITIONS, st.sampled_from([MARK, "", f"pass  # {MARK}\n%%{MARK}"])),
        st.tuples(st.just("retype"), POSITIONS, st.sampled_from(["code", "markdown", "raw"])),
        st.tuples(st.just("metadata"), POSITIONS, METADATA),
        st.tuples(st.just("split"), POSITIONS, st.integers(0, 40)),
        st.tuples(st.just("insert"), POSITIONS, st.sampled_from(["code", "markdown"])),
    ),
    max_size=12,
)


def apply(cells: list[dict[str, Any]], kind: str, at: int, how: Any) -> None:
    if kind == "insert":
        cells.insert(at % (len(cells) + 1), made(MARK, how))
        return
    if not cells:
        return
    at %= len(cells)
    if kind == "delete":
        del cells[at]
    elif kind in ("copy", "move"):
        cell = copy.deepcopy(cells[at]) if kind == "copy" else cells.pop(at)
        cells.insert(how % (len(cells) + 1), cell)
    elif kind == "write":
        cells[at]["source"] = how
    elif kind == "retype":
        cells[at]["cell_type"] = how
    elif kind == "metadata":
        old = cells[at]["metadata"].get("nbgrader")
        merged_meta = {**(old if isinstance(old, dict) else {}), **how} if isinstance(how, dict) else how
        cells[at]["metadata"] = {"nbgrader": merged_meta}
    elif kind == "split":
        second = copy.deepcopy(cells[at])
        text = cells[at]["source"]
        cells[at]["source"], second["source"] = text[:how], text[how:]
        cells.insert(at + 1, second)


@given(EDITS)
def test_no_edits_change_a_locked_cell_gain_points_or_go_unsaid(edits: list[tuple[str, int, Any]]) -> None:
    cells = copy.deepcopy(RELEASE)
    for kind, at, how in edits:
        apply(cells, kind, at, how)
    result = merged(cells)

    # The instructor's cells: all of them, once, in order, word for word, with their points and types.
    assert [cell.grade_id for cell in result.cells if cell.grade_id] == IDS
    for cell in result.cells:
        if cell.instructors:
            assert cell.origin is not None
            assert (cell.source, cell.cell_type) == (cell.origin.graded_source, cell.origin.cell_type)
            assert MARK not in cell.source
        if cell.origin is not None:
            assert cell.origin is ASSIGNMENT.cells[cell.origin.index]
    # Points never come from the submission, and a manual answer gives none by itself.
    assert sum(cell.origin.points for cell in result.cells if cell.origin) == ASSIGNMENT.max_score
    manual = [score_manual(cell) for cell in result.cells if cell.role in (Role.MANUAL, Role.TASK)]
    assert all(not score.points for score in manual)
    assert all(score.state in (CellState.NEEDS_GRADING, CellState.UNANSWERED) for score in manual)
    # Whatever a locked cell held that is not the instructor's has a finding.
    known = [cell for cell in parse_notebook(encoded(cells), name="s").cells if cell.grade_id in IDS]
    told = {finding.grade_id for finding in result.findings}
    everything = (FindingKind.DELETED, "") in kinds(result)
    for cell in ASSIGNMENT.marked:
        pieces = [piece for piece in known if piece.grade_id == cell.grade_id]
        as_released = len(pieces) == 1 and pieces[0].cell_type == cell.cell_type
        if cell.role.restored:
            as_released = as_released and pieces[0].source.rstrip() == cell.release.rstrip()
        assert as_released or everything or cell.grade_id in told


@given(EDITS)
def test_what_students_wrote_outside_locked_cells_is_kept(edits: list[tuple[str, int, Any]]) -> None:
    cells = copy.deepcopy(RELEASE)
    for kind, at, how in edits:
        apply(cells, kind, at, how)
    restored = {cell.grade_id for cell in ASSIGNMENT.marked if cell.role.restored}
    submitted = parse_notebook(encoded(cells), name="s")
    theirs = sorted(cell.source for cell in submitted.cells if cell.grade_id not in restored)
    put_back = {cell.grade_id for cell in ASSIGNMENT.marked} - {cell.grade_id for cell in submitted.cells}
    result = merged(cells)
    kept = sorted(cell.source for cell in result.cells if not cell.instructors and cell.grade_id not in put_back)
    assert kept == theirs
