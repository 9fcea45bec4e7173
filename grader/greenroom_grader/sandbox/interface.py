"""What the trusted side sees of a box: the limits it gives, the outcome it gets, and the three ways to run code.

Everything that comes out of a box was decoded strictly and is plain data; nothing in it may be trusted to be true.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from types import TracebackType


class Ending(StrEnum):
    """How one request to a box ended."""

    RETURNED = "returned"
    RAISED = "raised"
    #: The source does not compile. Only from load().
    SYNTAX = "syntax"
    CPU_LIMIT = "cpu_limit"
    WALL_LIMIT = "wall_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    #: The process ended without an answer: os._exit, a crash in C, a signal.
    DIED = "died"
    #: Bytes that no request asked for, a wrong nonce, a frame that does not decode.
    PROTOCOL = "protocol"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxLimits:
    """What one box may use over its whole life; CPU and wall are per request."""

    cpu_seconds: float = 2.0
    wall_seconds: float = 8.0
    memory_mb: int = 256
    output_kb: int = 64
    processes: int = 16
    disk_mb: int = 16
    #: Bytes of one answer's frame.
    answer_bytes: int = 4_000_000


@dataclass(frozen=True, slots=True)
class LinkedList:
    """A chain of ``ListNode(val, next)``; inside a box it is made of real nodes. ``cycle`` is the index the tail points to, -1 for none."""

    values: tuple[object, ...]
    cycle: int = -1


@dataclass(frozen=True, slots=True)
class Tree:
    """A binary ``TreeNode(val, left, right)`` in level order, None for a missing child, no trailing None."""

    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Generated:
    """What a generator or async generator yielded, drained inside the box."""

    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value of a type that may not cross: it equals nothing, not even itself in a comparison."""

    type_name: str
    #: A safe, short description made inside the box; untrusted text.
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An exception inside a box."""

    #: ``ValueError``, or ``module.Name`` when it is not a builtin.
    type_name: str
    message: str
    #: Cut to frames of the submission.
    traceback: str
    #: For Ending.SYNTAX: 1-based line and column; 0 where unknown.
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer to one request."""

    ending: Ending
    #: Decoded result; meaningful when ending is RETURNED.
    value: object = None
    #: Arguments encoded again after the call, decoded here; empty when not asked for.
    arguments: tuple[object, ...] = ()
    raised: Raised | None = None
    #: Standard output and error of this request, cut to the limit.
    stdout: str = ""
    #: Whether anything was written to standard error (nbgrader gives such a test cell no points).
    stderr: bool = False
    cpu_ms: float = 0.0
    wall_ms: float = 0.0
    #: Peak of the box so far.
    memory_kb: int = 0


class Box(Protocol):
    """A single-use sandbox. Not thread-safe. After any ending but RETURNED, RAISED and SYNTAX it is dead: ask for another."""

    #: The layers it really runs under, e.g. ``bwrap+clone+seccomp+cgroup``.
    level: str

    def load(self, source: str, *, filename: str = "solution.py") -> Outcome:
        """Execute source in a fresh ``__main__`` namespace (ListNode and TreeNode are defined there)."""
        ...

    def call(self, name: str, arguments: tuple[object, ...], *, want_arguments: bool = False) -> Outcome:
        """Call a function of the namespace; a coroutine is awaited, a generator drained into Generated."""
        ...

    def construct(self, name: str, arguments: tuple[object, ...]) -> Outcome:
        """Make the one instance that method() calls are sent to; the value is None."""
        ...

    def method(self, name: str, arguments: tuple[object, ...]) -> Outcome:
        """Call a method of the instance."""
        ...

    def cell(self, source: str) -> Outcome:
        """Run one notebook cell in an IPython shell that lives as long as the box.

        Its namespace is the one of load() and call(). The value is the text/plain of what the cell's last expression
        displayed, None when it displayed nothing; a syntax error is Ending.RAISED like any other error of a cell.
        """
        ...

    def close(self) -> None:
        """Kill everything in it and free what it held. Never raises, may be called twice."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


class Sandbox(Protocol):
    """Owns the zygotes and the pools of ready boxes. Thread-safe."""

    level: str

    def box(self, zygote: str = "plain", limits: BoxLimits | None = None) -> Box:
        """A fresh single-use box, from the pool where one is ready. ``zygote`` is plain or data (numpy, pandas).

        Raises SandboxError when no box can be made.
        """
        ...

    def close(self) -> None:
        """End all boxes and zygotes; nothing is left behind."""
        ...
