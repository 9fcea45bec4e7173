"""What ``./greenroom test`` and ``./greenroom test --fast`` count, and how they end."""

from __future__ import annotations

import sys
from concurrent.futures import Future
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from greenroom_hub import cli, suites
from greenroom_hub.paths import House
from greenroom_hub.suites import Count, Need, Suite

if TYPE_CHECKING:
    from pathlib import Path

REPORT = """<testsuites><testsuite name="a" tests="5" failures="1" errors="1" skipped="1"/>
<testsuite name="b" tests="2" failures="0" skipped="0"/></testsuites>"""


def test_a_report_is_counted_over_all_its_suites(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert suites.read_report(report) == Count(passed=4, failed=2, skipped=1)


@pytest.mark.parametrize(
    ("status", "report", "expected"),
    [
        (0, REPORT, Count(passed=4, failed=2, skipped=1)),
        (1, "", Count(failed=1)),
        (3, '<testsuites><testsuite tests="1" failures="0"/></testsuites>', Count(passed=1, failed=1)),
        (0, '<testsuites><testsuite tests="1" failures="0"/></testsuites>', Count(passed=1)),
        (5, "", Count()),
    ],
)
def test_a_runner_that_fails_without_saying_so_counts_as_a_failure(
    tmp_path: Path, status: int, report: str, expected: Count
) -> None:
    source = (
        "import sys; report = sys.argv[2]; report and open(sys.argv[1], 'w').write(report); sys.exit(int(sys.argv[3]))"
    )

    def command(place: Path) -> list[str]:
        return [sys.executable, "-c", source, str(place), report, str(status)]

    assert suites.counted(command, cwd=tmp_path, environment={}) == expected


@pytest.mark.parametrize(
    ("counts", "status", "last"),
    [
        ({Suite.PYTHON: Count(3), Suite.TYPESCRIPT: Count(2, skipped=1)}, 0, "5 passed, 0 failed, 1 skipped in "),
        ({Suite.PYTHON: Count(3, 1), Suite.TYPESCRIPT: Count(2)}, 1, "5 passed, 1 failed, 0 skipped in "),
    ],
)
def test_the_closing_line_counts_and_the_status_tells(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    counts: dict[Suite, Count],
    status: int,
    last: str,
) -> None:
    monkeypatch.setattr(
        suites, "run_suite", lambda suite, *, fast, fetched: counts[suite] if fast and fetched else Count()
    )
    assert cli.run(["test", "--fast"]) == status
    assert capsys.readouterr().out.splitlines()[-1].startswith(last)


def test_a_suite_whose_programs_cannot_be_had_is_skipped_loudly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser: needs one\n")
    source = "import pytest\n@pytest.mark.browser\n@pytest.mark.parametrize('n', [1, 2])\ndef test_it(n): ...\n"
    (tmp_path / "test_walk.py").write_text(source + "def test_other(): ...\n")
    monkeypatch.setenv("GREENROOM_NO_APT", "1")
    monkeypatch.setattr(suites, "house", lambda: House(tmp_path))
    monkeypatch.setitem(suites.NEEDS, Suite.BROWSER, (Need(("no-such-browser",), "chromium"),))
    monkeypatch.setattr(suites, "prepare", lambda: None)
    fetched: Future[None] = Future()
    fetched.set_result(None)
    assert suites.run_suite(Suite.BROWSER, fast=False, fetched=fetched) == Count(skipped=2)
    said = capsys.readouterr().err
    assert "SKIPPED: the browser suite cannot run here; install it first: sudo apt install chromium" in said


def test_the_suites_share_the_tests_out_between_them() -> None:
    assert set(suites.MARKS) == set(Suite) - {Suite.TYPESCRIPT}
    assert set(suites.NEEDS) == set(Suite)


STEADY = "def test_steady(): pass\n"
ONCE = """
from pathlib import Path
from types import SimpleNamespace

def test_once():
    mark = Path(__file__).with_name("mark")
    if not mark.exists():
        mark.touch()
        raise AssertionError("the first time")
"""
NEVER = "def test_never(): raise AssertionError\n"


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        (STEADY, Count(passed=1)),
        (STEADY + ONCE, Count(passed=2)),
        (STEADY + ONCE + NEVER, Count(passed=2, failed=1)),
        ("raise SystemError('no test can be collected')\n", Count(failed=1)),
    ],
)
def test_what_failed_is_run_once_more_by_itself(
    tests: str, expected: Count, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "test_some.py").write_text(tests)
    monkeypatch.setattr(suites, "house", lambda: SimpleNamespace(root=tmp_path, venv=tmp_path / ".venv"))
    assert suites.run_pytest("not browser", 1) == expected
