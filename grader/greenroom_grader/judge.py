"""The judge: a package and a source in, a report out.

The rule of the overall verdict: cases are judged in the order of the package, visible ones first, and the verdict of
the submission is that of its first failing case. A source that does not load gets the verdict of loading it.

Every case is a question of its own: one input goes into the student's box when it is its turn, one value comes out, and
the comparison is made here. A box that dies is replaced so that later cases are still seen, a bounded number of times.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from greenroom_grader import asserting, explain, growth, publish, runs
from greenroom_grader.casereport import report_case, runtime_message, syntax_message, undefined
from greenroom_grader.deciding import Decider, failure_of
from greenroom_grader.errors import SandboxError, UnsupportedError
from greenroom_grader.report import CaseReport, Report
from greenroom_grader.sandbox.interface import Ending
from greenroom_grader.session import Session
from greenroom_grader.show import clip
from greenroom_problems.problem import Kind
from greenroom_problems.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenroom_grader.deciding import CaseResult
    from greenroom_grader.package import Package
    from greenroom_grader.report import Growth
    from greenroom_grader.runs import RunReport, StressReport
    from greenroom_grader.sandbox.interface import Outcome, Sandbox
    from greenroom_problems.problem import Problem

_log = logging.getLogger(__name__)

MAX_SCORE: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeOptions:
    """What a judgement may cost beyond its cases."""

    #: Boxes that may die before the remaining cases are left out.
    deaths: int = 3
    #: Of these, how many may die at a time limit: each costs the student whole seconds of waiting.
    timeouts: int = 2
    #: Seconds for making a failing hidden case smaller.
    shrink_seconds: float = 2.0
    #: Measure the growth of accepted submissions, where the problem has a target and a generator.
    growth: bool = True
    #: Wall seconds for measuring growth.
    growth_seconds: float = 3.0


class Judge:
    """Publishes, judges and runs. Thread-safe, like the sandbox it is given; it keeps no state between calls."""

    def __init__(self, sandbox: Sandbox, options: JudgeOptions | None = None) -> None:
        self._sandbox = sandbox
        self._options = options or JudgeOptions()

    def publish(self, problem: Problem) -> Package:
        """The package of a problem, with the answers of its reference.

        Raises:
            PublishError: naming the problem, the cell, the case, and what to do.
            SandboxError: no box could be had.
        """
        return publish.publish(self._sandbox, problem)

    def judge(self, package: Package, source: str) -> Report:
        """Judge a submission; a fault of ours is tried once more, then reported as internal_error. Raises nothing."""
        for attempt in (1, 2):
            try:
                return self._judge(package, source)
            except Exception as error:  # noqa: BLE001 - whatever breaks in here is our fault, never the student's
                # The type and our own sentence, no student code: logs hold none.
                told = str(error) if isinstance(error, SandboxError) else type(error).__name__
                _log.warning("judging %s failed (attempt %d): %s", package.problem, attempt, told)
        return Report(
            problem=package.problem,
            verdict=Verdict.INTERNAL_ERROR,
            score=0.0,
            max_score=MAX_SCORE,
            passed=0,
            total=len(package.cases) or len(package.cells),
            cpu_ms=0.0,
            wall_ms=0.0,
            memory_kb=0,
            isolation=self._sandbox.level,
            cases=(),
            message="The grader failed, not your code. This does not count; please submit again in a while.",
            digest=package.digest,
        )

    def run(self, package: Package, source: str, inputs: Sequence[str]) -> tuple[RunReport, ...]:
        """Answer a student's own inputs by their code and by the reference; see runs.run."""
        return runs.run(self._sandbox, package, source, inputs)

    def stress(self, package: Package, source: str, seconds: float = 5.0) -> StressReport:
        """Random inputs until the submission and the reference differ; see runs.stress."""
        return runs.stress(self._sandbox, package, source, seconds)

    def growth(self, package: Package, source: str) -> Growth:
        """How the running time grows with the input; see growth.measure."""
        return growth.measure(self._sandbox, package, source, self._options.growth_seconds)

    def _judge(self, package: Package, source: str) -> Report:
        if package.kind is Kind.CELLS:
            return asserting.judge(self._sandbox, package, source, most=MAX_SCORE)
        started = time.perf_counter()
        with Session(self._sandbox, package, source) as session:
            loaded = session.load()
            if loaded.ending is not Ending.RETURNED:
                report = self._unloaded(package, session, loaded)
            else:
                report = self._cases(package, source, session)
            isolation, memory_kb = session.level, session.memory_kb
        wall_ms = (time.perf_counter() - started) * 1000
        return replace(report, wall_ms=round(wall_ms, 3), isolation=isolation, memory_kb=memory_kb)

    def _unloaded(self, package: Package, session: Session, outcome: Outcome, *, message: str = "") -> Report:
        """The source does not load, or lacks what the cases call: no case was played."""
        verdict = failure_of(outcome) or Verdict.RUNTIME_ERROR
        if not message:
            message = _load_message(outcome, verdict)
        case = CaseReport(
            index=0,
            name="loading your code",
            visible=True,
            verdict=verdict,
            cpu_ms=outcome.cpu_ms,
            wall_ms=outcome.wall_ms,
            stdout=clip(outcome.stdout, 8000),
            traceback=clip(outcome.raised.traceback, 6000) if outcome.raised is not None else "",
            message=message,
        )
        return replace(
            _report(package, verdict, [], session.level), message=message, failing=case, cpu_ms=outcome.cpu_ms
        )

    def _cases(self, package: Package, source: str, session: Session) -> Report:
        with Decider(self._sandbox, package) as decider:
            results = self._play(package, session, decider)
        if undefined(results[-1].outcome) and (missing := _missing(package, session.names())):
            return self._unloaded(package, session, results[-1].outcome, message=missing)
        session.close()
        first = next((index for index, item in enumerate(results) if item.verdict is not Verdict.ACCEPTED), None)
        if first is None:
            report = _report(package, Verdict.ACCEPTED, results, session.level)
            return self._with_growth(package, source, report)
        report = _report(package, results[first].verdict, results, session.level, explained=first)
        failing = explain.smallest(
            self._sandbox, package, source, results[first], report.cases[first], self._options.shrink_seconds
        )
        return replace(report, failing=failing, message=_failed_message(report, failing))

    def _play(self, package: Package, session: Session, decider: Decider) -> list[CaseResult]:
        """Judge case by case until all are judged or too many boxes died."""
        results: list[CaseResult] = []
        timeouts = 0
        for case in package.cases:
            result = decider.play(session, case)
            results.append(result)
            timeouts += result.verdict is Verdict.TIME_LIMIT
            if (
                session.deaths >= self._options.deaths
                or timeouts >= self._options.timeouts
                or undefined(result.outcome)
            ):
                break
        return results

    def _with_growth(self, package: Package, source: str, report: Report) -> Report:
        if not (self._options.growth and package.complexity and "generate" in package.helpers):
            return report
        try:
            return replace(report, growth=self.growth(package, source))
        except (SandboxError, UnsupportedError) as error:
            # The verdict stands without it.
            _log.warning("growth of %s was not measured: %s", package.problem, error)
            return report


def _missing(package: Package, names: frozenset[str]) -> str:
    """Which function or class of the entry the source does not define, as a sentence; empty when all are there."""
    wanted = [package.entry.name] if package.kind is Kind.CLASS else [item.name for item in package.entry.signatures]
    absent = [name for name in wanted if name not in names]
    if not absent:
        return ""
    what = "class" if package.kind is Kind.CLASS else "function"
    own = sorted(name for name in names if not name.startswith("_"))
    others = f"; it defines {', '.join(own[:5])}" if own else ""
    return clip(f"Your code defines no {what} named {absent[0]}{others}.", 300)


def _load_message(outcome: Outcome, verdict: Verdict) -> str:
    if verdict is Verdict.SYNTAX_ERROR:
        return syntax_message(outcome.raised)
    if verdict is Verdict.RUNTIME_ERROR:
        return f"Before any case, while the code was loaded: {runtime_message(outcome)}"
    return f"Before any case, while the code was loaded, it met the {verdict.value.replace('_', ' ')}."


def _report(
    package: Package, verdict: Verdict, results: Sequence[CaseResult], level: str, *, explained: int | None = None
) -> Report:
    total = len(package.cases)
    passed = sum(item.verdict is Verdict.ACCEPTED for item in results)
    return Report(
        problem=package.problem,
        verdict=verdict,
        score=MAX_SCORE if verdict is Verdict.ACCEPTED else round(MAX_SCORE * passed / max(total, 1), 2),
        max_score=MAX_SCORE,
        passed=passed,
        total=total,
        cpu_ms=round(sum(item.played.cpu_ms for item in results), 3),
        wall_ms=0.0,
        memory_kb=0,
        isolation=level,
        cases=tuple(
            report_case(package, index, result, explained=index == explained) for index, result in enumerate(results)
        ),
        message=f"All {total} cases passed." if verdict is Verdict.ACCEPTED else "",
        digest=package.digest,
    )


def _failed_message(report: Report, failing: CaseReport) -> str:
    left_out = report.total - len(report.cases)
    skipped = f" {left_out} more were not run." if left_out else ""
    return f"{report.passed} of {report.total} cases passed.{skipped} {failing.message}".strip()
