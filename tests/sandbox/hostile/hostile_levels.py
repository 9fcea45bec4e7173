"""The levels at which a sandbox may have to work, by the layers that each does without; strongest first."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hostile_catalogue import HostileProgram

LEVELS: dict[str, frozenset[str]] = {
    "strongest": frozenset(),
    "no-cgroup": frozenset({"cgroup"}),
    "no-bwrap": frozenset({"bwrap"}),
    "no-seccomp": frozenset({"seccomp"}),
    "own-root-and-limits-only": frozenset({"cgroup", "bwrap", "seccomp"}),
    "no-namespaces": frozenset({"namespaces"}),
    "bwrap-and-limits-only": frozenset({"namespaces", "cgroup"}),
}
#: Of each family, every so many programs are tried at each of the weaker levels, other ones at each.
_SPREAD = 24


def trials(programs: tuple[HostileProgram, ...], *, everything: bool) -> list[tuple[str, HostileProgram]]:
    """Which program is tried at which level: all at the strongest, and a part of every family at each of the others."""
    return [
        (level, program)
        for number, level in enumerate(LEVELS)
        for _family, members in groupby(programs, lambda program: program.family)
        for place, program in enumerate(members)
        if number == 0 or everything or place % _SPREAD == number - 1
    ]
