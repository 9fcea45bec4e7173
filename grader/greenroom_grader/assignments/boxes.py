"""The two boxes of one notebook: each remembers what ran in it and comes back with it after something killed it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from greenroom_grader.sandbox.files import writing_source
from greenroom_grader.sandbox.interface import BoxLimits, Ending, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenroom_grader.sandbox.interface import Box, OnRemote, RemoteCall, Sandbox

#: Endings after which a box lives on.
ALIVE = frozenset({Ending.RETURNED, Ending.RAISED, Ending.SYNTAX})


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookLimits:
    """What one submission may use."""

    #: Per cell, calls from tests included.
    cpu_seconds: float = 10.0
    wall_seconds: float = 30.0
    #: For the whole notebook.
    total_wall_seconds: float = 180.0
    memory_mb: int = 512
    output_kb: int = 256
    disk_mb: int = 64
    processes: int = 32
    #: How often a box that a cell killed is made again.
    rebuilds: int = 5

    def box(self) -> BoxLimits:
        """The limits of each of the two boxes."""
        return BoxLimits(
            cpu_seconds=self.cpu_seconds,
            wall_seconds=self.wall_seconds,
            memory_mb=self.memory_mb,
            output_kb=self.output_kb,
            processes=self.processes,
            disk_mb=self.disk_mb,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """What a box holds before the first cell."""

    #: Relative path and content: the files beside the source notebook.
    files: Mapping[str, bytes] = field(default_factory=dict)
    #: Names that are stubs for the other box, bound before the prelude.
    remotes: tuple[str, ...] = ()
    #: Source that is loaded first.
    prelude: str = ""
    #: Whether cells that ran are run again in a box that replaces a dead one.
    remember: bool = True


@dataclass(slots=True)
class Usage:
    """What a notebook has used so far."""

    cpu_ms: float = 0.0
    memory_kb: int = 0
    started: float = field(default_factory=time.monotonic)

    def add(self, outcome: Outcome) -> None:
        """Count one request."""
        self.cpu_ms += outcome.cpu_ms
        self.memory_kb = max(self.memory_kb, outcome.memory_kb)

    @property
    def wall_seconds(self) -> float:
        """Since the notebook began."""
        return time.monotonic() - self.started


#: Instead of an outcome, when a box was killed too often or the notebook's time is over.
EXHAUSTED = Outcome(ending=Ending.WALL_LIMIT)


class Side:
    """One of the two boxes. Every request goes through `request`; a dead box is replaced before the next one."""

    def __init__(
        self, sandbox: Sandbox, *, limits: NotebookLimits, furniture: Furniture, usage: Usage, zygote: str = "cells"
    ) -> None:
        self._sandbox = sandbox
        self._zygote = zygote
        self._limits = limits
        self._furniture = furniture
        self._usage = usage
        self._box: Box | None = None
        self._history: list[str] = []
        self._deaths = 0
        self.level = ""
        #: Counts boxes: whatever was bound in an older one is gone.
        self.generation = 0

    def cell(self, source: str, *, on_remote: OnRemote | None = None) -> Outcome:
        """Run a cell and remember it, unless it killed the box."""
        box = self._ready()
        if box is None:
            return EXHAUSTED
        outcome = self._count(box.cell(source, on_remote=on_remote))
        if self._box is not None and self._furniture.remember:
            self._history.append(source)
        return outcome

    def load(self, source: str) -> Outcome:
        """Execute plain Python that need not be remembered."""
        box = self._ready()
        return EXHAUSTED if box is None else self._count(box.load(source, filename="setup.py"))

    def call(self, request: RemoteCall) -> Outcome:
        """Call a function as a test does."""
        box = self._ready()
        if box is None:
            return EXHAUSTED
        arguments = request.arguments
        outcome = box.call(request.name, arguments, keywords=request.keywords, want_arguments=bool(arguments))
        return self._count(outcome)

    def names(self) -> dict[str, str]:
        """Kinds by name; empty when the box cannot say."""
        box = self._ready()
        outcome = EXHAUSTED if box is None else self._count(box.names())
        found = outcome.value if outcome.ending is Ending.RETURNED else None
        return {str(key): str(kind) for key, kind in found.items()} if isinstance(found, dict) else {}

    def value(self, name: str) -> Outcome:
        """The value of a name."""
        box = self._ready()
        return EXHAUSTED if box is None else self._count(box.value(name))

    def define(self, values: Mapping[str, object]) -> None:
        """Bind plain data."""
        box = self._ready()
        if box is not None:
            self._count(box.define(values))

    def define_remote(self, names: tuple[str, ...]) -> None:
        """Bind names to stubs."""
        box = self._ready()
        if box is not None:
            self._count(box.define_remote(names))

    def stand_ready(self) -> None:
        """Have a living box: where the last one died, a new one that is furnished like it."""
        self._ready()

    def close(self) -> None:
        """End the box. May be called twice."""
        if self._box is not None:
            self._box.close()
        self._box = None

    def _count(self, outcome: Outcome) -> Outcome:
        self._usage.add(outcome)
        if outcome.ending not in ALIVE:
            self._deaths += 1
            self.close()
        return outcome

    def _ready(self) -> Box | None:
        """A living box that has run what was run before; None when it died too often or time is over."""
        while self._box is None:
            if self._deaths > self._limits.rebuilds or self._usage.wall_seconds > self._limits.total_wall_seconds:
                return None
            self._box = self._sandbox.box(self._zygote, self._limits.box())
            self.level = self._box.level
            self.generation += 1
            self._furnish(self._box)
            self._replay()
        return self._box

    def _furnish(self, box: Box) -> None:
        if self._furniture.remotes:
            self._count(box.define_remote(self._furniture.remotes))
        if self._furniture.prelude and self._box is not None:
            self._count(box.load(self._furniture.prelude, filename="setup.py"))
        for name, content in self._furniture.files.items():
            if self._box is not None:
                self._count(box.load(writing_source(name, content), filename="setup.py"))

    def _replay(self) -> None:
        """Run the remembered cells again; one that kills the box this time is left out from now on."""
        for position, source in enumerate(self._history):
            if self._box is None:
                return
            self._count(self._box.cell(source))
            if self._box is None:
                del self._history[position]
                return
