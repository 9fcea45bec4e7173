"""Control groups of boxes: memory, processes and CPU time, in version 2 or version 1 hierarchies.

One group per box, made fresh and removed when the box is gone. Their names carry the process that made them, so that
the next start can remove what a killed one left.
"""

from __future__ import annotations

import os
import re
import secrets
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from greenroom_grader.errors import SandboxError

if TYPE_CHECKING:
    from collections.abc import Iterable

_ROOT: Final = Path("/sys/fs/cgroup")
_NAME: Final = re.compile(r"greenroom-(\d+)-(\d+)-(\d+)-[0-9a-f]{8}(-\d+)?")
_MB: Final = 1 << 20


class Group(Protocol):
    """The control group of one box."""

    def limit(self, *, memory_mb: int, processes: int) -> None:
        """Set limits; both count everything that runs in the group."""
        ...

    def add(self, pid: int) -> None:
        """Move a process, and what it starts from now on, into the group."""
        ...

    def cpu_seconds(self) -> float:
        """CPU time used by all members so far, dead ones included."""
        ...

    def peak_kb(self) -> int:
        """Largest memory charge so far."""
        ...

    def out_of_memory(self) -> bool:
        """Whether the kernel had to kill a member for memory."""
        ...

    def tasks(self) -> int:
        """How many processes and threads are in the group."""
        ...

    def processes(self) -> list[int]:
        """Members, as pids of the trusted side."""
        ...

    def remove(self) -> bool:
        """Close and delete the group; False while it still has members."""
        ...


class Cgroups(Protocol):
    """Makes groups in whatever hierarchy this machine offers."""

    kind: str

    def make(self) -> Group:
        """A fresh group; raises SandboxError when the machine refuses."""
        ...

    def close(self) -> None:
        """Remove what was made for all groups together."""
        ...


def find() -> Cgroups | None:
    """The control groups that this process may make, tried by making one; None where there are none."""
    for kind in (UnifiedCgroups, SplitCgroups):
        with suppress(SandboxError, OSError):
            cgroups = kind()
            try:
                group = cgroups.make()
                group.limit(memory_mb=64, processes=8)
                group.cpu_seconds()
                group.remove()
            except BaseException:
                cgroups.close()
                raise
            return cgroups
    return None


def _fresh_prefix() -> str:
    """``greenroom-<pid>-<start time>-<pid namespace>-<random>``.

    Pids are used again, pids with start times are not. Containers of one machine may see the same control groups and
    not each other's processes, hence the namespace.
    """
    return f"greenroom-{os.getpid()}-{_start_time(os.getpid())}-{_pid_namespace()}-{secrets.token_hex(4)}"


def _pid_namespace() -> int:
    """Number of the namespace in which our pids count."""
    return Path("/proc/self/ns/pid").stat().st_ino


def _start_time(pid: int) -> int:
    """Start of a process in clock ticks since boot, 0 when there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return int(text.rpartition(")")[2].split()[19])


def _remove_stale(parent: Path) -> None:
    """Remove groups of processes of our namespace that no longer run, with everything in them."""
    for folder in parent.glob("greenroom-*"):
        match = _NAME.fullmatch(folder.name)
        if match is None or int(match[3]) != _pid_namespace() or _start_time(int(match[1])) == int(match[2]):
            continue
        for inner in (*folder.glob("*/"), folder):
            _empty(inner)
            with suppress(OSError):
                inner.rmdir()


def _empty(folder: Path) -> None:
    """Kill the members of a group and wait a moment for them to go."""
    for _ in range(100):
        try:
            members = (folder / "cgroup.procs").read_text().split()
        except OSError:
            return
        if not members:
            return
        for member in members:
            with suppress(ProcessLookupError):
                os.kill(int(member), signal.SIGKILL)
        time.sleep(0.01)


class _Counter:
    """A kernel file that is read many times."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)

    def text(self) -> str:
        return os.pread(self._descriptor, 4096, 0).decode("ascii")

    def field(self, name: str) -> int:
        """The number beside a name in a file of such lines; 0 when missing."""
        for line in self.text().splitlines():
            key, _, value = line.partition(" ")
            if key == name:
                return int(value)
        return 0

    def close(self) -> None:
        os.close(self._descriptor)


def _put(path: Path, value: object) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, str(value).encode())
    finally:
        os.close(descriptor)


class SplitCgroups:
    """Version 1: memory, pids and cpuacct are hierarchies of their own."""

    kind = "cgroup1"
    _CONTROLLERS: Final = ("memory", "pids", "cpuacct")

    def __init__(self) -> None:
        self._parents = {name: _v1_folder(name) for name in self._CONTROLLERS}
        for parent in self._parents.values():
            _remove_stale(parent)
        self._prefix = _fresh_prefix()
        self._numbers = count(1)

    def make(self) -> Group:
        """A fresh group in each hierarchy."""
        name = f"{self._prefix}-{next(self._numbers)}"
        try:
            return _SplitGroup({controller: parent / name for controller, parent in self._parents.items()})
        except OSError as error:
            raise SandboxError(f"cannot make a control group: {error}") from error

    def close(self) -> None:
        """Nothing is shared between groups."""


def _v1_folder(controller: str) -> Path:
    """Where our own groups of a controller may be made: below the group that we are in, else at its root."""
    mount = _ROOT / controller
    own = Path("/proc/self/cgroup").read_text(encoding="ascii")
    for line in own.splitlines():
        _number, names, path = line.split(":", 2)
        if controller in names.split(",") and os.access(mount / path.lstrip("/"), os.W_OK):
            return mount / path.lstrip("/")
    if os.access(mount / "cgroup.procs", os.W_OK):
        return mount
    raise SandboxError(f"no writable {controller} control group")


@dataclass(slots=True)
class _SplitGroup:
    folders: dict[str, Path]
    _cpu: _Counter | None = None
    _peak: _Counter | None = None
    _tasks: _Counter | None = None
    _kills: _Counter | None = None

    def __post_init__(self) -> None:
        for folder in self.folders.values():
            folder.mkdir()
        self._cpu = _Counter(self.folders["cpuacct"] / "cpuacct.usage")
        self._peak = _Counter(self.folders["memory"] / "memory.max_usage_in_bytes")
        self._tasks = _Counter(self.folders["pids"] / "pids.current")
        self._kills = _Counter(self.folders["memory"] / "memory.oom_control")

    def limit(self, *, memory_mb: int, processes: int) -> None:
        memory = self.folders["memory"]
        _put(memory / "memory.limit_in_bytes", memory_mb * _MB)
        with suppress(OSError):  # swap accounting is often switched off
            _put(memory / "memory.memsw.limit_in_bytes", memory_mb * _MB)
        with suppress(OSError):
            _put(memory / "memory.swappiness", 0)
        _put(self.folders["pids"] / "pids.max", processes)

    def add(self, pid: int) -> None:
        for folder in self.folders.values():
            _put(folder / "cgroup.procs", pid)

    def cpu_seconds(self) -> float:
        return int(self._cpu.text()) / 1e9 if self._cpu else 0.0

    def peak_kb(self) -> int:
        return int(self._peak.text()) >> 10 if self._peak else 0

    def out_of_memory(self) -> bool:
        return bool(self._kills and self._kills.field("oom_kill"))

    def tasks(self) -> int:
        return int(self._tasks.text()) if self._tasks else 0

    def processes(self) -> list[int]:
        return [int(pid) for pid in (self.folders["pids"] / "cgroup.procs").read_text(encoding="ascii").split()]

    def remove(self) -> bool:
        for counter in (self._cpu, self._peak, self._tasks, self._kills):
            if counter is not None:
                counter.close()
        self._cpu = self._peak = self._tasks = self._kills = None
        return _remove_all(self.folders.values())


class UnifiedCgroups:
    """Version 2: one hierarchy; it must be delegated to us or we must be root."""

    kind = "cgroup2"

    def __init__(self) -> None:
        root = next((folder for folder in (_ROOT, _ROOT / "unified") if (folder / "cgroup.controllers").exists()), None)
        if root is None:
            raise SandboxError("no version 2 control groups")
        controllers = (root / "cgroup.controllers").read_text(encoding="ascii").split()
        if not {"memory", "pids"} <= set(controllers):
            raise SandboxError("version 2 control groups without memory and pids")
        own = next(line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::"))
        parent = self._usable(root, root / own.lstrip("/"))
        _remove_stale(parent)
        self._folder = parent / _fresh_prefix()
        self._folder.mkdir()
        _put(self._folder / "cgroup.subtree_control", "+memory +pids")
        self._numbers = count(1)

    @staticmethod
    def _usable(root: Path, own: Path) -> Path:
        """The nearest group above us that already hands memory and pids to its children."""
        folder = own
        while True:
            given = (folder / "cgroup.subtree_control").read_text(encoding="ascii").split()
            if {"memory", "pids"} <= set(given) and os.access(folder, os.W_OK):
                return folder
            if folder == root:
                raise SandboxError("no delegated control group")
            folder = folder.parent

    def make(self) -> Group:
        """A fresh group."""
        try:
            return _UnifiedGroup(self._folder / f"{next(self._numbers)}")
        except OSError as error:
            raise SandboxError(f"cannot make a control group: {error}") from error

    def close(self) -> None:
        """Remove the folder that holds all our groups."""
        with suppress(OSError):
            self._folder.rmdir()


@dataclass(slots=True)
class _UnifiedGroup:
    folder: Path
    _cpu: _Counter | None = None
    _peak: _Counter | None = None
    _tasks: _Counter | None = None
    _kills: _Counter | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self._cpu = _Counter(self.folder / "cpu.stat")
        peak = self.folder / "memory.peak"  # since Linux 5.19
        self._peak = _Counter(peak if peak.exists() else self.folder / "memory.current")
        self._tasks = _Counter(self.folder / "pids.current")
        self._kills = _Counter(self.folder / "memory.events")

    def limit(self, *, memory_mb: int, processes: int) -> None:
        _put(self.folder / "memory.max", memory_mb * _MB)
        with suppress(OSError):
            _put(self.folder / "memory.swap.max", 0)
        _put(self.folder / "pids.max", processes)

    def add(self, pid: int) -> None:
        _put(self.folder / "cgroup.procs", pid)

    def cpu_seconds(self) -> float:
        return self._cpu.field("usage_usec") / 1e6 if self._cpu else 0.0

    def peak_kb(self) -> int:
        return int(self._peak.text()) >> 10 if self._peak else 0

    def out_of_memory(self) -> bool:
        return bool(self._kills and self._kills.field("oom_kill"))

    def tasks(self) -> int:
        return int(self._tasks.text()) if self._tasks else 0

    def processes(self) -> list[int]:
        return [int(pid) for pid in (self.folder / "cgroup.procs").read_text(encoding="ascii").split()]

    def remove(self) -> bool:
        for counter in (self._cpu, self._peak, self._tasks, self._kills):
            if counter is not None:
                counter.close()
        self._cpu = self._peak = self._tasks = self._kills = None
        return _remove_all([self.folder])


def _remove_all(folders: Iterable[Path]) -> bool:
    gone = True
    for folder in folders:
        try:
            folder.rmdir()
        except FileNotFoundError:
            continue
        except OSError:
            gone = False
    return gone
