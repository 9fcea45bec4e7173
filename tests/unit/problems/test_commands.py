"""``greenroom new`` and ``greenroom release``, as they are typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import nbformat
import pytest

from greenroom_hub.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def notebooks(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A notebooks folder with two problems and a sheet, and a working directory elsewhere."""
    folder = tmp_path / "notebooks"
    for name in ("problems", "sheets"):
        (folder / name).mkdir(parents=True)
    (folder / "problems" / "add-up.md").write_text(text, encoding="utf-8")
    (folder / "problems" / "sum-up.md").write_text(text.replace("id: add-up", "id: sum-up"), encoding="utf-8")
    (folder / "sheets" / "sums.yaml").write_text(
        "id: sums\ntitle: Sums\npurpose: All about sums.\nentries:\n"
        "  - {problem: sum-up, why: The first of them.}\n  - {problem: add-up, why: The second one.}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("GREENROOM_NOTEBOOKS", str(folder))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return folder


@pytest.fixture
def greenroom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> GreenroomCommand:
    return GreenroomCommand(monkeypatch, capsys)


class GreenroomCommand:
    """The command line: exit status, lines of output, lines of errors."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *words: str) -> tuple[int, list[str], list[str]]:
        self._monkeypatch.setattr("sys.argv", ["greenroom", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        written = self._capsys.readouterr()
        return int(ended.value.code or 0), written.out.splitlines(), written.err.splitlines()


def test_a_new_problem_says_where_it_is_and_what_comes_next(notebooks: Path, greenroom: GreenroomCommand) -> None:
    status, out, _ = greenroom("new", "rotate-the-ring")
    path = notebooks / "problems" / "rotate-the-ring.md"
    assert status == 0
    assert out == [f"{path}: written; rewrite it, then run ./greenroom check rotate-the-ring"]
    assert path.is_file()


@pytest.mark.parametrize(("problem_id", "expected"), [("Two Sum", "is no problem id"), ("add-up", "exists already")])
def test_a_new_problem_that_cannot_be_is_one_line(
    notebooks: Path, greenroom: GreenroomCommand, problem_id: str, expected: str
) -> None:
    before = sorted(notebooks.rglob("*"))
    status, out, err = greenroom("new", problem_id)
    assert (status, out, len(err)) == (2, [], 1)
    assert expected in err[0]
    assert sorted(notebooks.rglob("*")) == before


@pytest.mark.usefixtures("notebooks")
def test_release_writes_one_notebook_for_each_problem(tmp_path: Path, greenroom: GreenroomCommand) -> None:
    assert greenroom("release") == (0, ["add-up: release/add-up.ipynb", "sum-up: release/sum-up.ipynb"], [])
    first = (tmp_path / "work" / "release" / "add-up.ipynb").read_bytes()
    nbformat.validate(nbformat.reads(first.decode(), as_version=4))
    greenroom("release", "add-up")
    assert (tmp_path / "work" / "release" / "add-up.ipynb").read_bytes() == first
    assert sorted(path.name for path in (tmp_path / "work" / "release").iterdir()) == ["add-up.ipynb", "sum-up.ipynb"]


@pytest.mark.usefixtures("notebooks")
def test_a_sheet_is_released_into_a_folder_of_its_own(tmp_path: Path, greenroom: GreenroomCommand) -> None:
    status, out, _ = greenroom("release", "sums", "--to", str(tmp_path / "out"))
    assert status == 0
    assert out == [f"{name}: {tmp_path}/out/sums/{name}.ipynb" for name in ("sum-up", "add-up")]


def test_a_broken_problem_is_a_finding_and_the_others_are_released(
    notebooks: Path, greenroom: GreenroomCommand
) -> None:
    path = notebooks / "problems" / "add-up.md"
    path.write_text(path.read_text(encoding="utf-8").replace("hidden = [", "concealed = ["), encoding="utf-8")
    status, out, _ = greenroom("release", "sums", "--json")
    assert status == 1
    results = [json.loads(line) for line in out]
    assert [(item["problem"], item["path"]) for item in results] == [
        ("sum-up", "release/sums/sum-up.ipynb"),
        ("add-up", None),
    ]
    assert results[1]["findings"] == [
        {
            "file": "add-up.md",
            "place": "cell 4 (tests)",
            "message": "does not define hidden",
            "fix": "write 'hidden = [...]' there",
        }
    ]


def test_a_sheet_that_names_no_problem_is_a_finding(notebooks: Path, greenroom: GreenroomCommand) -> None:
    (notebooks / "problems" / "add-up.md").unlink()
    status, out, _ = greenroom("release", "sums")
    assert status == 1
    assert out == ["sum-up: release/sums/sum-up.ipynb", "add-up.md: there is no such problem; correct the sheet"]


@pytest.mark.usefixtures("notebooks")
def test_a_name_that_is_neither_is_bad_usage_before_anything_is_written(
    tmp_path: Path, greenroom: GreenroomCommand
) -> None:
    status, out, err = greenroom("release", "add-up", "nothing")
    assert (status, out, len(err)) == (2, [], 1)
    assert "no problem and no sheet 'nothing'" in err[0]
    assert list((tmp_path / "work").iterdir()) == []


def test_a_folder_without_problems_is_one_line(tmp_path: Path, greenroom: GreenroomCommand) -> None:
    status, _, err = greenroom("release", "--notebooks", str(tmp_path))
    assert (status, len(err)) == (2, 1)
    assert "name the notebooks folder with --notebooks" in err[0]
