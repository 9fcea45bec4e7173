"""Runs many programs against one published problem, and stops each at the first case that it fails.

A submission of a student is judged in full and explained; here only the verdict counts, and there are hundreds. Mutants
are most of them, and of a mutant only one thing is asked: does any case tell it from the reference? So it meets the
cases that caught others before it first, and an endless loop is not waited for as long as a student's would be.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Protocol, Self

from greenroom_grader.authored import explain
from greenroom_grader.deciding import Decider, failure_of
from greenroom_grader.sandbox.interface import Ending
from greenroom_grader.session import Session, box_limits
from greenroom_problems.problem import Kind
from greenroom_problems.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    from greenroom_grader.package import Package
    from greenroom_grader.sandbox.interface import Outcome, Sandbox

#: A mutant that takes this many times the reference's CPU time for one case, and no less than the seconds below, is
#: killed by time: waiting for the full limit of every endless loop would take ten times as long and say the same.
SLOWDOWN: Final = 25.0
LEAST_CPU_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of one program."""

    verdict: Verdict
    #: Index of the case that it failed; None when accepted, or when it did not load.
    case: int | None = None
    #: The name of that case, and why it failed.
    name: str = ""
    why: str = ""
    #: The most CPU that one case took, and the name of that case.
    slowest_ms: float = 0.0
    slowest: str = ""
    #: CPU milliseconds by index of the cases that were played.
    cpu_ms: Mapping[int, float] = field(default_factory=dict)


class Trial(Protocol):
    """One published problem, ready to try programs on. A context manager; not thread-safe."""

    def run(self, source: str, *, only: int | None = None) -> Tried:
        """Try a program under the problem's own limits, in the order of the cases.

        Args:
            source: Of the program.
            only: Play this one case instead of all.

        Raises:
            SandboxError: a box failed us.
        """
        ...

    def distinguish(self, source: str, reference_ms: Mapping[int, float]) -> Tried:
        """Try a mutant: whether any case tells it from the reference, asked in the order that answers soonest.

        Args:
            source: Of the mutant.
            reference_ms: CPU milliseconds of the reference by index of the case; every limit follows from them.

        Raises:
            SandboxError: a box failed us.
        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_trial(sandbox: Sandbox, package: Package) -> Trial:
    """The trial for a problem's kind."""
    return CellsTrial(sandbox, package) if package.kind is Kind.CELLS else CallsTrial(sandbox, package)


def mutant_cpu_seconds(reference_ms: float, limit: float) -> float:
    """The CPU limit of a mutant in a case for which the reference took so long; never more than the problem's own."""
    return min(limit, max(LEAST_CPU_SECONDS, reference_ms * SLOWDOWN / 1000))


class CallsTrial:
    """Functions and classes: cases are played until one fails."""

    def __init__(self, sandbox: Sandbox, package: Package) -> None:
        self._sandbox = sandbox
        self._package = package
        self._decider = Decider(sandbox, package)
        #: How many programs each case caught.
        self._caught: Counter[int] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._decider.close()

    def run(self, source: str, *, only: int | None = None) -> Tried:
        """See Trial."""
        order = range(len(self._package.cases)) if only is None else (only,)
        return self._play(source, order, self._package.limits.cpu_seconds)

    def distinguish(self, source: str, reference_ms: Mapping[int, float]) -> Tried:
        """See Trial. A box has one limit, so cases of one limit share it; those of the shortest come first."""
        tiers: dict[float, list[int]] = {}
        for index in range(len(self._package.cases)):
            limit = mutant_cpu_seconds(reference_ms.get(index, 0.0), self._package.limits.cpu_seconds)
            tiers.setdefault(_rounded(limit, self._package.limits.cpu_seconds), []).append(index)
        tried = Tried(verdict=Verdict.ACCEPTED)
        for limit, indices in sorted(tiers.items()):
            indices.sort(key=lambda index: -self._caught[index])  # stable: the written order breaks ties
            tried = self._play(source, indices, limit)
            if tried.verdict is not Verdict.ACCEPTED:
                break
        return tried

    def _play(self, source: str, order: Iterable[int], cpu_seconds: float) -> Tried:
        cpu_ms: dict[int, float] = {}
        limits = box_limits(replace(self._package.limits, cpu_seconds=cpu_seconds))
        with Session(self._sandbox, self._package, source, limits=limits) as session:
            loaded = session.load()
            if loaded.ending is not Ending.RETURNED:
                return Tried(verdict=failure_of(loaded) or Verdict.RUNTIME_ERROR, why=explain(loaded))
            for index in order:
                case = self._package.cases[index]
                result = self._decider.play(session, case)
                cpu_ms[index] = result.played.cpu_ms
                if result.verdict is not Verdict.ACCEPTED:
                    self._caught[index] += 1
                    why = result.why or explain(result.outcome)
                    return self._tried(cpu_ms, verdict=result.verdict, case=index, name=case.name, why=why)
        return self._tried(cpu_ms, verdict=Verdict.ACCEPTED)

    def _tried(
        self, cpu_ms: Mapping[int, float], *, verdict: Verdict, case: int | None = None, name: str = "", why: str = ""
    ) -> Tried:
        slowest = max(cpu_ms, key=lambda index: cpu_ms[index], default=None)
        return Tried(
            verdict=verdict,
            case=case,
            name=name,
            why=why,
            slowest_ms=0.0 if slowest is None else cpu_ms[slowest],
            slowest="" if slowest is None else self._package.cases[slowest].name,
            cpu_ms=cpu_ms,
        )


def _rounded(limit: float, most: float) -> float:
    """Up to a few round limits, so that a mutant needs few boxes."""
    rounded = LEAST_CPU_SECONDS
    while rounded < limit:
        rounded *= 2
    return min(rounded, most)


class CellsTrial:
    """Cells: the assert cells run after the solution, in its box; all of it is the author's code."""

    def __init__(self, sandbox: Sandbox, package: Package) -> None:
        self._sandbox = sandbox
        self._package = package

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held between runs."""

    def run(self, source: str, *, only: int | None = None) -> Tried:
        """See Trial. ``only`` plays the cells up to that one."""
        return self._play(source, self._package.limits.cpu_seconds, only=only)

    def distinguish(self, source: str, reference_ms: Mapping[int, float]) -> Tried:
        """See Trial. Cells build on each other: their order is fixed, and they share one limit."""
        slowest = max(reference_ms.values(), default=0.0)
        return self._play(source, mutant_cpu_seconds(slowest, self._package.limits.cpu_seconds))

    def _play(self, source: str, cpu_seconds: float, *, only: int | None = None) -> Tried:
        cells = self._package.cells if only is None else self._package.cells[: only + 1]
        slowest_ms, slowest = 0.0, ""
        cpu_ms: dict[int, float] = {}
        limits = box_limits(replace(self._package.limits, cpu_seconds=cpu_seconds))
        with self._sandbox.box(self._package.zygote, limits) as box:
            loaded = box.load(source)
            if loaded.ending is not Ending.RETURNED:
                return Tried(verdict=failure_of(loaded) or Verdict.RUNTIME_ERROR, why=explain(loaded))
            for index, cell in enumerate(cells):
                outcome = box.load(cell.source, filename=cell.grade_id)
                cpu_ms[index] = outcome.cpu_ms
                if outcome.cpu_ms > slowest_ms:
                    slowest_ms, slowest = outcome.cpu_ms, cell.grade_id
                verdict = _cell_verdict(outcome)
                if verdict is not Verdict.ACCEPTED:
                    return Tried(
                        verdict=verdict,
                        case=index,
                        name=cell.grade_id,
                        why=explain(outcome),
                        slowest_ms=slowest_ms,
                        slowest=slowest,
                        cpu_ms=cpu_ms,
                    )
        return Tried(verdict=Verdict.ACCEPTED, slowest_ms=slowest_ms, slowest=slowest, cpu_ms=cpu_ms)


def _cell_verdict(outcome: Outcome) -> Verdict:
    if outcome.ending is Ending.RETURNED:
        return Verdict.ACCEPTED
    if outcome.raised is not None and outcome.raised.type_name == "AssertionError":
        return Verdict.WRONG_ANSWER
    return failure_of(outcome) or Verdict.RUNTIME_ERROR
