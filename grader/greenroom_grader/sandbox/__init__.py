"""The sandbox: single-use boxes cloned from a warm zygote."""

from __future__ import annotations

from greenroom_grader.sandbox.interface import (
    Array,
    Box,
    BoxLimits,
    Ending,
    Frame,
    Generated,
    Layer,
    Levels,
    LinkedList,
    OnRemote,
    Opaque,
    Outcome,
    Raised,
    RemoteAnswer,
    RemoteCall,
    Sandbox,
    SandboxConfig,
    Scalar,
    Series,
    Tree,
)
from greenroom_grader.sandbox.levels import probe
from greenroom_grader.sandbox.pool import PooledSandbox

__all__ = [
    "Array",
    "Box",
    "BoxLimits",
    "Ending",
    "Frame",
    "Generated",
    "Layer",
    "Levels",
    "LinkedList",
    "OnRemote",
    "Opaque",
    "Outcome",
    "Raised",
    "RemoteAnswer",
    "RemoteCall",
    "Sandbox",
    "SandboxConfig",
    "Scalar",
    "Series",
    "Tree",
    "open_sandbox",
    "probe",
]


def open_sandbox(config: SandboxConfig | None = None) -> PooledSandbox:
    """A running sandbox; use it as a context manager.

    Raises:
        SandboxUnavailableError: this machine offers no isolation, and the configuration does not accept that.
        SandboxError: a zygote does not start.
    """
    return PooledSandbox(config or SandboxConfig())
