"""The tests cell of a problem, at work in a box of ours: cases, ``generate``, ``valid`` and the checker.

It is the author's code, so it is run in a box like any other; it never meets a student's process. A student's values do
come in (a checker looks at them), as plain data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from greenroom_grader.compare import plain
from greenroom_grader.errors import PublishError, SandboxError
from greenroom_grader.package import Step
from greenroom_grader.sandbox.interface import BoxLimits, Ending, Outcome
from greenroom_problems.problem import Kind

if TYPE_CHECKING:
    from types import TracebackType

    from greenroom_grader.sandbox.interface import Box, Sandbox
    from greenroom_problems.problem import Entry

#: Generous: the author's cell makes large inputs, and only once.
LIMITS: Final = BoxLimits(
    cpu_seconds=20.0, wall_seconds=60.0, memory_mb=1024, output_kb=1024, processes=16, answer_bytes=64_000_000
)

#: Runs before the tests cell, in the same namespace.
_PRELUDE: Final = """\
class Case:
    def __init__(self, arguments, entry, reveal, name):
        self.arguments, self.entry, self.reveal, self.name = arguments, entry, reveal, name


def case(*arguments, entry=None, reveal=None, name=""):
    return Case(arguments, entry, reveal, name)


def __greenroom_plain(item):
    if isinstance(item, Case):
        return [item.arguments, item.entry, item.reveal, item.name]
    return [item, None, None, ""]


def __greenroom_count(group):
    items = globals().get(group)
    return len(items) if isinstance(items, (list, tuple)) else -1


def __greenroom_case(group, index):
    return __greenroom_plain(globals()[group][index])


def __greenroom_generate(seed, size):
    from random import Random

    return __greenroom_plain(generate(Random(seed), size))
"""


class WrittenCase:
    """A case as its author wrote it: calls, and what it says beyond them."""

    __slots__ = ("name", "reveal", "steps")

    def __init__(self, steps: tuple[Step, ...], name: str, reveal: str | None) -> None:
        self.steps = steps
        self.name = name
        #: ``all``, ``input``, ``nothing``, or None for the problem's own rule.
        self.reveal = reveal


class Authored:
    """A box with the tests cell loaded. A context manager; not thread-safe."""

    def __init__(
        self,
        sandbox: Sandbox,
        *,
        tests: str,
        kind: Kind,
        entry: Entry,
        zygote: str,
        limits: BoxLimits = LIMITS,
    ) -> None:
        """Take a box and load the cell.

        Raises:
            PublishError: the cell does not run.
            SandboxError: no box could be had.
        """
        self._kind = kind
        self._entry = entry
        self._box: Box = sandbox.box(zygote, limits)
        try:
            self._box.load(_PRELUDE, filename="case.py")
            outcome = self._box.load(tests, filename="tests")
        except BaseException:
            self._box.close()
            raise
        if outcome.ending is not Ending.RETURNED:
            self._box.close()
            raise PublishError(f"the tests cell does not run: {explain(outcome)}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the box back."""
        self._box.close()

    def defined(self) -> frozenset[str]:
        """Names of functions that the cell defines."""
        outcome = self._box.names()
        names = outcome.value if isinstance(outcome.value, dict) else {}
        return frozenset(str(name) for name, kind in names.items() if kind == "function")

    def count(self, group: str) -> int:
        """How many cases ``examples`` or ``hidden`` holds; -1 when there is no such list."""
        return self._integer(self._box.call("__greenroom_count", (group,)))

    def case(self, group: str, index: int) -> WrittenCase:
        """One case.

        Raises:
            PublishError: it is not written as a case of this kind of problem; the message does not name the case.
        """
        return self._written(self._box.call("__greenroom_case", (group, index)))

    def generate(self, seed: int, size: int) -> WrittenCase:
        """One case of about that size, always the same for the same seed and size.

        Raises:
            PublishError: the generator failed, or made something else.
        """
        return self._written(self._box.call("__greenroom_generate", (seed, size)))

    def valid(self, steps: tuple[Step, ...]) -> bool:
        """Whether the problem allows this input. An input that makes ``valid`` itself raise is not allowed.

        Raises:
            SandboxError: the check ended its box; ask for another.
        """
        outcome = self._box.call("valid", self._inputs(steps))
        if outcome.ending not in {Ending.RETURNED, Ending.RAISED}:
            raise SandboxError(f"the problem's valid() {explain(outcome)}")
        return outcome.ending is Ending.RETURNED and outcome.value is True

    def check(self, name: str, steps: tuple[Step, ...], expected: object, actual: object) -> Outcome:
        """Ask the problem's checker; chains, trees and drained generators are plain lists for it."""
        arguments = list(self._inputs(steps)) if self._kind is Kind.CLASS else self._inputs(steps)
        return self._box.call(name, (arguments, plain(expected), plain(actual)))

    def _inputs(self, steps: tuple[Step, ...]) -> tuple[object, ...]:
        if self._kind is Kind.CLASS:
            return tuple((step.name, *step.arguments) for step in steps)
        return steps[0].arguments

    def _integer(self, outcome: Outcome) -> int:
        if outcome.ending is not Ending.RETURNED or not isinstance(outcome.value, int):
            raise PublishError(f"the tests cell cannot be read: {explain(outcome)}")
        return outcome.value

    def _written(self, outcome: Outcome) -> WrittenCase:
        if outcome.ending is not Ending.RETURNED:
            raise PublishError(explain(outcome))
        if not isinstance(outcome.value, list) or len(outcome.value) != 4:
            raise PublishError("it is not a case")
        calls, entry, reveal, name = outcome.value
        return WrittenCase(steps_of(calls, self._kind, self._entry, function=entry), str(name), reveal)


def steps_of(calls: object, kind: Kind, entry: Entry, *, function: object = None) -> tuple[Step, ...]:
    """The calls of one case, checked against the entry.

    Args:
        calls: For a function, the tuple of arguments; for a class, the list of ``("name", arguments...)``.
        kind: Of the problem.
        entry: Of the problem.
        function: Another function of the entry than the first.

    Raises:
        PublishError: with what to write instead; the caller says where.
    """
    if kind is Kind.CLASS:
        return _class_steps(calls, entry)
    if not isinstance(calls, tuple):
        raise PublishError("a case is the tuple of its arguments; write (numbers, 3), or (numbers,) for one argument")
    name = entry.name if function is None else str(function)
    return (_counted(entry, name, name, calls),)


def _class_steps(calls: object, entry: Entry) -> tuple[Step, ...]:
    if not isinstance(calls, list | tuple) or not calls or not all(isinstance(c, tuple) and c for c in calls):
        raise PublishError(
            f'a case is a list of calls, the construction first; write [("{entry.name}",), ("method", 1), ...]'
        )
    names = [str(call[0]) for call in calls]
    if names[0] != entry.name:
        raise PublishError(f'the first call must construct the class; write ("{entry.name}", ...) first')
    steps = [_counted(entry, entry.name, "__init__", tuple(calls[0][1:]))]
    return (
        *steps,
        *(_counted(entry, name, name, tuple(call[1:])) for name, call in zip(names[1:], calls[1:], strict=True)),
    )


def _counted(entry: Entry, name: str, signature_name: str, arguments: tuple[object, ...]) -> Step:
    """A step whose function exists and takes that many arguments."""
    signature = next((item for item in entry.signatures if item.name == signature_name), None)
    if signature is None:
        known = ", ".join(item.name for item in entry.signatures if item.name != "__init__")
        raise PublishError(f"the entry has no {name!r}; it has {known}")
    most = len(signature.parameters)
    least = sum(parameter.default is None for parameter in signature.parameters)
    if not least <= len(arguments) <= most:
        wanted = f"{most}" if least == most else f"{least} to {most}"
        raise PublishError(f"{name} takes {wanted} arguments, here it gets {len(arguments)}")
    return Step(name=name, arguments=arguments)


def explain(outcome: Outcome) -> str:
    """How a request to a box of ours went wrong, in one line."""
    raised = outcome.raised
    if outcome.ending in _ENDINGS:
        detail = f" ({raised.message[:200]})" if raised is not None and outcome.ending is Ending.DIED else ""
        return _ENDINGS[outcome.ending] + detail
    if raised is not None:
        line = raised.line or _last_line(raised.traceback)
        where = f" (line {line})" if line else ""
        message = " ".join(raised.message.split())[:200]
        return f"{raised.type_name}: {message}{where}" if message else f"{raised.type_name}{where}"
    return outcome.ending.value


def _last_line(traceback: str) -> int:
    """The line number of the innermost frame of a traceback's text; 0 when it has none."""
    for text in reversed(traceback.splitlines()):
        head, found, rest = text.partition(", line ")
        if found and head.lstrip().startswith("File "):
            digits = rest.partition(",")[0]
            return int(digits) if digits.isascii() and digits.isdigit() else 0
    return 0


_ENDINGS: Final = {
    Ending.CPU_LIMIT: "it used more CPU time than it may",
    Ending.WALL_LIMIT: "it did not finish in time",
    Ending.MEMORY_LIMIT: "it used more memory than it may",
    Ending.OUTPUT_LIMIT: "it printed or returned more than it may",
    Ending.DIED: "its process ended without an answer",
    Ending.PROTOCOL: "it wrote to the grader's channel",
}
