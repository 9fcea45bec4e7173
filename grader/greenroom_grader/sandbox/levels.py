"""What isolation this machine really gives, found out by doing it."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from greenroom_grader.errors import SandboxError, SandboxUnavailableError
from greenroom_grader.sandbox import cgroups, seccomp
from greenroom_grader.sandbox.interface import Layer, Levels, SandboxConfig
from greenroom_grader.sandbox.raw import RawBox
from greenroom_grader.sandbox.zygotes import Isolation, Zygote, candidates

if TYPE_CHECKING:
    from greenroom_grader.sandbox.cgroups import Cgroups

_MACHINES: Final = ("x86_64", "aarch64")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The strongest isolation that worked."""

    isolation: Isolation
    cgroups: Cgroups | None
    levels: Levels


def find(config: SandboxConfig) -> Found:
    """Try the ways to isolate, strongest first, and take the first that makes a box.

    Raises:
        SandboxUnavailableError: none works and ``config.unsafe`` is not set.
    """
    without = config.force_without
    has_filter, filter_detail = _seccomp(without)
    reasons: list[str] = []
    chosen = None
    for isolation in candidates(without=without | (frozenset() if has_filter else {"seccomp"})):
        reason = _attempt(isolation, config.hidden)
        if reason is None:
            chosen = isolation
            break
        reasons.append(f"{isolation.root}: {reason}")
    if chosen is None and not config.unsafe:
        why = reasons[0] if reasons else "all of it is switched off"
        raise SandboxUnavailableError(
            f"this machine offers no isolation for student code ({why}); "
            "install bubblewrap and allow user namespaces, or accept the risk with --unsafe"
        )
    groups = None if "cgroup" in without else cgroups.find()
    isolation = chosen or Isolation(root="none", namespaces=False, seccomp=has_filter)
    return Found(isolation=isolation, cgroups=groups, levels=_levels(isolation, groups, filter_detail, reasons))


def probe(config: SandboxConfig | None = None) -> Levels:
    """The layers of this machine, for ``greenroom doctor``. Never raises for a missing one."""
    return find(replace(config or SandboxConfig(), unsafe=True)).levels


def _seccomp(without: frozenset[str]) -> tuple[bool, str]:
    if "seccomp" in without:
        return False, "switched off"
    if platform.machine() not in _MACHINES:
        return False, f"no filter for {platform.machine()}"
    try:
        seccomp.program()
    except SandboxError as error:
        return False, str(error)
    return True, ""


def _attempt(isolation: Isolation, hidden: tuple[str, ...]) -> str | None:
    """Make one box in this way; None when it worked, otherwise why not."""
    try:
        zygote = Zygote("plain", isolation, hidden=hidden)
    except SandboxError as error:
        return str(error)
    raw = None
    try:
        raw = RawBox(zygote, None, owns_zygote=False)
    except SandboxError as error:
        return str(error)
    finally:
        if raw is not None:
            raw.close()
        zygote.close()
    return None


def _levels(isolation: Isolation, groups: Cgroups | None, filter_detail: str, reasons: list[str]) -> Levels:
    why = reasons[0] if reasons else ""
    uid = f"uid {isolation.uid if isolation.uid is not None else os.getuid()}"
    bwrap = isolation.root == "bwrap"
    layers = [
        Layer(name="bwrap", available=bwrap, detail=uid if bwrap else why or "switched off"),
        Layer(
            name="clone", available=isolation.namespaces, detail="" if isolation.namespaces else why or "switched off"
        ),
        Layer(name="seccomp", available=isolation.seccomp, detail=filter_detail),
        Layer(
            name="cgroup",
            available=groups is not None,
            detail=groups.kind if groups else "rlimits and a watchdog instead",
        ),
    ]
    if isolation.root == "own":
        layers.insert(1, Layer(name="root", available=True, detail="mounts of our own in place of bubblewrap's"))
    return Levels(layers=tuple(layers))
