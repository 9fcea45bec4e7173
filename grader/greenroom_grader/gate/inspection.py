"""Inspects one problem: everything that ``greenroom check`` asks of it, and what was measured on the way."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from greenroom_grader.errors import PublishError, SandboxError
from greenroom_grader.gate.completeness import MINIMUM_HIDDEN, completeness, visible_calls
from greenroom_grader.gate.examples import run_examples
from greenroom_grader.gate.inputs import check_inputs
from greenroom_grader.gate.mutate import Mutant, mutants
from greenroom_grader.gate.trial import Trial, Tried, open_trial
from greenroom_grader.publish import publish
from greenroom_problems import Finding, Kind, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from greenroom_grader.package import Package
    from greenroom_grader.sandbox.interface import Sandbox
    from greenroom_problems import Problem

#: The reference may use this part of the time limit.
MARGIN: Final = 0.2
#: This part of the mutants must be killed.
KILLED: Final = 0.9
#: CPU times are measured on busy machines: the best of so many runs counts.
TIMINGS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What the gate says about one problem."""

    problem: str
    findings: tuple[Finding, ...]
    mutants: int = 0
    killed: int = 0
    #: Surviving mutants that the author declared equivalent, with a reason.
    equivalent: int = 0
    survivors: tuple[Mutant, ...] = ()
    #: The slowest case of the reference.
    reference_ms: float = 0.0
    limit_ms: float = 0.0
    #: Wall time of the inspection.
    seconds: float = 0.0
    #: Whether this was found earlier and only remembered, see the gate's cache.
    cached: bool = False

    @property
    def score(self) -> float:
        """Part of the non-equivalent mutants that was killed; 1 when there are none."""
        counted = self.mutants - self.equivalent
        return self.killed / counted if counted else 1.0


def inspect(sandbox: Sandbox, problem: Problem) -> Inspection:
    """Put one problem through the gate. A fault of the sandbox is a finding: the others are still checked."""
    started = time.perf_counter()
    inspector = _Inspector(sandbox, problem)
    try:
        inspector.inspect()
    except PublishError as error:
        inspector.find("", str(error).removeprefix(f"{problem.id}: "))
    except SandboxError as error:
        inspector.find("", f"the sandbox failed: {error}", "run it again; see 'greenroom doctor'")
    return inspector.result(time.perf_counter() - started)


@dataclass(slots=True)
class _Inspector:
    sandbox: Sandbox
    problem: Problem
    findings: list[Finding] = field(default_factory=list)
    mutants: list[Mutant] = field(default_factory=list)
    survivors: list[Mutant] = field(default_factory=list)
    killed: int = 0
    equivalent: int = 0
    reference_ms: float = 0.0
    #: The reference's best CPU time by index of the case.
    case_ms: dict[int, float] = field(default_factory=dict)

    def find(self, place: str, message: str, fix: str = "") -> None:
        """Note a finding about this problem."""
        file = self.problem.path.name if self.problem.path is not None else self.problem.id
        self.findings.append(Finding(file=file, place=place, message=message, fix=fix))

    def result(self, seconds: float) -> Inspection:
        """What was found so far."""
        return Inspection(
            problem=self.problem.id,
            findings=tuple(self.findings),
            mutants=len(self.mutants),
            killed=self.killed,
            equivalent=self.equivalent,
            survivors=tuple(self.survivors),
            reference_ms=round(self.reference_ms, 3),
            limit_ms=self.problem.limits.cpu_seconds * 1000,
            seconds=round(seconds, 3),
        )

    def inspect(self) -> None:
        """Everything, from what costs nothing to what costs most; without a right reference the rest says nothing."""
        self.findings += completeness(self.problem)
        package = publish(self.sandbox, self.problem)
        self._cases(package)
        self.findings += run_examples(self.sandbox, self.problem)
        with open_trial(self.sandbox, package) as trial:
            if not self._reference(trial):
                return
            self._starter(trial)
            for wrong in self.problem.wrong:
                self._must_get(trial, f"wrong solution {wrong.name!r}", wrong.source, wrong.verdict)
            if self.problem.slow:
                self._must_get(trial, "slow solution", self.problem.slow, Verdict.TIME_LIMIT)
            self._mutation(trial)
        self.findings += check_inputs(self.sandbox, self.problem, package)

    def _cases(self, package: Package) -> None:
        if self.problem.kind is Kind.CELLS:
            return
        hidden = sum(not case.visible for case in package.cases)
        if hidden < MINIMUM_HIDDEN:
            self.find("tests", f"{hidden} of at least {MINIMUM_HIDDEN} hidden cases", "add edge cases and large ones")
        self._raises(package)
        if self.problem.kind is Kind.FUNCTION:
            shown = [case.steps[0].arguments for case in package.cases if case.visible]
            for call in visible_calls(self.problem):
                if call not in shown:
                    message = f"the example {self.problem.entry.name}{_arguments(call)} is no visible case"
                    self.find("statement", message, "add its arguments to examples in the tests cell")

    def _raises(self, package: Package) -> None:
        """An exception that the statement does not name is more likely a fault of the reference than what is wanted."""
        unnamed: dict[str, str] = {}
        for case in package.cases:
            for step, answer in zip(case.steps, case.answers, strict=False):
                if answer.raised and answer.raised not in self.problem.statement:
                    unnamed.setdefault(answer.raised, f"{case.name}: {step.name}")
        for name, where in unnamed.items():
            fix = f"name {name} in the statement if it is wanted, else correct the reference"
            self.find("solution", f"the reference raises {name} in {where}", fix)

    def _reference(self, trial: Trial) -> bool:
        """Whether the reference is accepted every time; whether it keeps its margin is a finding of its own."""
        allowed = self.problem.limits.cpu_seconds * 1000 * MARGIN
        best: Tried | None = None
        for number in range(TIMINGS):
            tried = trial.run(self.problem.solution)
            if tried.verdict is not Verdict.ACCEPTED:
                again = " when it ran again" if number else ""
                self.find("solution", f"the reference gets {tried.verdict}{again} in {tried.name}: {tried.why}")
                return False
            for index, cpu_ms in tried.cpu_ms.items():
                self.case_ms[index] = min(cpu_ms, self.case_ms.get(index, cpu_ms))
            if best is None or tried.slowest_ms < best.slowest_ms:
                best = tried
            # Twice at least, so that verdicts are the same twice; a third time only where time was scarce.
            if number >= 1 and best.slowest_ms <= allowed:
                break
        if best is not None:
            self.reference_ms = best.slowest_ms
            if best.slowest_ms > allowed:
                message = (
                    f"the reference takes {best.slowest_ms:.0f} ms in {best.slowest}, more than a fifth of the limit"
                )
                self.find("solution", message, "make the largest case smaller or limits.cpu_seconds larger")
        return True

    def _starter(self, trial: Trial) -> None:
        if trial.run(self.problem.starter).verdict is Verdict.ACCEPTED:
            self.find("starter", "the starter is accepted", "leave the work to the student")

    def _must_get(self, trial: Trial, name: str, source: str, verdict: Verdict) -> None:
        tried = trial.run(source)
        if tried.verdict is not verdict:
            where = f" in {tried.name}: {tried.why}" if tried.name else ""
            self.find(name, f"got {tried.verdict}{where}; must get {verdict}", _advice(tried.verdict, verdict))
            return
        # A second run of a time limit is dear: the case that decided is enough.
        only = tried.case if verdict is Verdict.TIME_LIMIT else None
        again = trial.run(source, only=only)
        if again.verdict is not verdict:
            self.find(name, f"got {verdict} and then {again.verdict}", "make it, or the case, independent of chance")

    def _mutation(self, trial: Trial) -> None:
        skip = f"{self.problem.given.rstrip()}\n\n\n" if self.problem.given else ""
        self.mutants = mutants(self.problem.solution, skip=skip)
        declared = {item.line: item for item in self.problem.equivalent}
        met: set[str] = set()
        for mutant in self.mutants:
            if trial.distinguish(mutant.source, self.case_ms).verdict is not Verdict.ACCEPTED:
                self.killed += 1
            elif mutant.after in declared:
                met.add(mutant.after)
                self.equivalent += 1
            else:
                self.survivors.append(mutant)
        self._stale(line for line in declared if line not in met)
        self._score()

    def _stale(self, lines: Iterable[str]) -> None:
        for line in lines:
            fix = "delete it, or copy the line as it was printed"
            self.find("front matter", f"equivalent: no mutant with the line {line!r} survives", fix)

    def _score(self) -> None:
        counted = len(self.mutants) - self.equivalent
        if not counted or self.killed >= KILLED * counted:
            return
        message = f"{self.killed} of {counted} mutants of the reference are killed, less than {KILLED:.0%}"
        self.find("tests", message, "add cases that the survivors fail, or list them under equivalent with a reason")


def _arguments(call: tuple[object, ...]) -> str:
    text = repr(call) if len(call) != 1 else f"({call[0]!r})"
    return text if len(text) <= 80 else f"{text[:77]}..."


def _advice(got: Verdict, wanted: Verdict) -> str:
    if got is Verdict.ACCEPTED and wanted is Verdict.TIME_LIMIT:
        return "add a larger hidden case"
    if got is Verdict.ACCEPTED:
        return "add a case that catches it"
    return "the first failing case decides: change its verdict or the order of the cases"
