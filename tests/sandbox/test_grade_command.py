"""``greenroom grade`` from its command line to its output."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from greenroom_grader.judge import Judge
from greenroom_hub import cli

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).resolve().parents[2]
KEYS = [
    "problem",
    "file",
    "verdict",
    "score",
    "max_score",
    "passed",
    "total",
    "cpu_ms",
    "wall_ms",
    "memory_kb",
    "isolation",
    "cases",
]
RIGHT = """
from calendar import isleap
def leap_years(first, last):
    return [year for year in range(first, last + 1) if isleap(year)]
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "right.py").write_bytes(b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode())
    (tmp_path / "wrong.py").write_text("def leap_years(first, last):\n    print('\x1b[2J\\ud800')\n    return 0\n")
    (tmp_path / "broken.py").write_text("def leap_years(first:\n    return 0\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GREENROOM_NOTEBOOKS", str(ROOT / "notebooks"))
    return tmp_path


def grade(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["greenroom", "grade", *arguments])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert isinstance(caught.value.code, int)
    return caught.value.code


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_file_gives_one_json_object_in_the_order_given(
    files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["wrong.py", "right.py", "broken.py", "right.py"]
    assert grade(monkeypatch, "leap-years", *names, "--json", "--jobs", "3") == 0
    results = lines(capsys)
    assert [result["file"] for result in results] == names
    assert [result["verdict"] for result in results] == ["wrong_answer", "accepted", "syntax_error", "accepted"]
    assert all(list(result)[: len(KEYS)] == KEYS for result in results)
    assert results[0]["failing"]["stdout"] == "\x1b[2J\\ud800\n"
    assert results[2]["message"].startswith("Line 1, column 15")
    assert results[1]["score"] == results[1]["max_score"]
    assert files.exists()


def test_a_person_reads_the_verdict_and_why(
    files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert files.exists()
    assert grade(monkeypatch, "leap-years", "wrong.py", "right.py") == 0
    output = capsys.readouterr().out
    assert "wrong.py: wrong answer (WA)" in output
    assert "right.py: accepted (AC), 100 of 100 points" in output
    for label in ("    call:     leap_years(", "    expected: ", "    actual:   0", "      \\x1b[2J"):
        assert label in output
    assert "\x1b" not in output
    assert output.splitlines()[-1].startswith("2 files: ")


def test_a_file_that_the_grader_fails_on_makes_the_command_fail(
    files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a defect of ours")

    assert files.exists()
    monkeypatch.setattr(Judge, "_judge", fail)
    assert grade(monkeypatch, "leap-years", "right.py", "--json") == 1
    assert [result["verdict"] for result in lines(capsys)] == ["internal_error"]


def test_notebooks_are_graded_against_an_assignment(
    files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = find_spec("nbgrader")
    assert found is not None
    assert found.origin is not None
    shipped = Path(found.origin).parent / "tests" / "apps" / "files"
    (files / "damaged.ipynb").write_text("{")
    changed = str(shipped / "submitted-changed.ipynb")
    command = ["--assignment", str(shipped / "submitted-unchanged.ipynb"), changed, "damaged.ipynb", "--jobs", "1"]
    assert grade(monkeypatch, *command, "--json") == 0
    good, damaged = lines(capsys)
    assert list(good)[: len(KEYS)] == KEYS
    assert (good["file"], good["score"], good["passed"], good["total"]) == (changed, 2, 2, 2)
    assert good["needs_grading"] is True
    assert damaged["findings"][0]["kind"] == "unreadable"


def test_on_a_terminal_results_stand_on_lines_of_their_own_above_a_bar(files: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "greenroom_hub", "grade", "leap-years", "broken.py", "wrong.py"]
    with subprocess.Popen(command, cwd=files, stdin=theirs, stdout=theirs, stderr=theirs) as running:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal says that its last writer is gone
            while part := os.read(ours, 1 << 16):
                shown += part
        assert running.wait(60) == 0
    os.close(ours)
    assert b"grading" in shown
    assert b"0/2" in shown
    # Each result begins where the bar was erased, and no bar is left at the end.
    assert b"\x1b[2Kbroken.py: syntax error (CE)" in shown
    assert b"\x1b[2Kwrong.py: wrong answer (WA)" in shown
    assert shown.rstrip().endswith(b"\x1b[2K2 files: 1 syntax error, 1 wrong answer")
