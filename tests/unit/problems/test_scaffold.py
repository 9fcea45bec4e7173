"""A new problem begins complete, and never on top of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greenroom_problems import load
from greenroom_problems.scaffold import ScaffoldError, scaffold

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_problem_loads_under_its_own_id_and_name(tmp_path: Path) -> None:
    problem = load(scaffold("rotate-the-ring", tmp_path))
    assert problem.id == "rotate-the-ring"
    assert problem.title == "Rotate the ring"
    assert problem.entry.name == "rotate_the_ring"
    assert "problem_function" not in problem.solution + problem.tests + problem.statement


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = scaffold("rotate-the-ring", tmp_path)
    path.write_text("my work", encoding="utf-8")
    with pytest.raises(ScaffoldError, match="exists already"):
        scaffold("rotate-the-ring", tmp_path)
    assert path.read_text(encoding="utf-8") == "my work"


@pytest.mark.parametrize("wrong", ["", "Two Sum", "../escape", "-x", "a--b", "9lives", "ünï"])
def test_what_is_no_id_is_refused_in_one_line(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ScaffoldError) as raised:
        scaffold(wrong, tmp_path)
    assert "\n" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ScaffoldError, match="cannot write"):
        scaffold("rotate-the-ring", tmp_path / "nowhere")
