"""What there is to check: by name or all of it, with a finding for whatever does not load."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from greenroom_grader.gate.survey import UnknownNameError, survey
from greenroom_problems.scaffold import scaffold

if TYPE_CHECKING:
    from pathlib import Path

SHEET = """\
id: water
title: Water
purpose: All about water.
entries:
  - {problem: rain-falls, why: It comes first.}
  - {problem: river-rises, why: It comes second., after: [rain-falls]}
"""


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    """Three problems, two of them in a sheet, and a scenario that does not load."""
    for name in ("problems", "sheets", "scenarios"):
        (tmp_path / name).mkdir()
    for problem_id in ("rain-falls", "river-rises", "snow-melts"):
        scaffold(problem_id, tmp_path / "problems")
    (tmp_path / "sheets" / "water.yaml").write_text(SHEET, encoding="utf-8")
    (tmp_path / "scenarios" / "a-dam.md").write_text("---\nid: a-dam\n---\nToo little.\n", encoding="utf-8")
    return tmp_path


def test_all_of_it(notebooks: Path) -> None:
    found = survey(notebooks)
    assert [problem.id for problem in found.problems] == ["rain-falls", "river-rises", "snow-melts"]
    assert (found.sheets, found.scenarios) == (1, 0)
    assert {finding.file for finding in found.findings} == {"a-dam.md"}


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        (
            {"schema_version": 3, "grade_id": "a", "solution": True, "grade": False, "locked": False},
            "greenroom import",
        ),
        ({"schema_version": 10, "grade_id": "a"}, "cell 1: nbgrader schema 10 is newer than 3"),
    ],
)
def test_a_notebook_among_the_problems_is_a_finding_and_the_others_go_on(
    notebooks: Path, mark: dict[str, object], says: str
) -> None:
    cell = {"cell_type": "code", "metadata": {"nbgrader": mark}, "source": "x = 1", "outputs": []}
    content = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [{**cell, "execution_count": None}]}
    (notebooks / "problems" / "stray.ipynb").write_text(json.dumps(content), encoding="utf-8")
    found = survey(notebooks)
    assert len(found.problems) == 3
    assert [str(item) for item in found.findings if item.file == "stray.ipynb" and says in str(item)]


def test_a_sheet_brings_its_problems_in_their_order_and_no_other_findings(notebooks: Path) -> None:
    found = survey(notebooks, ["water"])
    assert [problem.id for problem in found.problems] == ["rain-falls", "river-rises"]
    assert (found.sheets, found.findings) == (1, ())


def test_names_of_all_kinds_mix_and_repeat(notebooks: Path) -> None:
    found = survey(notebooks, ["snow-melts", "water", "snow-melts", "rain-falls"])
    assert [problem.id for problem in found.problems] == ["snow-melts", "rain-falls", "river-rises"]


def test_a_scenario_is_checked_by_name(notebooks: Path) -> None:
    found = survey(notebooks, ["a-dam"])
    assert found.problems == ()
    assert found.findings
    assert {finding.file for finding in found.findings} == {"a-dam.md"}


def test_a_sheet_that_names_an_unknown_problem_has_a_finding_and_its_others_are_checked(notebooks: Path) -> None:
    path = notebooks / "sheets" / "water.yaml"
    path.write_text(SHEET.replace("river-rises", "river-falls"), encoding="utf-8")
    found = survey(notebooks, ["water"])
    assert [problem.id for problem in found.problems] == ["rain-falls"]
    (finding,) = found.findings
    message = "water.yaml: entry 2: no problem 'river-falls'"
    assert str(finding) == f"{message}; write the id of a file in problems/, or add problems/river-falls.md"


@pytest.mark.parametrize("file", ["problems/rain-falls.md", "sheets/water.yaml"])
def test_what_does_not_load_is_a_finding_and_no_unknown_name(notebooks: Path, file: str) -> None:
    path = notebooks / file
    path.write_text("- broken", encoding="utf-8")
    found = survey(notebooks, [path.stem])
    assert [finding.file for finding in found.findings] == [path.name]


def test_a_name_of_nothing(notebooks: Path) -> None:
    with pytest.raises(UnknownNameError, match="no problem, sheet or scenario 'drought'"):
        survey(notebooks, ["water", "drought"])


def test_two_problems_with_one_id(notebooks: Path) -> None:
    problems = notebooks / "problems"
    (problems / "copy.md").write_bytes((problems / "rain-falls.md").read_bytes())
    found = survey(notebooks)
    assert [problem.id for problem in found.problems] == ["rain-falls", "river-rises", "snow-melts"]
    assert any("copy.md: front matter: greenroom.id: 'rain-falls' is the id of" in str(item) for item in found.findings)
