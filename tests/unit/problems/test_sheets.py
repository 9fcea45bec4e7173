"""Sheets order problems; what is wrong with one is said in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greenroom_problems import catalogue, sheets

if TYPE_CHECKING:
    from pathlib import Path

SHEET = """\
id: basics
title: The basics
purpose: For those who begin.
entries:
  - problem: one
    why: It is the first.
  - problem: two
    why: It needs the first.
    after: [one]
"""


def said(folder: Path, text: str, name: str = "basics.yaml") -> list[str]:
    (folder / name).write_text(text, encoding="utf-8")
    return [str(finding) for finding in sheets(folder, {"one", "two"}).findings]


def test_a_sheet_keeps_its_order(tmp_path: Path) -> None:
    assert said(tmp_path, SHEET) == []
    sheet = sheets(tmp_path, {"one", "two"}).sheets["basics"]
    assert sheet.problems == ("one", "two")
    assert sheet.entries[1].after == ("one",)
    assert sheet.prerequisites == ()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("problem: two", "problem: three", "entry 2: no problem 'three'; write the id of a file in problems/"),
        ("problem: two", "problem: one", "entry 2: 'one' stands in this sheet already; delete one of the two"),
        ("after: [one]", "after: [two]", "entry 2: 'two' comes after 'two', which does not stand above it"),
        ("    why: It is the first.\n", "", "entries.0.why: is missing; write 'why: ...' there"),
        ("title:", "titel:", "titel: is not a key of this format"),
        ("id: basics", "id: other", "id: 'other' is not the name of the file"),
        ("title: The basics", "title: [", "not valid YAML"),
        ("title: The basics", "title: The\u202ebasics", "line 2: invisible character U+202E"),
        (
            "title:",
            "prerequisites: [nothing]\ntitle:",
            "prerequisites: no sheet 'nothing'; write the id of a sheet",
        ),
        ("title:", "prerequisites: [basics]\ntitle:", "sheets require each other"),
    ],
)
def test_a_fault_names_the_place_and_what_to_write(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in SHEET
    lines = said(tmp_path, SHEET.replace(old, new, 1))
    assert any(line.startswith(("basics.yaml: ", "other.yaml: ")) and expected in line for line in lines), lines


def test_a_broken_sheet_does_not_hide_the_others(tmp_path: Path) -> None:
    said(tmp_path, SHEET)
    assert said(tmp_path, "- no sheet", "broken.yaml") == ["broken.yaml: not a mapping; write 'key: value' lines"]
    assert list(sheets(tmp_path, {"one", "two"}).sheets) == ["basics"]


def test_two_sheets_with_one_id(tmp_path: Path) -> None:
    said(tmp_path, SHEET)
    assert any("is the id of another sheet already" in line for line in said(tmp_path, SHEET, "copy.yaml"))


def test_the_shipped_sheets_are_ordered_by_what_they_need(problems_folder: Path) -> None:
    problems = catalogue(problems_folder).problems
    found = sheets(problems_folder.parent / "sheets", problems)
    assert [str(finding) for finding in found.findings] == []
    assert len(found.sheets["first-steps"].entries) == 20
