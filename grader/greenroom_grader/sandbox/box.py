"""One single-use box, seen from the trusted side: requests, limits, endings."""

from __future__ import annotations

import secrets
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Self

from greenroom_grader.errors import SandboxError
from greenroom_grader.sandbox import codec, usage
from greenroom_grader.sandbox.answers import (
    describe_death,
    form_arguments,
    form_remote_answer,
    read_outcome,
    read_remote_call,
)
from greenroom_grader.sandbox.clocks import Clocks
from greenroom_grader.sandbox.interface import BoxLimits, Ending, Outcome, Raised
from greenroom_grader.sandbox.raw import BIRTH_SECONDS, RawBox
from greenroom_grader.sandbox.wire import SMALL_FRAME, Stopped, deadline_watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from greenroom_grader.sandbox.interface import OnRemote
    from greenroom_grader.sandbox.usage import Meter

_SWEEP_SECONDS: Final = 0.5
#: How long a box that closed its channel may take to die before it is killed: its own death says more than ours.
_LAST_BREATH_SECONDS: Final = 0.2
#: What the kernel's count may exceed the memory limit by: pages that the harness itself touches, files, page tables.
_OVERHEAD_MB: Final = 24
#: Endings that a lack of memory may look like.
_MASKED_BY_MEMORY: Final = (Ending.DIED, Ending.WALL_LIMIT, Ending.CPU_LIMIT)
#: Without a control group: address space beyond the memory limit, for mappings that are shared or only reserved.
_ADDRESS_FACTOR: Final = 4


class SandboxBox:
    """The Box of the interface: a RawBox under limits."""

    def __init__(self, raw: RawBox, limits: BoxLimits, level: str, bury: Callable[[RawBox], None]) -> None:
        """Take a raw box into service: its limits are set and its privileges end here.

        Raises:
            SandboxError: it died or refused.
        """
        self.level = level
        self.limits = limits
        self._raw = raw
        self._wire = raw.wire
        self._bury = bury
        self._closed = False
        self._dead: Ending | None = None
        told: dict[str, int] = {
            "memory_mb": limits.memory_mb,
            "processes": limits.processes,
            "disk_mb": limits.disk_mb,
            "answer_bytes": limits.answer_bytes,
        }
        try:
            if raw.group is not None:
                raw.group.limit(memory_mb=limits.memory_mb + _OVERHEAD_MB, processes=limits.processes)
            else:
                told["address_mb"] = limits.memory_mb * _ADDRESS_FACTOR
            with suppress(Stopped):
                self._wire.send(told, deadline_watch(BIRTH_SECONDS))
            raw.hear("locked")
            self._meter = self._make_meter()
        except BaseException as error:
            self.close()
            if isinstance(error, OSError):
                raise SandboxError(f"a box could not be limited: {error}") from error
            raise
        self._wire.output_limit = limits.output_kb << 10

    def _make_meter(self) -> Meter:
        if self._raw.group is not None:
            return usage.GroupMeter(self._raw.group, self._raw.pid)
        return usage.ProcMeter(self._raw.pid, self.limits.memory_mb + _OVERHEAD_MB)

    # ------------------------------------------------------------ requests

    def load(self, source: str, *, filename: str = "solution.py", on_remote: OnRemote | None = None) -> Outcome:
        """Execute source in the namespace; see the interface, as for all that follow."""
        return self._request({"o": "load", "s": source, "f": filename}, on_remote)

    def call(
        self,
        name: str,
        arguments: tuple[object, ...],
        *,
        keywords: Mapping[str, object] | None = None,
        want_arguments: bool = False,
        on_remote: OnRemote | None = None,
    ) -> Outcome:
        """Call a function."""
        sent = {key: codec.encode(value) for key, value in (keywords or {}).items()}
        request = {"o": "call", "f": name, "a": form_arguments(arguments), "k": sent, "w": want_arguments}
        return self._request(request, on_remote)

    def construct(self, name: str, arguments: tuple[object, ...]) -> Outcome:
        """Make the instance."""
        return self._request({"o": "construct", "f": name, "a": form_arguments(arguments)})

    def method(self, name: str, arguments: tuple[object, ...]) -> Outcome:
        """Call a method of the instance."""
        return self._request({"o": "method", "f": name, "a": form_arguments(arguments)})

    def cell(self, source: str, *, on_remote: OnRemote | None = None) -> Outcome:
        """Run one notebook cell."""
        return self._request({"o": "cell", "s": source}, on_remote)

    def names(self) -> Outcome:
        """Kinds of what the namespace holds, by name."""
        return self._request({"o": "names"})

    def value(self, name: str) -> Outcome:
        """Read one name."""
        return self._request({"o": "value", "f": name})

    def define(self, values: Mapping[str, object]) -> Outcome:
        """Bind plain data."""
        return self._request({"o": "define", "d": {name: codec.encode(value) for name, value in values.items()}})

    def define_remote(self, names: tuple[str, ...]) -> Outcome:
        """Bind stubs."""
        return self._request({"o": "remote", "d": list(names)})

    # ------------------------------------------------------------ one request

    def _request(self, request: dict[str, object], on_remote: OnRemote | None = None) -> Outcome:
        if self._closed or self._dead is not None:
            raise SandboxError("this box is " + ("closed" if self._closed else f"dead ({self._dead})"))
        run = Clocks(self._meter, self.limits)
        try:
            answer = self._exchange(request, run, on_remote)
            on_stderr = answer.pop("w", None) is True
            outcome = read_outcome(answer)
            self._check(run)
        except Stopped as stopped:
            return self._stop(stopped, run)
        except BaseException:
            self._dead = Ending.DIED
            self._raw.kill()
            raise
        if outcome.raised is not None and outcome.raised.type_name.endswith("MemoryError"):
            return self._stop(Stopped(Ending.MEMORY_LIMIT), run, outcome.raised)
        stdout = self._wire.take_output()
        return replace(_with_usage(outcome, run, stdout, self._meter.peak_kb()), stderr=on_stderr)

    def _check(self, run: Clocks) -> None:
        """What must hold after an answer. Raises Stopped where it does not."""
        run.check_cpu()
        if self._meter.out_of_memory():
            raise Stopped(Ending.MEMORY_LIMIT)
        self._wire.drain()
        if not usage.kill_members(self._meter.companions, time.monotonic() + _SWEEP_SECONDS):
            raise Stopped(Ending.DIED, "processes that the request left behind keep starting others")

    def _exchange(self, request: dict[str, object], run: Clocks, on_remote: OnRemote | None) -> dict[str, object]:
        nonce = secrets.token_hex(8)
        self._wire.expect_silence()
        self._wire.send({"n": nonce, **request}, run.watch)
        while True:
            answer = self._wire.receive(run.watch, self.limits.answer_bytes + SMALL_FRAME)
            if answer.pop("n", None) != nonce:
                raise Stopped(Ending.PROTOCOL, "wrong nonce")
            if "r" not in answer:
                self._wire.expect_no_more()
                return answer
            if on_remote is None:
                raise Stopped(Ending.PROTOCOL, "a call to the trusted side that was not invited")
            call = read_remote_call(answer)
            self._wire.expect_silence()
            with run.paused():
                given = on_remote(call)
            self._wire.send({"n": nonce, **form_remote_answer(given)}, run.watch)

    def _stop(self, stopped: Stopped, run: Clocks, raised: Raised | None = None) -> Outcome:
        """Kill the box and say how it ended; a death is told apart by what the kernel saw.

        Raises:
            SandboxError: its zygote is gone, which is our failure and not the student's.
        """
        if stopped.ending is Ending.DIED:
            self._raw.dead(_LAST_BREATH_SECONDS)
        run.stop()
        out_of_memory = self._meter.out_of_memory()
        peak = self._meter.peak_kb()
        self._raw.kill()
        self._raw.dead()
        status, cpu_seconds = self._raw.end()
        run.at_least(cpu_seconds)
        self._dead = stopped.ending
        if not self._raw.zygote.alive():
            raise SandboxError("the zygote of this box is gone")
        ending = self._cause(stopped.ending, run, out_of_memory=out_of_memory)
        detail = stopped.detail or (describe_death(status) if ending is Ending.DIED else "")
        with suppress(Stopped):
            self._wire.drain()
        self._dead = ending
        if detail and raised is None:
            raised = Raised(type_name=str(ending), message=detail, traceback="")
        return _with_usage(Outcome(ending=ending, raised=raised), run, self._wire.take_output(), peak)

    def _cause(self, ending: Ending, run: Clocks, *, out_of_memory: bool) -> Ending:
        if out_of_memory and ending in _MASKED_BY_MEMORY:
            return Ending.MEMORY_LIMIT
        if ending is Ending.DIED and run.cpu_seconds() > self.limits.cpu_seconds:
            return Ending.CPU_LIMIT
        return ending

    def close(self) -> None:
        """Kill everything in it and free what it held."""
        if not self._closed:
            self._closed = True
            self._bury(self._raw)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _with_usage(outcome: Outcome, run: Clocks, stdout: str, peak_kb: int) -> Outcome:
    return replace(
        outcome,
        stdout=stdout,
        cpu_ms=run.cpu_seconds() * 1000,
        wall_ms=run.wall_seconds() * 1000,
        memory_kb=peak_kb,
    )
