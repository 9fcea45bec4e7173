"""What isolation this machine really gives, found out by doing it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from greenroom_grader.errors import SandboxError, SandboxUnavailableError
from greenroom_grader.sandbox import cgroups, seccomp
from greenroom_grader.sandbox.interface import Layer, Levels, SandboxConfig
from greenroom_grader.sandbox.raw import RawBox
from greenroom_grader.sandbox.zygotes import Isolation, Zygote, candidates, last_resorts

if TYPE_CHECKING:
    from greenroom_grader.sandbox.cgroups import Cgroups


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
    tries = candidates(without=without if has_filter else without | {"seccomp"})
    isolation = _first_that_works(tries, config.hidden, reasons)
    if isolation is None:
        why = reasons[0] if reasons else "all of it is switched off"
        if not config.unsafe:
            raise SandboxUnavailableError(
                f"this machine offers no isolation for student code ({why}); "
                "install bubblewrap and allow user namespaces, or accept the risk with --unsafe"
            )
        isolation = _first_that_works(last_resorts(has_filter=has_filter), config.hidden, reasons)
        if isolation is None:
            raise SandboxError(f"no box can be made, not even without isolation ({reasons[-1]})")
    groups = None if "cgroup" in without else cgroups.find()
    return Found(isolation=isolation, cgroups=groups, levels=_levels(isolation, groups, filter_detail, reasons))


def _first_that_works(tries: list[Isolation], hidden: tuple[str, ...], reasons: list[str]) -> Isolation | None:
    """The first of ``tries`` that makes a box; why the others did not is added to ``reasons``."""
    for isolation in tries:
        reason = _attempt(isolation, hidden)
        if reason is None:
            return isolation
        reasons.append(f"{isolation.root}: {reason}")
    return None


def probe(config: SandboxConfig | None = None) -> Levels:
    """The layers of this machine, for ``greenroom doctor``. Never raises for a missing one."""
    return find(replace(config or SandboxConfig(), unsafe=True)).levels


def _seccomp(without: frozenset[str]) -> tuple[bool, str]:
    if "seccomp" in without:
        return False, "switched off"
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
