"""Hostile programs before the real judge: the verdict is right, nothing leaks or stays, the next student is safe."""

from __future__ import annotations

import dataclasses
import json
import math
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hostile_catalogue import FAMILIES
from hostile_levels import LEVELS, trials
from hostile_targets import TARGETS

from greenroom_problems.verdict import Verdict

if TYPE_CHECKING:
    from hostile_catalogue import HostileProgram
    from hostile_surroundings import Surroundings

    from conftest import Court
    from greenroom_grader.report import Report

pytestmark = pytest.mark.sandbox

#: Characters of JSON: far more than any report needs, far less than any flood.
_REPORT_SIZE = 400_000


def test_the_catalogue_is_complete(programs: tuple[HostileProgram, ...]) -> None:
    assert {program.family for program in programs} == FAMILIES
    assert len(programs) >= 120
    for program in programs:
        assert program.danger.endswith(".")
        assert program.problem in TARGETS
        assert program.verdicts
        assert Verdict.INTERNAL_ERROR not in program.verdicts
    assert not any(
        p.problem == "vault" and Verdict.ACCEPTED in p.verdicts for p in programs if p.family in {"frames", "answers"}
    )


def test_every_level_meets_every_family(programs: tuple[HostileProgram, ...]) -> None:
    met = {(level, program.family) for level, program in trials(programs, everything=False)}
    assert met == set(product(LEVELS, FAMILIES))


def test_hostile_program(court: Court, program: HostileProgram, surroundings: Surroundings, honest_probe: str) -> None:
    promised = not (program.needs & court.without)

    report = court.try_source(program.problem, program.source(surroundings.placeholders), program.zygote)

    summary = f"{report.verdict}: {report.message} | {[(c.verdict.value, c.message, c.actual) for c in report.cases]}"
    if promised:
        assert report.verdict in program.verdicts, summary
        assert "BREACH" not in str([(case.actual, case.stdout) for case in report.cases]), summary
    assert report.verdict is not Verdict.INTERNAL_ERROR, summary
    assert report.isolation == court.sandbox.level
    _assert_marks_follow_the_verdict(report)
    _assert_storable(report)
    _assert_nothing_leaked(report, program.problem, surroundings)
    _assert_next_is_safe(court, program, honest_probe)
    assert surroundings.reached() == []
    assert surroundings.changed() == []
    assert court.grown() == ""


def _assert_marks_follow_the_verdict(report: Report) -> None:
    if report.verdict is Verdict.ACCEPTED:
        assert report.passed == report.total
        assert report.score == report.max_score
        assert all(case.verdict is Verdict.ACCEPTED for case in report.cases)
    else:
        assert report.passed < report.total
        assert report.score < report.max_score


def _assert_storable(report: Report) -> None:
    """A report goes into a JSON column of PostgreSQL and over HTTP: no NUL, no lone surrogate, no NaN, no flood."""
    text = json.dumps(dataclasses.asdict(report), ensure_ascii=False, allow_nan=False)
    text.encode("utf-8")
    assert "\\u0000" not in text
    assert len(text) < _REPORT_SIZE
    assert all(math.isfinite(number) and number >= 0 for number in (report.cpu_ms, report.wall_ms, report.memory_kb))


def _assert_nothing_leaked(report: Report, problem: str, surroundings: Surroundings) -> None:
    text = json.dumps(dataclasses.asdict(report), ensure_ascii=False)
    for secret in (*TARGETS[problem].secrets, *surroundings.canaries):
        assert secret not in text


def _assert_next_is_safe(court: Court, program: HostileProgram, honest_probe: str) -> None:
    report = court.try_source("successor", honest_probe, program.zygote)
    assert report.verdict is Verdict.ACCEPTED, (report.message, report.cases)
