"""CPU and wall clocks of one request, and the limits that they are held against."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final

from greenroom_grader.sandbox.interface import BoxLimits, Ending
from greenroom_grader.sandbox.wire import Stopped

if TYPE_CHECKING:
    from greenroom_grader.sandbox.usage import Meter

_CORES: Final = os.cpu_count() or 1
#: The CPU clock is not read more often than this.
_SHORTEST_WAIT: Final = 0.004


class Clocks:
    """Clocks of one request."""

    def __init__(self, meter: Meter, limits: BoxLimits) -> None:
        self._meter = meter
        self._limits = limits
        self._cpu_start = meter.cpu_seconds()
        self._wall_start = time.monotonic()
        self._next_memory = self._wall_start + meter.memory_interval
        self._next_cpu = self._wall_start + limits.cpu_seconds / _CORES
        #: CPU and wall seconds, once the clocks are stopped.
        self._final: tuple[float, float] | None = None

    def cpu_seconds(self) -> float:
        """CPU time of the request so far."""
        return self._final[0] if self._final else max(0.0, self._meter.cpu_seconds() - self._cpu_start)

    def wall_seconds(self) -> float:
        """Wall time of the request so far."""
        return self._final[1] if self._final else time.monotonic() - self._wall_start

    def stop(self) -> None:
        """Stop the clocks: the box will be killed, and its clock may go with it."""
        self._final = (self.cpu_seconds(), self.wall_seconds())

    def at_least(self, box_seconds: float) -> None:
        """Correct stopped clocks by the CPU time of the whole box that its parent was told."""
        cpu, wall = self._final or (0.0, self.wall_seconds())
        self._final = (max(cpu, box_seconds - self._cpu_start), wall)

    def check_cpu(self) -> float:
        """Seconds of CPU left; raises Stopped when there are none."""
        left = self._limits.cpu_seconds - self.cpu_seconds()
        if left <= 0:
            raise Stopped(Ending.CPU_LIMIT)
        return left

    def watch(self) -> float:
        """See ``Wire.send``: the CPU clock is read only when the limit could have been reached."""
        now = time.monotonic()
        wall_left = self._wall_start + self._limits.wall_seconds - now
        if wall_left <= 0:
            raise Stopped(Ending.WALL_LIMIT)
        if now >= self._next_cpu:
            self._next_cpu = now + max(_SHORTEST_WAIT, self.check_cpu() / _CORES)
        if now >= self._next_memory:
            if self._meter.out_of_memory():
                raise Stopped(Ending.MEMORY_LIMIT)
            self._next_memory = time.monotonic() + self._meter.memory_interval
        return min(wall_left, self._next_cpu - now, self._next_memory - now)

    def paused(self) -> Pause:
        """Stop the wall clock within a ``with``."""
        return Pause(self)

    def skip(self, seconds: float) -> None:
        """Do not count this much wall time."""
        self._wall_start += seconds


class Pause:
    """Time that the trusted side takes to answer is not the student's."""

    def __init__(self, run: Clocks) -> None:
        self._run = run
        self._start = 0.0

    def __enter__(self) -> None:
        self._start = time.monotonic()

    def __exit__(self, *_error: object) -> None:
        self._run.skip(time.monotonic() - self._start)
