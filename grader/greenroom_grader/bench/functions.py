"""A function with 20 tests: warm latency, sustained rate, memory of an idle box, and what stays after many."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from greenroom_grader.bench import workload
from greenroom_grader.bench.measure import Figure, Stopwatch, median, percentile
from greenroom_grader.errors import SandboxError
from greenroom_grader.judge import Judge
from greenroom_grader.sandbox import footprint, usage
from greenroom_problems.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from greenroom_grader.package import Package
    from greenroom_grader.sandbox.footprint import Soak
    from greenroom_grader.sandbox.pool import PooledSandbox

#: Seconds between two submissions whose latency is measured: long enough for the pool to be full again.
_GAP: Final = 0.03
_PATIENCE: Final = 10.0
_NAME: Final = f"function with {workload.TESTS} tests"


class FunctionBench:
    """The function, published, before a judge."""

    def __init__(self, sandbox: PooledSandbox, *, ready: int) -> None:
        """``ready`` is the number of plain boxes that the sandbox keeps."""
        self._sandbox = sandbox
        self._ready = ready
        self._judge = Judge(sandbox)
        self._package: Package = self._judge.publish(workload.problem())

    def one(self, _number: int = 0) -> None:
        """Judge one submission.

        Raises:
            SandboxError: it was not accepted, so that its time means nothing.
        """
        report = self._judge.judge(self._package, workload.SOLUTION)
        if report.verdict is not Verdict.ACCEPTED:
            raise SandboxError(f"the submission that is measured got {report.verdict.value}: {report.message}")

    def latency(self, count: int) -> tuple[Figure, Figure]:
        """Median and 99th percentile from the source to the report, with a ready box."""
        times: list[float] = []
        pause = threading.Event()
        for number in range(-5, count):
            self._wait_until_full(pause)
            pause.wait(_GAP)
            started = time.perf_counter()
            self.one()
            if number >= 0:
                times.append((time.perf_counter() - started) * 1000)
        note = f"{count} submissions one at a time, best {min(times):.1f} ms"
        return (
            Figure(name=f"{_NAME}: warm latency, median", value=median(times), unit="ms", target=8, note=note),
            Figure(name=f"{_NAME}: warm latency, p99", value=percentile(times, 0.99), unit="ms", target=60, note=note),
        )

    def _wait_until_full(self, pause: threading.Event) -> None:
        deadline = time.monotonic() + _PATIENCE
        while len(self._sandbox.resting().get("plain", ())) < self._ready and time.monotonic() < deadline:
            pause.wait(0.002)

    def sustained(self, count: int, workers: int) -> tuple[Figure, Figure]:
        """Submissions per second and core (by CPU time), and per second of this machine (by the wall clock)."""
        left = iter(range(count))  # next() on it is atomic
        failures: list[SandboxError] = []

        def work() -> None:
            try:
                for number in left:
                    self.one(number)
            except SandboxError as error:
                failures.append(error)

        for number in range(10):
            self.one(number)
        threads = [threading.Thread(target=work) for _ in range(workers)]
        with Stopwatch() as watch:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        if failures:
            raise failures[0]
        spent = watch.spent
        each = spent.cpu_seconds / count * 1000
        return (
            Figure(
                name=f"{_NAME}: sustained",
                value=count / spent.cpu_seconds,
                unit="per second and core",
                target=60,
                at_most=False,
                note=f"{count} submissions, {each:.1f} ms CPU each, trusted side and new boxes included",
            ),
            Figure(
                name=f"{_NAME}: sustained on this machine",
                value=count / spent.wall_seconds,
                unit="per second",
                note=f"{workers} at a time, as far as others leave the machine to it",
            ),
        )

    def idle_memory(self) -> Figure:
        """Proportional set size of the ready boxes."""
        self._wait_until_full(threading.Event())
        sizes = [usage.pss_kb(pid) / 1024 for pid in self._sandbox.resting().get("plain", ())]
        note = f"{len(sizes)} boxes at rest, largest {max(sizes, default=0):.1f} MiB"
        return Figure(name="memory of an idle box", value=median(sizes), unit="MiB PSS", target=10, note=note)

    def soak(self, rounds: int, on_round: Callable[[int], object]) -> Soak:
        """Many submissions in a row, and what they leave behind."""
        return footprint.soak(rounds, self.one, on_round=on_round)
