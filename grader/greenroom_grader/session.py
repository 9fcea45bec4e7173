"""One program in a box: loaded once, played case by case, in a fresh box after each death."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

from greenroom_grader.errors import SandboxError
from greenroom_grader.package import Answer, compared_arguments
from greenroom_grader.sandbox.codec import CodecError
from greenroom_grader.sandbox.interface import BoxLimits, Ending, Outcome
from greenroom_problems.problem import Kind

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from greenroom_grader.package import Package, Step
    from greenroom_grader.sandbox.interface import Box, Sandbox
    from greenroom_problems.problem import Limits

#: After these a box can still be asked.
ALIVE: Final = frozenset({Ending.RETURNED, Ending.RAISED, Ending.SYNTAX})
#: Waiting is not computing: the wall limit is many times the CPU limit, because the machine may be busy.
_WALL_FACTOR: Final = 4.0
_WALL_EXTRA: Final = 3.0
#: Name of the student's file in tracebacks.
FILENAME: Final = "solution.py"


def box_limits(limits: Limits, *, cpu_factor: float = 1.0) -> BoxLimits:
    """What a box gets for a problem's limits; the wall limit is derived from the CPU limit."""
    cpu = limits.cpu_seconds * cpu_factor
    return BoxLimits(
        cpu_seconds=cpu,
        wall_seconds=cpu * _WALL_FACTOR + _WALL_EXTRA,
        memory_mb=limits.memory_mb,
        output_kb=limits.output_kb,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What a program did with one case, up to the step that decided."""

    #: One per step that was played.
    outcomes: tuple[Outcome, ...]
    cpu_ms: float
    wall_ms: float
    memory_kb: int
    stdout: str
    #: False when the source did not load, so that no step was played; the only outcome is the loading's.
    loaded: bool = True

    @property
    def last(self) -> Outcome:
        """The outcome of the step that decided, or of the last one."""
        return self.outcomes[-1]


class Session:
    """A program and the box that it runs in now. A context manager; not thread-safe."""

    def __init__(
        self,
        sandbox: Sandbox,
        package: Package,
        source: str,
        *,
        limits: BoxLimits | None = None,
        filename: str = FILENAME,
    ) -> None:
        self._sandbox = sandbox
        self._package = package
        self._source = source
        self._filename = filename
        self.limits = limits or box_limits(package.limits)
        self._box: Box | None = None
        #: Level that the latest box ran under; empty before the first.
        self.level = ""
        #: Boxes that ended before they answered.
        self.deaths = 0
        self.memory_kb = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the box back."""
        if self._box is not None:
            self._box.close()
            self._box = None

    def load(self) -> Outcome:
        """Run the source in a fresh box; any earlier box is closed.

        Raises:
            SandboxError: no box could be had.
        """
        self.close()
        box = self._sandbox.box(self._package.zygote, self.limits)
        self._box, self.level = box, box.level
        return self._seen(box.load(self._source, filename=self._filename))

    def ready(self) -> Outcome | None:
        """Make sure that a box with the source loaded stands ready; the failed load where that is impossible."""
        if self._box is not None:
            return None
        outcome = self.load()
        return None if outcome.ending is Ending.RETURNED else outcome

    def play(self, steps: tuple[Step, ...], on_step: Callable[[int, Outcome], bool]) -> Played:
        """Play the calls of one case, one at a time: an input is sent when it is its turn, not before.

        Args:
            steps: The calls.
            on_step: Told each outcome; False ends the case there.

        Raises:
            SandboxError: the box failed us.
            ValueError: an argument does not fit its annotation.
        """
        outcomes: list[Outcome] = []
        budget = self.limits.cpu_seconds * 1000
        failed = self.ready()
        if failed is not None:
            return replace(_played([failed]), loaded=False)
        for number, step in enumerate(steps):
            outcome = self._step(number, step)
            if outcome.ending in ALIVE and sum(item.cpu_ms for item in outcomes) + outcome.cpu_ms > budget:
                # Many calls that each stay below the limit: the limit is for the case.
                outcome = replace(outcome, ending=Ending.CPU_LIMIT)
                self.close()
            outcomes.append(outcome)
            if outcome.ending not in ALIVE or not on_step(number, outcome):
                break
        return _played(outcomes)

    def _step(self, number: int, step: Step) -> Outcome:
        box = self._box
        if box is None:
            raise SandboxError("a case was played without a box")
        package = self._package
        arguments = package.arguments(step)
        try:
            if package.kind is not Kind.CLASS:
                outcome = box.call(step.name, arguments, want_arguments=bool(package.comparison.mutated))
            elif number == 0:
                outcome = box.construct(step.name, arguments)
            else:
                outcome = box.method(step.name, arguments)
        except CodecError as error:
            raise ValueError(str(error)) from error
        return self._seen(outcome)

    def _seen(self, outcome: Outcome) -> Outcome:
        self.memory_kb = max(self.memory_kb, outcome.memory_kb)
        if outcome.ending not in ALIVE:
            self.deaths += 1
            self.close()
        return outcome

    def names(self) -> frozenset[str]:
        """Functions and classes that the program defines; empty when its box is gone."""
        if self._box is None:
            return frozenset()
        outcome = self._box.names()
        known = outcome.value if isinstance(outcome.value, dict) else {}
        return frozenset(str(name) for name, kind in known.items() if kind in {"function", "class"})


def answer_of(package: Package, outcome: Outcome) -> Answer:
    """What a step did, in the form in which answers are expected."""
    if outcome.ending is Ending.RAISED and outcome.raised is not None:
        return Answer(raised=outcome.raised.type_name)
    return Answer(value=outcome.value, arguments=compared_arguments(package.comparison, outcome.arguments))


def _played(outcomes: list[Outcome]) -> Played:
    return Played(
        outcomes=tuple(outcomes),
        cpu_ms=sum(item.cpu_ms for item in outcomes),
        wall_ms=sum(item.wall_ms for item in outcomes),
        memory_kb=max((item.memory_kb for item in outcomes), default=0),
        stdout="".join(item.stdout for item in outcomes),
    )
