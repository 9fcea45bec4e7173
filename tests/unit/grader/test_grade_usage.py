"""What the grade command refuses before anything runs: one line, exit status 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greenroom_grader.errors import GraderError, PublishError, SandboxError, SandboxUnavailableError, UsageError
from greenroom_hub import cli

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "fine.py").write_text("x = 1\n")
    (tmp_path / "latin.py").write_bytes(b"x = 1\n# caf\xe9\n")
    (tmp_path / "large.py").write_bytes(b"#" * 1_000_001)
    (tmp_path / "note.ipynb").write_text("{}")
    (tmp_path / "folder").mkdir()
    (tmp_path / "broken.md").write_text("no problem at all\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("two-summ fine.py", "there is no problem 'two-summ'; did you mean two-sum"),
        ("qqqqqqqq fine.py", "there is no problem 'qqqqqqqq'; ./greenroom check"),
        ("missing.md fine.py", "missing.md: no such problem file"),
        ("broken.md fine.py", "broken.md: line 1: no front matter"),
        ("two-sum", "nothing to grade; name Python files after 'two-sum'"),
        ("two-sum nope.py", "nope.py: no such file"),
        ("two-sum fine.py folder", "folder: a folder; name files"),
        ("two-sum latin.py", "latin.py: line 2 is not valid UTF-8; save the file as UTF-8"),
        ("two-sum large.py", "large.py: larger than 1 MB"),
        ("two-sum note.ipynb", "note.ipynb: a notebook, not Python source; save the solution as a .py file"),
        ("two-sum fine.py --jobs -1", "Invalid value for '--jobs'"),
        ("two-sum fine.py --notebooks folder", "no problems/ in folder; name the notebooks folder with --notebooks"),
        ("--assignment note.ipynb nope.ipynb", "nope.ipynb: no such file"),
        ("--assignment nope.ipynb note.ipynb", "nope.ipynb: no such file"),
        ("--assignment folder note.ipynb", "folder: a folder; name files"),
        ("--assignment note.ipynb", "Missing argument"),
        ("", "Missing argument 'PROBLEM FILE...'"),
    ],
)
def test_bad_usage_gets_one_line_and_exit_status_2(
    files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str, line: str
) -> None:
    assert files.exists()
    monkeypatch.setattr("sys.argv", ["greenroom", "grade", *command.split()])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    output = capsys.readouterr()
    assert caught.value.code == 2
    assert output.out == ""
    assert output.err.startswith("greenroom: ")
    assert line in output.err
    assert output.err.count("\n") == 1


def test_a_name_that_no_file_can_have_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["greenroom", "grade", "two-sum", "a" * 5000])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 2
    assert "not the name of a file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("kind", "status"),
    [(UsageError, 2), (GraderError, 2), (SandboxUnavailableError, 2), (SandboxError, 1), (PublishError, 1)],
)
def test_errors_know_whether_the_user_can_change_something(kind: type[GraderError], status: int) -> None:
    assert cli.explain(kind("why")) == ("why", status)
