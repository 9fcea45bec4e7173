"""What a box has used: from its control group where it has one, else from /proc."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from greenroom_grader.sandbox.cgroups import Group

_TICKS: Final = os.sysconf("SC_CLK_TCK")
#: CPUCLOCK_SCHED of a whole process, see clock_getcpuclockid(3).
_CPU_CLOCK: Final = 2


class Meter(Protocol):
    """Reads the resource use of one box."""

    #: Seconds between looks at its memory while a request runs. Where the kernel watches, it may have killed a child.
    memory_interval: float

    def cpu_seconds(self) -> float:
        """CPU time of all processes, also of those that ended."""
        ...

    def peak_kb(self) -> int:
        """Largest memory use seen; without a control group, when out_of_memory() looked."""
        ...

    def out_of_memory(self) -> bool:
        """Whether it went over its memory limit."""
        ...

    def companions(self) -> list[int]:
        """Living processes of the box besides its first."""
        ...


class GroupMeter:
    """The kernel counts."""

    memory_interval = 0.1

    def __init__(self, group: Group, pid: int) -> None:
        self._group = group
        self._pid = pid

    def cpu_seconds(self) -> float:
        """CPU time of all processes so far."""
        return self._group.cpu_seconds()

    def peak_kb(self) -> int:
        """Largest memory use seen."""
        return self._group.peak_kb()

    def out_of_memory(self) -> bool:
        """Whether it went over its memory limit."""
        return self._group.out_of_memory()

    def companions(self) -> list[int]:
        """Processes besides the first."""
        if self._group.tasks() == 1:
            return []
        return [pid for pid in self._group.processes() if pid != self._pid]


class ProcMeter:
    """We count: CPU clocks and proportional set sizes of the box's process tree."""

    memory_interval = 0.02

    def __init__(self, pid: int, memory_mb: int) -> None:
        self._pid = pid
        self._limit_kb = memory_mb << 10
        self._base_kb = self._pss_kb()
        self._peak_kb = 0

    def cpu_seconds(self) -> float:
        """CPU time of all processes so far."""
        return sum(_cpu_seconds(pid) for pid in (self._pid, *descendants(self._pid)))

    def peak_kb(self) -> int:
        """Largest memory use seen."""
        return self._peak_kb

    def out_of_memory(self) -> bool:
        """Whether it went over its memory limit."""
        self._peak_kb = max(self._peak_kb, self._pss_kb() - self._base_kb)
        return self._peak_kb > self._limit_kb

    def companions(self) -> list[int]:
        """Processes besides the first."""
        return living(descendants(self._pid))

    def _pss_kb(self) -> int:
        return sum(pss_kb(pid) for pid in (self._pid, *descendants(self._pid)))


def descendants(pid: int) -> list[int]:
    """Processes below a process, zombies included."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        children = _children(waiting.pop())
        found += children
        waiting += children
    return found


def living(pids: list[int]) -> list[int]:
    """Those that are neither gone nor zombies: a zombie cannot be killed, and waits for a parent that may not look."""
    return [pid for pid in pids if _stat(pid)[:1] not in (["Z"], ["X"], [])]


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found


def _cpu_seconds(pid: int) -> float:
    """Time of a process, exact, plus that of its children that were waited for, in clock ticks."""
    try:
        own = time.clock_gettime(~pid << 3 | _CPU_CLOCK)
        fields = _stat(pid)
        return own + (int(fields[13]) + int(fields[14])) / _TICKS
    except (OSError, IndexError):
        return 0.0


def _stat(pid: int) -> list[str]:
    """Fields of stat from the state on; none when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def pss_kb(pid: int) -> int:
    """Proportional set size of a process in KiB, 0 when it is gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except (OSError, ValueError):
        return 0
    return 0


def host_pid(pidfd: int) -> int:
    """The pid of a pidfd, as we see it; -1 when it is gone."""
    for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text(encoding="ascii").splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    return -1


def kill_members(members: Callable[[], list[int]], deadline: float) -> bool:
    """Kill processes until ``members`` finds none; False when new ones keep coming.

    A pid is pinned by a pidfd and looked up again before it is killed, for numbers are used twice.
    """
    while found := members():
        if time.monotonic() > deadline:
            return False
        for pid in found:
            with suppress(ProcessLookupError):
                pidfd = os.pidfd_open(pid)
                try:
                    if pid in members():
                        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
                finally:
                    os.close(pidfd)
    return True
