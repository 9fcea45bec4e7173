"""Reports as JSON, and as text on a terminal."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from greenroom_grader.assignments import AssignmentReport, CellReport, CellState, Finding, FindingKind, Protection
from greenroom_grader.assignments.metadata import Role
from greenroom_grader.commands.texts import assignment_text, printable, report_text
from greenroom_grader.report import CaseReport, Growth, GrowthPoint, Report
from greenroom_grader.report_json import report_from_dict, report_to_dict
from greenroom_problems import Verdict

CASE = CaseReport(
    index=1,
    name="hidden case 1, made smaller",
    visible=False,
    verdict=Verdict.WRONG_ANSWER,
    cpu_ms=0.5,
    wall_ms=0.7,
    call="total([-1])",
    expected="-1",
    actual="1",
    diff="- -1\n+ 1",
    stdout="adding\n",
    message="Wrong.",
)
WRONG = Report(
    problem="total",
    verdict=Verdict.WRONG_ANSWER,
    score=50.0,
    max_score=100.0,
    passed=1,
    total=2,
    cpu_ms=12.4,
    wall_ms=20.0,
    memory_kb=2048,
    isolation="bwrap+clone",
    cases=(replace(CASE, index=0, verdict=Verdict.ACCEPTED), CASE),
    message="1 of 2 cases passed. Wrong.",
    failing=CASE,
    digest="abc",
)
POINTS = tuple(GrowthPoint(size=n, cpu_ms=n * n, reference_ms=n) for n in range(1, 21))
SLOW = replace(
    WRONG,
    verdict=Verdict.ACCEPTED,
    failing=None,
    growth=Growth(label="n^2", target="n", message="about n^2, target n", points=POINTS),
)


@pytest.mark.parametrize("report", [WRONG, SLOW])
def test_a_report_survives_json(report: Report) -> None:
    assert report_from_dict(json.loads(json.dumps(report_to_dict(report)))) == report


def test_a_dict_of_something_else_is_refused() -> None:
    form = report_to_dict(WRONG)
    with pytest.raises(ValueError, match="verdict"):
        report_from_dict({**form, "verdict": "splendid"})


def test_a_failure_is_explained_on_the_terminal() -> None:
    assert report_text("a.py", WRONG).splitlines() == [
        "a.py: wrong answer (WA), 50 of 100 points, 12 ms CPU, 2.0 MiB",
        "  1 of 2 cases passed. Wrong.",
        "  hidden case 1, made smaller:",
        "    call:     total([-1])",
        "    expected: -1",
        "    actual:   1",
        "    difference:",
        "      - -1",
        "      + 1",
        "    printed:",
        "      adding",
    ]


def test_a_case_that_says_nothing_has_no_heading() -> None:
    silent = replace(CASE, name="loading your code", call=None, expected=None, actual=None, diff=None, stdout="")
    assert "loading your code" not in report_text("a.py", replace(WRONG, failing=silent))


def test_growth_is_shown_with_some_of_its_points() -> None:
    lines = report_text("a.py", SLOW).splitlines()
    assert lines[2] == "  growth: about n^2, target n"
    sizes = [int(line.split()[0]) for line in lines[4:]]
    assert len(sizes) == 6
    assert (sizes[0], sizes[-1]) == (1, 20)


def test_long_output_is_cut() -> None:
    failing = replace(CASE, stdout="x\n" * 500, call="y" * 9000, traceback="z" * 9000)
    text = report_text("a.py", replace(WRONG, failing=failing))
    assert "      (460 more lines)" in text.splitlines()
    assert max(map(len, text.splitlines())) < 700


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b]0;owned\x07", "\\x1b[2J\\x1b]0;owned\\x07"),
        ("a\rb", "a\\rb"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\ud800", "\\ud800"),
        ("\x9b31m", "\\x9b31m"),
        ("tab\tand\nnewline, é, 漢", "tab\tand\nnewline, é, 漢"),
    ],
)
def test_nothing_that_a_terminal_obeys_gets_through(text: str, shown: str) -> None:
    assert printable(text) == shown
    failing = replace(CASE, stdout=text, call=text, expected=text, actual=text, traceback=text, name=text)
    whole = report_text(text, replace(WRONG, failing=failing, message=text))
    assert printable(whole) == whole
    whole.encode()


def test_an_assignment_is_shown_cell_by_cell() -> None:
    cells = (
        CellReport(grade_id="sum", role=Role.TEST, state=CellState.PASSED, score=2, max_score=2),
        CellReport(
            grade_id="plot",
            role=Role.TEST,
            state=CellState.FAILED,
            score=0,
            max_score=1,
            protection=Protection.UNPROTECTED,
            reason="A figure would have to cross.",
            message="AssertionError: no title",
            stdout="drawing\n",
        ),
        CellReport(grade_id="essay", role=Role.MANUAL, state=CellState.NEEDS_GRADING, score=None, max_score=5),
    )
    report = AssignmentReport(
        assignment="ps1",
        file="ada.ipynb",
        cells=cells,
        findings=(Finding(FindingKind.DELETED, "sum", "It was missing."),),
    )
    assert assignment_text(report).splitlines() == [
        "ada.ipynb: 2 of 8 points, 1 of 2 tests passed, 1 cell waits for a person, 0 ms CPU",
        "  sum: passed, 2 of 2 points",
        "  plot: failed, 0 of 1 points",
        "    why:      AssertionError: no title",
        "    unprotected: A figure would have to cross.",
        "    printed:",
        "      drawing",
        "  essay: needs grading, 5 points",
        "  note, deleted: sum: It was missing.",
    ]
