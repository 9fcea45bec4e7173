"""A folder of problems: one broken file never hides the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greenroom_problems import catalogue

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(text: str, tmp_path: Path) -> Path:
    """Two problems that load."""
    (tmp_path / "add-up.md").write_text(text, encoding="utf-8")
    (tmp_path / "sum-up.md").write_text(text.replace("id: add-up", "id: sum-up"), encoding="utf-8")
    return tmp_path


def said(folder: Path) -> list[str]:
    return [str(finding) for finding in catalogue(folder).findings]


def test_problems_are_found_by_id(folder: Path) -> None:
    assert list(catalogue(folder).problems) == ["add-up", "sum-up"]
    assert said(folder) == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "line 1: no front matter"),
        (b"---\ngreenroom: [\n---\n", "front matter, line 3: not valid YAML"),
        (b"---\n- a list\n---\n", "front matter: not a mapping"),
        (b"\xff\xfe\x00", "line 1: not valid UTF-8"),
    ],
)
def test_a_broken_file_is_a_finding_and_the_others_load(folder: Path, content: bytes, expected: str) -> None:
    (folder / "broken.md").write_bytes(content)
    assert list(catalogue(folder).problems) == ["add-up", "sum-up"]
    assert any(line.startswith("broken.md: ") and expected in line for line in said(folder))


def test_two_files_with_one_id_keep_the_one_that_bears_it(folder: Path, text: str) -> None:
    (folder / "a-copy.md").write_text(text.replace("Adding up", "A copy"), encoding="utf-8")
    assert catalogue(folder).problems["add-up"].title == "Adding up"
    expected = "a-copy.md: front matter: greenroom.id: 'add-up' is the id of add-up.md already; write 'id: a-copy'"
    assert said(folder) == [expected]


def test_a_file_bears_the_id_of_its_problem(folder: Path) -> None:
    (folder / "sum-up.md").rename(folder / "total.md")
    message = "total.md: front matter: greenroom.id: 'sum-up' is not the name of the file"
    assert said(folder) == [f"{message}; write 'id: total', or rename the file to sum-up.md"]
    assert "sum-up" in catalogue(folder).problems


def test_windows_line_ends_and_a_byte_order_mark_make_the_same_problem(folder: Path) -> None:
    before = catalogue(folder).problems["add-up"]
    path = folder / "add-up.md"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert catalogue(folder).problems["add-up"] == before
    assert said(folder) == []


def test_what_is_no_problem_is_left_alone(folder: Path) -> None:
    (folder / ".add-up.md.swp").write_text("", encoding="utf-8")
    (folder / ".hidden.md").write_text("", encoding="utf-8")
    (folder / "folder.md").mkdir()
    assert said(folder) == []


def test_a_folder_that_is_not_there_has_no_problems(tmp_path: Path) -> None:
    assert not catalogue(tmp_path / "nowhere").problems


def test_the_shipped_problems_load(problems_folder: Path) -> None:
    found = catalogue(problems_folder)
    assert [str(finding) for finding in found.findings] == []
    assert len(found.problems) >= 50
