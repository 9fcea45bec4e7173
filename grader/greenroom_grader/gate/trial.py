"""Runs many programs against one published problem, and stops each at the first case that it fails.

A submission of a student is judged in full and explained; here only the verdict counts, and there are hundreds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, Self

from greenroom_grader.authored import explain
from greenroom_grader.deciding import Decider, failure_of
from greenroom_grader.sandbox.interface import Ending
from greenroom_grader.session import Session, box_limits
from greenroom_problems.problem import Kind
from greenroom_problems.verdict import Verdict

if TYPE_CHECKING:
    from types import TracebackType

    from greenroom_grader.package import Package
    from greenroom_grader.sandbox.interface import BoxLimits, Outcome, Sandbox


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


class Trial(Protocol):
    """One published problem, ready to try programs on. A context manager; not thread-safe."""

    def run(
        self, source: str, *, cpu_seconds: float | None = None, only: int | None = None, eager: bool = False
    ) -> Tried:
        """Try a program.

        Args:
            source: Of the program.
            cpu_seconds: Another limit per case than the problem's.
            only: Play this one case instead of all.
            eager: Begin with the cases that caught earlier programs: the same question, answered sooner.

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


def _limits(package: Package, cpu_seconds: float | None) -> BoxLimits:
    limits = package.limits if cpu_seconds is None else replace(package.limits, cpu_seconds=cpu_seconds)
    return box_limits(limits)


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

    def run(
        self, source: str, *, cpu_seconds: float | None = None, only: int | None = None, eager: bool = False
    ) -> Tried:
        """See Trial."""
        order = list(range(len(self._package.cases))) if only is None else [only]
        if eager:
            order.sort(key=lambda index: -self._caught[index])  # stable: the written order breaks ties
        slowest_ms, slowest = 0.0, ""
        with Session(self._sandbox, self._package, source, limits=_limits(self._package, cpu_seconds)) as session:
            loaded = session.load()
            if loaded.ending is not Ending.RETURNED:
                return Tried(verdict=failure_of(loaded) or Verdict.RUNTIME_ERROR, why=explain(loaded))
            for index in order:
                case = self._package.cases[index]
                result = self._decider.play(session, case)
                if result.played.cpu_ms > slowest_ms:
                    slowest_ms, slowest = result.played.cpu_ms, case.name
                if result.verdict is not Verdict.ACCEPTED:
                    self._caught[index] += 1
                    why = result.why or explain(result.outcome)
                    return Tried(
                        verdict=result.verdict,
                        case=index,
                        name=case.name,
                        why=why,
                        slowest_ms=slowest_ms,
                        slowest=slowest,
                    )
        return Tried(verdict=Verdict.ACCEPTED, slowest_ms=slowest_ms, slowest=slowest)


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

    def run(
        self,
        source: str,
        *,
        cpu_seconds: float | None = None,
        only: int | None = None,
        eager: bool = False,  # noqa: ARG002  # cells build on each other, their order is fixed
    ) -> Tried:
        """See Trial. ``only`` plays the cells up to that one."""
        cells = self._package.cells if only is None else self._package.cells[: only + 1]
        slowest_ms, slowest = 0.0, ""
        with self._sandbox.box(self._package.zygote, _limits(self._package, cpu_seconds)) as box:
            loaded = box.load(source)
            if loaded.ending is not Ending.RETURNED:
                return Tried(verdict=failure_of(loaded) or Verdict.RUNTIME_ERROR, why=explain(loaded))
            for index, cell in enumerate(cells):
                outcome = box.load(cell.source, filename=cell.grade_id)
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
                    )
        return Tried(verdict=Verdict.ACCEPTED, slowest_ms=slowest_ms, slowest=slowest)


def _cell_verdict(outcome: Outcome) -> Verdict:
    if outcome.ending is Ending.RETURNED:
        return Verdict.ACCEPTED
    if outcome.raised is not None and outcome.raised.type_name == "AssertionError":
        return Verdict.WRONG_ANSWER
    return failure_of(outcome) or Verdict.RUNTIME_ERROR
