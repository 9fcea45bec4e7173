"""The failing case that a student is shown: the smallest input found that still fails in the same way.

Three boxes work on it: the problem's ``valid`` keeps inputs legal, the reference says what is right, and the student's
code is asked again. What is shown in the end was confirmed in a box that had seen no other case.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Self

from greenroom_grader.authored import Authored
from greenroom_grader.casereport import report_case
from greenroom_grader.compare import canonical, contains_opaque
from greenroom_grader.deciding import CaseResult, Decider
from greenroom_grader.errors import PublishError, SandboxError
from greenroom_grader.sandbox.interface import Ending
from greenroom_grader.session import ALIVE, Session, answer_of, box_limits
from greenroom_grader.shrink import shrink, simpler_case
from greenroom_problems.problem import Kind, Reveal
from greenroom_problems.verdict import Verdict

if TYPE_CHECKING:
    from types import TracebackType

    from greenroom_grader.package import Answer, Case, Package, Step
    from greenroom_grader.report import CaseReport
    from greenroom_grader.sandbox.interface import BoxLimits, Outcome, Sandbox

#: CPU seconds that stand for the limit while a case is made smaller that runs out of time.
_SHORT_CPU: Final = 0.5
#: Inputs that are longer than this, in bytes of their canonical form, are first looked for among small generated ones.
_LONG: Final = 200
_SEEDS: Final = 60
_ALONE: Final = (
    " Run alone, this case passes: look for state kept between calls: a global, a mutable default argument, or chance."
)


class Oracle:
    """Says what the reference and the student's code make of any input. A context manager; not thread-safe."""

    def __init__(self, sandbox: Sandbox, package: Package, source: str, *, limits: BoxLimits | None = None) -> None:
        self._sandbox = sandbox
        self._package = package
        self._stack = ExitStack()
        reference_limits = box_limits(package.limits, cpu_factor=2.0)
        self._reference = self._stack.enter_context(
            Session(sandbox, package, package.reference, limits=reference_limits, filename="reference")
        )
        self._student = self._stack.enter_context(Session(sandbox, package, source, limits=limits))
        self._decider = self._stack.enter_context(Decider(sandbox, package))
        self._authored: Authored | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def student(self) -> Session:
        """The student's program."""
        return self._student

    def authored(self) -> Authored:
        """The tests cell, in a box of its own.

        Raises:
            SandboxError: it does not run, although it did when the problem was published.
        """
        if self._authored is None:
            package = self._package
            try:
                made = Authored(
                    self._sandbox, tests=package.tests, kind=package.kind, entry=package.entry, zygote=package.zygote
                )
            except PublishError as error:
                raise SandboxError(f"{package.problem}: {error}") from error
            self._authored = self._stack.enter_context(made)
        return self._authored

    def valid(self, steps: tuple[Step, ...]) -> bool:
        """Whether the problem allows the input; always, where it does not say."""
        if "valid" not in self._package.helpers:
            return True
        try:
            return self.authored().valid(steps)
        except SandboxError:
            self._authored = None
            return False

    def generated(self, seed: int, size: int) -> tuple[Step, ...] | None:
        """One case of the problem's generator; None where it makes none that is allowed."""
        try:
            steps = self.authored().generate(seed, size).steps
        except PublishError:
            self._authored = None  # its box may be gone
            return None
        return steps if self.valid(steps) else None

    def expected(self, steps: tuple[Step, ...]) -> tuple[Answer, ...] | None:
        """The answers of the reference; None where it does not answer."""

        def go_on(number: int, outcome: Outcome) -> bool:
            return not (self._package.kind is Kind.CLASS and number == 0 and outcome.ending is Ending.RAISED)

        try:
            played = self._reference.play(steps, go_on)
        except ValueError:
            return None
        answers = tuple(answer_of(self._package, outcome) for outcome in played.outcomes)
        opaque = any(contains_opaque(answer.value) or contains_opaque(answer.arguments) for answer in answers)
        return None if played.last.ending not in ALIVE or opaque else answers

    def judge(self, case: Case) -> CaseResult:
        """The student's code against the case's answers."""
        return self._decider.play(self._student, case)


def smallest(
    sandbox: Sandbox, package: Package, source: str, result: CaseResult, report: CaseReport, seconds: float
) -> CaseReport:
    """The report of the smallest failing input found, or of the failing case itself.

    Args:
        sandbox: Where boxes come from.
        package: The problem.
        source: The submission.
        result: What became of its first failing case.
        report: The report of that case.
        seconds: Wall seconds that this may take.

    Raises:
        SandboxError: no box could be had.
    """
    if result.verdict not in {Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR, Verdict.TIME_LIMIT}:
        return report
    hidden = not result.case.visible and result.case.reveal is not Reveal.NOTHING
    found = result
    if hidden and "valid" in package.helpers:
        found = _Search(sandbox, package, source, result, seconds).run()
    if found is not result:
        shown = report_case(package, report.index, found, explained=True)
        return replace(shown, name=f"{report.name}, made smaller")
    if (
        result.verdict is not Verdict.TIME_LIMIT
        and report.index
        and _passes_alone(sandbox, package, source, result.case)
    ):
        return replace(report, message=report.message + _ALONE)
    return report


def _passes_alone(sandbox: Sandbox, package: Package, source: str, case: Case) -> bool:
    with Session(sandbox, package, source) as session, Decider(sandbox, package) as decider:
        return decider.play(session, case).verdict is Verdict.ACCEPTED


class _Search:
    """One hunt for a smaller failing case."""

    def __init__(self, sandbox: Sandbox, package: Package, source: str, result: CaseResult, seconds: float) -> None:
        self._sandbox = sandbox
        self._package = package
        self._source = source
        self._result = result
        self._deadline = time.monotonic() + seconds
        self._first_deadline = time.monotonic() + seconds / 3

    def run(self) -> CaseResult:
        """A smaller failing result, or the one that it began with."""
        result = self._result
        limits = box_limits(self._package.limits)
        if result.verdict is Verdict.TIME_LIMIT:
            limits = replace(limits, cpu_seconds=min(limits.cpu_seconds, _SHORT_CPU))
        with Oracle(self._sandbox, self._package, self._source, limits=limits) as oracle:
            steps = result.case.steps[: result.step + 1]
            if _size(steps) > _LONG:
                small = self._small_generated(oracle)
                if small is None and result.verdict is Verdict.TIME_LIMIT:
                    return result  # slow on large inputs alone: smaller ones would not show it
                steps = small or steps

            def fails(candidate: tuple[Step, ...]) -> bool:
                return self._fails(oracle, candidate) is not None

            smaller = shrink(steps, simpler_case, fails, deadline=self._deadline)
            answers = oracle.expected(smaller)
        if answers is None or _size(smaller) >= _size(result.case.steps):
            return result
        return self._confirmed(replace(result.case, steps=smaller, answers=answers))

    def _small_generated(self, oracle: Oracle) -> tuple[Step, ...] | None:
        if "generate" not in self._package.helpers:
            return None
        for seed in range(_SEEDS):
            if time.monotonic() >= self._first_deadline:
                return None
            steps = oracle.generated(seed, 1 + seed // 6)
            if steps is not None and self._fails(oracle, steps):
                return steps
        return None

    def _fails(self, oracle: Oracle, steps: tuple[Step, ...]) -> CaseResult | None:
        """The result, when the input is allowed and the code fails on it as it did at first."""
        if not oracle.valid(steps):
            return None
        answers = oracle.expected(steps)
        if answers is None:
            return None
        result = oracle.judge(replace(self._result.case, steps=steps, answers=answers))
        return result if _alike(result, self._result) else None

    def _confirmed(self, case: Case) -> CaseResult:
        """The case once more, under the real limits, in boxes that have seen nothing else."""
        with (
            Session(self._sandbox, self._package, self._source) as session,
            Decider(self._sandbox, self._package) as decider,
        ):
            again = decider.play(session, case)
        return again if _alike(again, self._result) else self._result


def _alike(result: CaseResult, first: CaseResult) -> bool:
    """The same verdict, and for an exception the same type: the same fault, as far as one can tell."""
    if result.verdict is not first.verdict:
        return False
    one, other = result.outcome.raised, first.outcome.raised
    return result.verdict is not Verdict.RUNTIME_ERROR or (one and one.type_name) == (other and other.type_name)


def _size(steps: tuple[Step, ...]) -> int:
    return sum(len(canonical(step.arguments)) + len(step.name) for step in steps)
