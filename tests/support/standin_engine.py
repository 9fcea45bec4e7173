"""A stand-in for the judge. The code that it is given says what it answers: ``# verdict: wrong_answer``."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

from greenroom_grader.errors import InputError
from greenroom_grader.report import CaseReport, Growth, GrowthPoint, Report
from greenroom_problems import Verdict
from greenroom_service.judging import Answer, Difference, Example

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from greenroom_problems import Problem

_VERDICT = re.compile(r"# verdict: (\w+)")


class StandInEngine:
    """Judges by reading a comment. ``# wait`` waits for the test, ``# break`` fails as a broken grader does."""

    level = "stand-in"

    def __init__(self) -> None:
        self.judged: list[str] = []
        self.go = threading.Event()
        self.begun = threading.Event()
        self.closed = False
        #: Replaces verdicts, as a changed problem does.
        self.change: Callable[[Verdict], Verdict] = lambda verdict: verdict

    def judge(self, problem: Problem, source: str) -> Report:
        self.judged.append(source)
        self.begun.set()
        if "# wait" in source:
            self.go.wait(60)
        if "# break" in source:
            raise RuntimeError(source)
        found = _VERDICT.search(source)
        verdict = self.change(Verdict(found[1]) if found else Verdict.ACCEPTED)
        good = verdict is Verdict.ACCEPTED
        case = CaseReport(
            index=0,
            name="example 1",
            visible=True,
            verdict=verdict,
            cpu_ms=1.5,
            wall_ms=2.0,
            call="two_sum([2, 7], 9)",
            expected="[0, 1]",
            actual="[0, 1]" if good else "None",
            stdout="printed \x00 and \ud800",
        )
        return Report(
            problem=problem.id,
            verdict=verdict,
            score=1.0 if good else 0.0,
            max_score=1.0,
            passed=int(good),
            total=1,
            cpu_ms=1.5,
            wall_ms=2.0,
            memory_kb=9000,
            isolation=self.level,
            cases=(case,),
            message="All cases passed." if good else "A case failed.",
            failing=None if good else case,
            digest=problem.digest,
        )

    def growth(self, problem: Problem, source: str) -> Growth | None:
        if "# growth" not in source:
            return None
        return Growth(
            label="n",
            target=problem.complexity,
            message="about n, target n",
            points=(GrowthPoint(size=10, cpu_ms=1.0, reference_ms=1.0),),
        )

    def run(self, problem: Problem, source: str, inputs: Sequence[str]) -> tuple[Answer, ...]:
        if "# wait" in source:
            self.begun.set()
            self.go.wait(60)
        if any("(" in one for one in inputs):
            raise InputError("input 1 is not a Python literal; write for example [2, 7], 9")
        return tuple(
            Answer(
                call=f"{problem.entry.name}({one})",
                actual="1",
                expected="1",
                verdict=Verdict.ACCEPTED,
                stdout="",
                traceback="",
                message="",
                cpu_ms=0.5,
            )
            for one in inputs
        )

    def stress(self, problem: Problem, source: str) -> Difference:
        report = self.judge(problem, source)
        return Difference(tried=100, case=report.failing)

    def examples(self, problem: Problem) -> tuple[Example, ...]:
        return (Example(call=f"{problem.entry.name}([2, 7], 9)", expected="[0, 1]"),)

    def close(self) -> None:
        self.closed = True
        self.go.set()
