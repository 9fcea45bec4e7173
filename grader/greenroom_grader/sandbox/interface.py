"""What the trusted side sees of a box: the limits it gives, the outcome it gets, and the three ways to run code.

Everything that comes out of a box was decoded strictly and is plain data; nothing in it may be trusted to be true.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
    """A chain of ``ListNode(val, next)``; inside a box it is made of real nodes.

    ``cycle`` is the index the tail points to, -1 for none.
    """

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


@dataclass(frozen=True, slots=True)
class Array:
    """A numpy array as plain data, so that the trusted side needs no numpy; made into a real one inside a box.

    ``dtype`` is numpy's string (``<i8``) or, for a pandas column, the name of an extension type (``category``).
    ``values`` are flat, in C order: plain Python scalars, or for datetimes and timedeltas integers in the unit of the
    dtype.
    """

    dtype: str
    shape: tuple[int, ...]
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A numpy scalar such as ``np.int64(3)``: not equal to the int 3 unless the comparison says so."""

    dtype: str
    value: object


@dataclass(frozen=True, slots=True)
class Series:
    """A pandas Series: its name, its index and its values, both one-dimensional."""

    name: object
    index: Array
    data: Array


@dataclass(frozen=True, slots=True)
class Frame:
    """A pandas DataFrame: column labels, index, and one Array per column."""

    columns: tuple[object, ...]
    index: Array
    data: tuple[Array, ...]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteCall:
    """A stub made by define_remote() was called inside a box, in the middle of a request."""

    name: str
    arguments: tuple[object, ...]
    keywords: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteAnswer:
    """What the stub gives back: it raises ``raised`` where there is one, otherwise returns ``value``.

    ``arguments``, where not empty, are the positional arguments after the call: lists, dicts, sets and bytearrays
    that the caller passed are changed in place to look like them.
    """

    value: object = None
    raised: Raised | None = None
    arguments: tuple[object, ...] = ()


#: Answers stubs on the trusted side. What it raises passes through the Box method that was called, and kills the box.
OnRemote = Callable[[RemoteCall], RemoteAnswer]


class Box(Protocol):
    """A single-use sandbox. Not thread-safe.

    After any ending but RETURNED, RAISED and SYNTAX it is dead: ask for another. Every method below raises SandboxError
    when the box is closed or dead already, when a value that the trusted side passes in is not one that may cross, and
    when the box failed for a reason that is ours. The wall and CPU limits hold per request; the time that ``on_remote``
    takes is not counted.
    """

    #: The layers it really runs under, e.g. ``bwrap+clone+seccomp+cgroup``.
    level: str

    def load(self, source: str, *, filename: str = "solution.py", on_remote: OnRemote | None = None) -> Outcome:
        """Execute source in the box's ``__main__`` namespace (ListNode and TreeNode are defined there)."""
        ...

    def call(
        self,
        name: str,
        arguments: tuple[object, ...],
        *,
        keywords: Mapping[str, object] | None = None,
        want_arguments: bool = False,
        on_remote: OnRemote | None = None,
    ) -> Outcome:
        """Call a function of the namespace; a coroutine is awaited, a generator drained into Generated.

        ``name`` may be dotted (``Solution.two_sum``): a class on the way is instantiated without arguments.
        """
        ...

    def construct(self, name: str, arguments: tuple[object, ...]) -> Outcome:
        """Make the one instance that method() calls are sent to; the value is None."""
        ...

    def method(self, name: str, arguments: tuple[object, ...]) -> Outcome:
        """Call a method of the instance."""
        ...

    def cell(self, source: str, *, on_remote: OnRemote | None = None) -> Outcome:
        """Run one notebook cell in an IPython shell that lives as long as the box.

        Take a box of the ``cells`` zygote, which has the shell ready; in others the first cell waits for it.
        Its namespace is the one of load() and call(). The value is the text/plain of what the cell's last expression
        displayed, None when it displayed nothing; a syntax error is Ending.RAISED like any other error of a cell.
        """
        ...

    def names(self) -> Outcome:
        """Tell what code put into the namespace.

        The value is a dict of name to ``function``, ``class``, ``module``, ``data`` or ``other``.
        """
        ...

    def value(self, name: str) -> Outcome:
        """Read the value of one name of the namespace; Ending.RAISED with a NameError where there is none."""
        ...

    def define(self, values: Mapping[str, object]) -> Outcome:
        """Bind plain data to names of the namespace."""
        ...

    def define_remote(self, names: tuple[str, ...]) -> Outcome:
        """Bind names to stubs that ask the trusted side, through ``on_remote`` of the request that calls them."""
        ...

    def close(self) -> None:
        """Kill everything in it and free what it held. Never raises, may be called twice."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Sandbox(Protocol):
    """Owns the zygotes and the pools of ready boxes. Thread-safe."""

    level: str

    def box(self, zygote: str = "plain", limits: BoxLimits | None = None) -> Box:
        """Give a fresh single-use box, from the pool where one is ready.

        ``zygote`` is plain, data (numpy and pandas imported) or cells (data, and IPython for cell()).

        Raises SandboxError when no box can be made.
        """
        ...

    def close(self) -> None:
        """End all boxes and zygotes; nothing is left behind."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxConfig:
    """How a sandbox is opened."""

    #: Ready boxes to keep per zygote; a zygote that is named here starts with the sandbox, others at their first box.
    pool: Mapping[str, int] = field(default_factory=lambda: {"plain": 2})
    #: Limits that pooled boxes are made for; other limits are set when a box is taken.
    limits: BoxLimits = field(default_factory=BoxLimits)
    #: Run without isolation where this machine offers none.
    unsafe: bool = False
    #: Layers to do without although the machine has them, for tests: cgroup, seccomp, bwrap, namespaces.
    force_without: frozenset[str] = frozenset()
    #: Folders that no box may see even where a system folder that is shown contains them.
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer of isolation, probed by doing it."""

    name: str
    available: bool
    #: Why not, or which kind.
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """What this machine offers, for ``greenroom doctor`` and for the level in every result."""

    layers: tuple[Layer, ...]

    @property
    def text(self) -> str:
        """Short form as recorded in results, for example ``bwrap+clone+seccomp+cgroup1``."""
        return "+".join(layer.name for layer in self.layers if layer.available) or "none"

    def has(self, name: str) -> bool:
        """Whether the layer of that name is available."""
        return any(layer.name == name and layer.available for layer in self.layers)
