"""The clean box: the instructor's cells, and the student's names in them as stubs and plain data."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from greenroom_grader.assignments.boxes import ALIVE, NotebookLimits, Side
from greenroom_grader.assignments.plan import NameKind
from greenroom_grader.assignments.remote import class_source
from greenroom_grader.assignments.score import STOPPED
from greenroom_grader.sandbox.interface import Ending, Opaque, Outcome, Raised, RemoteAnswer, RemoteCall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenroom_grader.assignments.plan import CleanCell, StudentName


@dataclass(slots=True)
class Watch:
    """What happened in the student's box while one cell ran in the clean one."""

    limits: NotebookLimits
    #: How the student's box ended; RETURNED while it lives.
    ending: Ending = Ending.RETURNED
    stderr: bool = False
    stdout: list[str] = field(default_factory=list)
    cpu_ms: float = 0.0
    started: float = field(default_factory=time.monotonic)
    #: Types of values that could not cross, in either direction.
    opaque: list[str] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count one call; many short ones may not outlast the limit of one long one."""
        self.cpu_ms += outcome.cpu_ms
        self.stderr = self.stderr or outcome.stderr
        if outcome.stdout and sum(map(len, self.stdout)) < self.limits.output_kb * 1024:
            self.stdout.append(outcome.stdout)
        if outcome.ending not in ALIVE:
            self.ending = outcome.ending
        elif self.cpu_ms > self.limits.cpu_seconds * 1000:
            self.ending = Ending.CPU_LIMIT
        elif time.monotonic() - self.started > self.limits.wall_seconds:
            self.ending = Ending.WALL_LIMIT

    def note_opaque(self, values: Sequence[object]) -> None:
        """Remember what could not cross as it is."""
        self.opaque += [value.type_name for value in values if isinstance(value, Opaque)]


class CleanBox:
    """Runs the instructor's cells and keeps the student's names in them up to date."""

    def __init__(self, clean: Side, student: Side, limits: NotebookLimits) -> None:
        self._clean = clean
        self._student = student
        self._limits = limits
        self._done: list[CleanCell] = []
        self._generation = 0
        #: Names that are stubs or stand-ins for classes now, or imported.
        self._fixed: dict[str, NameKind] = {}
        #: Names that hold the student's data, and the epoch it is from.
        self._data: dict[str, int] = {}
        self._kinds: dict[str, str] | None = None
        #: Counts whatever may have changed a value in the student's box.
        self._epoch = 0

    def student_changed(self) -> None:
        """A cell ran in the student's box: its names may be others now."""
        self._kinds = None
        self._epoch += 1

    def run(self, cell: CleanCell) -> tuple[Outcome, Watch]:
        """Run one cell; the watch says what its calls did in the student's box."""
        self._revive()
        outcome, watch = self._run(cell)
        if outcome.ending in ALIVE:
            self._done.append(cell)
        return outcome, watch

    def _revive(self) -> None:
        """In a new box, run again what ran in the one before."""
        self._clean.stand_ready()
        if self._clean.generation == self._generation:
            return
        self._generation = self._clean.generation
        self._fixed.clear()
        self._data.clear()
        done, self._done = self._done, []
        for cell in done:
            outcome, _ = self._run(cell)
            if outcome.ending not in ALIVE:
                return
            self._done.append(cell)

    def _run(self, cell: CleanCell) -> tuple[Outcome, Watch]:
        self._bind(cell)
        watch = Watch(self._limits)
        outcome = self._clean.cell(cell.source, on_remote=lambda request: self._answer(request, watch))
        for name in cell.names.binds:
            self._fixed.pop(name, None)
            self._data.pop(name, None)
        return outcome, watch

    def _answer(self, request: RemoteCall, watch: Watch) -> RemoteAnswer:
        """Make one call from the clean box in the student's."""
        if watch.ending is not Ending.RETURNED:
            return RemoteAnswer(raised=_stopped(watch.ending))
        self._epoch += 1
        watch.note_opaque(request.arguments)
        outcome = self._student.call(request)
        watch.add(outcome)
        if watch.ending is not Ending.RETURNED:
            return RemoteAnswer(raised=_stopped(watch.ending))
        if outcome.ending is Ending.RETURNED:
            watch.note_opaque((outcome.value,))
            return RemoteAnswer(value=outcome.value, arguments=outcome.arguments)
        return RemoteAnswer(raised=outcome.raised)

    def _bind(self, cell: CleanCell) -> None:
        """Give the cell what it takes from the student's box."""
        if not cell.needs:
            return
        if self._kinds is None:
            self._kinds = self._student.names()
        stubs: list[str] = []
        data: dict[str, object] = {}
        for need in cell.needs:
            kind = self._kinds.get(need.name)
            if kind is None:
                self._unbind(need.name)
            elif need.kind is NameKind.IMPORT:
                self._fix(need, need.statement)
            elif need.kind is NameKind.CLASS and kind == "class":
                self._fix(need, class_source(need.name, need.special))
            elif kind in ("function", "class"):
                if self._fixed.get(need.name) is not NameKind.ANY:
                    stubs.append(need.name)
            elif self._data.get(need.name) != self._epoch:
                data[need.name] = self._value(need.name, kind)
        self._define(stubs, data)

    def _define(self, stubs: Sequence[str], data: dict[str, object]) -> None:
        if stubs:
            self._clean.define_remote(tuple(stubs))
            self._fixed.update((name, NameKind.ANY) for name in stubs)
        if data:
            self._clean.define(data)
            self._data.update((name, self._epoch) for name in data)
            for name in data:
                self._fixed.pop(name, None)
        for name in stubs:
            self._data.pop(name, None)

    def _value(self, name: str, kind: str) -> object:
        if kind == "data":
            outcome = self._student.value(name)
            if outcome.ending is Ending.RETURNED:
                return outcome.value
        return Opaque(kind)

    def _fix(self, need: StudentName, source: str) -> None:
        """Bind a name by source of ours, once."""
        if self._fixed.get(need.name) is need.kind:
            return
        self._clean.load(source)
        self._fixed[need.name] = need.kind
        self._data.pop(need.name, None)

    def _unbind(self, name: str) -> None:
        """The student's box has no such name (any more): neither has the clean one."""
        if self._fixed.pop(name, None) is not None or self._data.pop(name, None) is not None:
            self._clean.load(f"globals().pop({name!r}, None)")


def _stopped(ending: Ending) -> Raised:
    """What a test sees of a student's box that ended; whatever it makes of it, the cell has failed."""
    return Raised(type_name="RuntimeError", message=STOPPED.get(ending, "The box ended."), traceback="")
