"""The engine that the service runs with: the judge of greenroom_grader in its sandbox, with packages kept on disk."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from greenroom_grader.casereport import answer_text, call_text
from greenroom_grader.errors import UnsupportedError
from greenroom_grader.judge import Judge, JudgeOptions
from greenroom_grader.package import PackageStore
from greenroom_grader.sandbox import SandboxConfig, open_sandbox
from greenroom_service.judging import Answer, Difference, Example

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from greenroom_grader.package import Package
    from greenroom_grader.report import Growth, Report
    from greenroom_problems import Problem
    from greenroom_service.settings import Settings

#: Seconds of random inputs that a student waits for.
STRESS_SECONDS = 5.0


class SandboxEngine:
    """Judges in boxes. Thread-safe.

    Args:
        settings: where packages are kept, how many boxes stand ready, whether no isolation is acceptable.

    Raises:
        SandboxUnavailableError: this machine offers no isolation.
        SandboxError: the sandbox does not start.
    """

    def __init__(self, settings: Settings) -> None:
        # A verdict is shown before growth is measured; the service asks for growth when nobody waits.
        self._sandbox = open_sandbox(
            SandboxConfig(
                pool={"plain": settings.workers + 1},
                unsafe=settings.unsafe,
                hidden=(str(settings.data.resolve()), str(settings.notebooks.resolve())),
            )
        )
        self._judge = Judge(self._sandbox, JudgeOptions(growth=False))
        self._store = PackageStore(settings.data / "packages")
        self._packages: dict[str, Package] = {}
        self._publishing: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    @property
    def level(self) -> str:
        """The layers that boxes run under."""
        return self._sandbox.level

    def judge(self, problem: Problem, source: str) -> Report:
        """The verdict on a submission."""
        return self._judge.judge(self._package(problem), source)

    def growth(self, problem: Problem, source: str) -> Growth | None:
        """How an accepted submission's time grows; None where the problem cannot tell."""
        package = self._package(problem)
        if not package.complexity or "generate" not in package.helpers:
            return None
        return self._judge.growth(package, source)

    def run(self, problem: Problem, source: str, inputs: Sequence[str]) -> tuple[Answer, ...]:
        """Answers to own inputs."""
        return tuple(
            Answer(
                call=found.call,
                actual=found.actual,
                expected=found.expected,
                verdict=found.verdict,
                stdout=found.stdout,
                traceback=found.traceback,
                message=found.message,
                cpu_ms=found.cpu_ms,
            )
            for found in self._judge.run(self._package(problem), source, inputs)
        )

    def stress(self, problem: Problem, source: str) -> Difference:
        """Random inputs until the submission and the reference differ."""
        found = self._judge.stress(self._package(problem), source, STRESS_SECONDS)
        return Difference(tried=found.tried, case=found.case, message=found.message)

    def examples(self, problem: Problem) -> tuple[Example, ...]:
        """The visible cases, with the answers of the reference."""
        package = self._package(problem)
        return tuple(
            Example(call=call_text(package, case.steps), expected=answer_text(package, case.answers[-1]))
            for case in package.cases
            if case.visible and case.answers
        )

    def close(self) -> None:
        """End all boxes."""
        self._sandbox.close()

    def _package(self, problem: Problem) -> Package:
        if not problem.digest:
            raise UnsupportedError(f"{problem.id}: a problem that was not loaded from a file has no package")
        known = self._packages.get(problem.digest)
        if known is not None:
            return known
        with self._publish_once(problem.digest):
            known = self._packages.get(problem.digest) or self._store.get(problem.digest)
            if known is None:
                known = self._judge.publish(problem)
                self._store.put(known)
            self._packages[problem.digest] = known
        return known

    @contextmanager
    def _publish_once(self, digest: str) -> Iterator[None]:
        """Hold the lock of one problem version: a class that submits at once must not publish a problem 30 times."""
        with self._lock:
            lock = self._publishing.setdefault(digest, threading.Lock())
        with lock:
            yield
