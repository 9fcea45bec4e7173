"""How the running time of a submission grows, beside that of the reference.

Both run on inputs of the problem's own generator at growing sizes. Time is CPU time of the call alone, read inside the
box, so that carrying a large input across does not count. A student could forge it; growth gives no marks, so they
would only fool themselves.
"""

from __future__ import annotations

import math
import statistics
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Self

from greenroom_grader import fit
from greenroom_grader.authored import Authored
from greenroom_grader.errors import PublishError, SandboxError, UnsupportedError
from greenroom_grader.report import Growth, GrowthPoint
from greenroom_grader.sandbox.interface import Ending
from greenroom_grader.session import FILENAME, box_limits
from greenroom_problems.problem import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenroom_grader.package import Package, Step
    from greenroom_grader.sandbox.interface import Box, BoxLimits, Sandbox

#: Sizes grow by the square root of two from here to there,
_FIRST: Final = 4
_LAST: Final = 150_000
_RATIO: Final = 2**0.5
#: more slowly where the time would grow by more than this: exponential growth shows only in small steps.
_STEEPEST: Final = 4.0
#: Seconds of one call after which no larger size is tried.
_ENOUGH: Final = 0.12
#: Calls shorter than this are measured with several seeds.
_SHORT: Final = 0.004
_SEEDS: Final = 3
#: Below this, in seconds, a time is mostly overhead of the measurement.
_FLOOR: Final = 10e-6

_TIMER: Final = """\
def __greenroom_timed(call):
    import gc
    from time import thread_time  # process_time is coarse where a CPU limit is set
    gc.collect()
    gc.disable()
    try:
        start = thread_time()
        call()
        return thread_time() - start
    finally:
        gc.enable()


def __greenroom_time_call(name, *arguments):
    function = globals()[name]

    def call():
        result = function(*arguments)
        if hasattr(result, "__next__"):
            for _ in result:
                pass
        elif hasattr(result, "__await__"):
            import asyncio
            asyncio.run(result)

    return __greenroom_timed(call)


def __greenroom_time_calls(calls):
    def call():
        (name, *arguments), *rest = calls
        instance = globals()[name](*arguments)
        for name, *arguments in rest:
            try:
                getattr(instance, name)(*arguments)
            except Exception:
                pass

    return __greenroom_timed(call)
"""


def measure(sandbox: Sandbox, package: Package, source: str, seconds: float) -> Growth:
    """Measure and name the growth of a submission.

    Args:
        sandbox: Where boxes come from.
        package: The problem; its tests cell must define ``generate``.
        source: The submission, known to load.
        seconds: Wall seconds after which no larger size is tried.

    Raises:
        UnsupportedError: the problem has no generator.
        SandboxError: no box could be had.
    """
    if "generate" not in package.helpers:
        raise UnsupportedError(f"{package.problem} has no generator, so its growth cannot be measured")
    points = _points(sandbox, package, source, seconds)
    return judge_growth(points, package.complexity)


def judge_growth(points: tuple[GrowthPoint, ...], target: str) -> Growth:
    """Name the growth of measured points, and say it in one sentence. Pure."""
    times = [(float(point.size), point.cpu_ms, point.reference_ms) for point in points]
    series = fit.calibrated(times, target, _FLOOR * 1000)
    found = fit.fit([(n, own) for n, own in series if own > 0])
    aim = f", target {target}" if target else ""
    if found.label != fit.UNCLEAR:
        return Growth(label=found.label, target=target, message=f"about {found.label}{aim}", points=points)
    between = f" between {' and '.join(found.nearest)}" if found.nearest and found.residual < 0.3 else ""
    return Growth(label=fit.UNCLEAR, target=target, message=f"unclear{between}{aim}", points=points)


def _points(sandbox: Sandbox, package: Package, source: str, seconds: float) -> tuple[GrowthPoint, ...]:
    deadline = time.monotonic() + seconds
    limits = replace(box_limits(package.limits), cpu_seconds=max(2.0, package.limits.cpu_seconds))
    points: list[GrowthPoint] = []
    try:
        authored = Authored(sandbox, tests=package.tests, kind=package.kind, entry=package.entry, zygote=package.zygote)
    except PublishError as error:
        raise SandboxError(f"{package.problem}: {error}") from error
    with (
        authored,
        _Timed(sandbox, package, source, limits) as own,
        _Timed(sandbox, package, package.reference, limits) as reference,
    ):
        size = _FIRST
        while size <= _LAST and time.monotonic() < deadline:
            point = _point(authored, own, reference, size)
            if point is None:
                break
            points.append(point)
            if max(point.cpu_ms, point.reference_ms) > _ENOUGH * 1000:
                break
            size = next_size(points)
    return tuple(points)


def next_size(points: Sequence[GrowthPoint]) -> int:
    """The size to measure next; it looks ahead at the pace of the last two points. Pure."""
    size = points[-1].size
    step = size * (_RATIO - 1)
    if len(points) > 1:
        before, now = (max(point.cpu_ms, point.reference_ms, _FLOOR * 1000) for point in points[-2:])
        pace = math.log(now / before) / (size - points[-2].size)
        if pace > 0:
            step = min(step, math.log(_STEEPEST) / pace)
    return size + max(1, round(step))


def _point(authored: Authored, own: _Timed, reference: _Timed, size: int) -> GrowthPoint | None:
    """One size; None when the generator or a program gives up at it."""
    ours: list[float] = []
    theirs: list[float] = []
    for seed in range(_SEEDS):
        try:
            steps = authored.generate(seed, size).steps
        except PublishError:
            return None
        mine, model = own.seconds(steps), reference.seconds(steps)
        if mine is None or model is None:
            return None
        ours.append(mine)
        theirs.append(model)
        if max(mine, model) > _SHORT:
            break
    return GrowthPoint(
        size=size,
        cpu_ms=round(statistics.median(ours) * 1000, 5),
        reference_ms=round(statistics.median(theirs) * 1000, 5),
    )


class _Timed:
    """A program in a box, with the timer beside it. A context manager."""

    def __init__(self, sandbox: Sandbox, package: Package, source: str, limits: BoxLimits) -> None:
        self._package = package
        self._box: Box = sandbox.box(package.zygote, limits)
        try:
            loaded = self._box.load(source, filename=FILENAME)
            self._alive = loaded.ending is Ending.RETURNED
            if self._alive:
                self._box.load(_TIMER, filename="timer.py")
        except BaseException:
            self._box.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._box.close()

    def seconds(self, steps: tuple[Step, ...]) -> float | None:
        """CPU seconds of one case; None when it does not end well."""
        if not self._alive:
            return None
        package = self._package
        try:
            if package.kind is Kind.CLASS:
                calls = [(step.name, *package.arguments(step)) for step in steps]
                outcome = self._box.call("__greenroom_time_calls", (calls,))
            else:
                outcome = self._box.call("__greenroom_time_call", (steps[0].name, *package.arguments(steps[0])))
        except ValueError:
            return None
        taken = outcome.value
        self._alive = outcome.ending is Ending.RETURNED
        if not self._alive or not isinstance(taken, float) or not 0 <= taken < package.limits.cpu_seconds + 60:
            return None
        return max(taken, 1e-7)
