"""Figures, and the clocks that they are read from.

CPU time is that of this process and everything below it: the trusted side, zygotes and boxes, or kernels. It tells the
same on a busy machine as on an idle one; wall times do not, so that the load is recorded beside them.
"""

from __future__ import annotations

import math
import os
import platform
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from greenroom_grader.sandbox import usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number."""

    #: What was measured: ``function, 20 tests: warm latency, median``.
    name: str
    value: float
    #: ``ms``, ``MiB``, ``per second and core``, ``times``.
    unit: str
    #: The number to reach; None for a number that only stands for comparison.
    target: float | None = None
    #: Whether the target is the most that the value may be, or the least.
    at_most: bool = True
    #: How many were measured, and how.
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if self.target is None:
            return None
        return self.value <= self.target if self.at_most else self.value >= self.target

    def to_dict(self) -> dict[str, Any]:
        """The figure as JSON."""
        return {**asdict(self), "value": round(self.value, 3), "met": self.met}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What some work took."""

    wall_seconds: float
    cpu_seconds: float


class Stopwatch:
    """Wall and CPU time of a ``with`` block, of this process and everything below it."""

    def __enter__(self) -> Self:
        self._cpu, self._wall = tree_cpu_seconds(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        wall = time.perf_counter() - self._wall
        self.spent = Spent(wall_seconds=wall, cpu_seconds=tree_cpu_seconds() - self._cpu)


def tree_cpu_seconds() -> float:
    """CPU time so far of this process, of all living ones below it, and of all that any of them has waited for."""
    total = time.process_time() + sum(os.times()[2:4])
    for pid in usage.descendants(os.getpid()):
        with suppress(OSError, ValueError, IndexError):
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            total += sum(map(int, fields[11:15])) / _TICKS
    return total


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least ``share`` of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values: Sequence[float]) -> float:
    """The 50th percentile by nearest rank."""
    return percentile(values, 0.5)


def machine() -> dict[str, Any]:
    """What a reader of the figures must know of where they were measured."""
    return {
        "processors": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "load": [round(load, 2) for load in os.getloadavg()],
    }
