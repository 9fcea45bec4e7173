"""How much of the machine a sandbox takes, and whether it takes more after many boxes: the measure of a soak.

Counted are things of this process alone, by its pid, its process tree and the places where boxes mount: others may use
the same machine at the same time.
"""

from __future__ import annotations

import gc
import os
import re
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from greenroom_grader.sandbox import usage

if TYPE_CHECKING:
    from collections.abc import Callable

#: Where zygotes, boxes and what runs in them would mount.
_MOUNT_PLACES: Final = re.compile(
    r"/|/(tmp|dev|dev/shm|proc|usr|etc|bin|lib|newroot|oldroot)|/(tmp/(m|home|shm)|mnt)(/.*)?"
)
_QUIET_SECONDS: Final = 0.5
_LOOK_SECONDS: Final = 0.02
_PATIENCE_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What may not grow by a single one."""

    #: Living processes below this one, zombies included.
    processes: int
    control_groups: int
    mounts: int
    descriptors: int
    #: Folders of boxes that share the host's root, which only ``--unsafe`` allows.
    files: int

    def grown_since(self, rest: Counts) -> str:
        """What differs, in words; empty when nothing does."""
        pairs = [(name, getattr(rest, name), getattr(self, name)) for name in self.__slots__]
        return ", ".join(
            f"{name.replace('_', ' ')}: {old} at rest, {now} now" for name, old, now in pairs if old != now
        )


def counts() -> Counts:
    """Count now."""
    mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    return Counts(
        processes=len(usage.descendants(os.getpid())),
        control_groups=_control_groups(),
        mounts=sum(bool(_MOUNT_PLACES.fullmatch(line.split()[4])) for line in mounts),
        descriptors=sum(1 for _ in Path("/proc/self/fd").iterdir()),
        files=sum(1 for _ in Path(tempfile.gettempdir()).glob(f"greenroom-box-{os.getpid()}-*")),
    )


def settled() -> Counts:
    """The counts once they have not changed for a while: pools are full again, dead boxes are buried."""
    since, last = time.monotonic(), counts()
    deadline = since + _PATIENCE_SECONDS
    pause = threading.Event()
    while time.monotonic() - since < _QUIET_SECONDS and time.monotonic() < deadline:
        pause.wait(_LOOK_SECONDS)
        if (now := counts()) != last:
            since, last = time.monotonic(), now
    return last


def returned_to(rest: Counts) -> str:
    """Wait until the counts are those of ``rest``; what differs when they do not come back, else an empty text."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    pause = threading.Event()
    while told := counts().grown_since(rest):
        if time.monotonic() > deadline:
            return told
        pause.wait(_LOOK_SECONDS / 4)
    return ""


def memory_kb() -> int:
    """Proportional set size of this process and all below it, in KiB."""
    gc.collect()
    return usage.pss_kb(os.getpid()) + sum(map(usage.pss_kb, usage.descendants(os.getpid())))


def _control_groups() -> int:
    """Groups that this process made, in every hierarchy."""
    own = f"greenroom-{os.getpid()}-"
    found = 0
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines():
        _device, where, kind, *_ = line.split()
        if kind not in {"cgroup", "cgroup2"}:
            continue
        for folder, names, _files in os.walk(where):
            if Path(folder).name.startswith("greenroom-"):
                found += len(names) if Path(folder).name.startswith(own) else 0
                names.clear()
            found += sum(name.startswith(own) for name in names)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Soak:
    """What many rounds have left."""

    rounds: int
    seconds: float
    #: What is there that was not there before, in words; empty when nothing is.
    left_behind: str
    #: (round, KiB of this process and its children together), the first one after the warm-up.
    memory: tuple[tuple[int, int], ...]

    @property
    def growth_kb(self) -> int:
        """Memory at the end over memory after the warm-up, both at rest."""
        return self.memory[-1][1] - self.memory[0][1]


def soak(
    rounds: int,
    one: Callable[[int], object],
    *,
    warm_up: int = 50,
    looks: int = 20,
    on_round: Callable[[int], object] | None = None,
) -> Soak:
    """Do ``one(number)`` again and again, and see what stays behind.

    ``one`` must give back all that it takes: a box that it closes, a submission that it judges. ``warm_up`` rounds come
    before, for caches to fill; ``on_round`` is told how many rounds are done, for a progress bar.
    """
    for number in range(-warm_up, 0):
        one(number)
    rest = settled()
    memory = [(0, memory_kb())]
    begun = time.monotonic()
    every = max(1, rounds // max(1, looks))
    for number in range(rounds):
        one(number)
        if on_round is not None:
            on_round(number + 1)
        if (number + 1) % every == 0 and number + 1 < rounds:
            memory.append((number + 1, memory_kb()))
    seconds = time.monotonic() - begun
    left_behind = returned_to(rest)
    memory.append((rounds, memory_kb()))
    return Soak(rounds=rounds, seconds=seconds, left_behind=left_behind, memory=tuple(memory))
