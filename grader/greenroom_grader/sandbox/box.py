"""One single-use box, seen from the trusted side: requests, limits, endings."""

from __future__ import annotations

import json
import os
import secrets
import select
import signal
import socket
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Self

from greenroom_grader.errors import SandboxError
from greenroom_grader.sandbox import codec, usage
from greenroom_grader.sandbox.interface import BoxLimits, Ending, Outcome, Raised, RemoteAnswer, RemoteCall
from greenroom_grader.sandbox.wire import Stopped, Wire, deadline_watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from greenroom_grader.sandbox.cgroups import Group
    from greenroom_grader.sandbox.interface import OnRemote
    from greenroom_grader.sandbox.usage import Meter
    from greenroom_grader.sandbox.zygotes import Zygote

_BIRTH_SECONDS: Final = 20.0
_DEATH_SECONDS: Final = 5.0
_SWEEP_SECONDS: Final = 0.5
_SMALL_FRAME: Final = 4096
_TEXT: Final = 10_000
_CORES: Final = os.cpu_count() or 1
#: Without a control group: address space beyond the memory limit, for mappings that are shared or only reserved.
_ADDRESS_FACTOR: Final = 4


class RawBox:
    """A clone of a zygote that waits for its limits: what the pool keeps."""

    def __init__(self, zygote: Zygote, group: Group | None, *, owns_zygote: bool) -> None:
        """Clone it and wait until it stands.

        Raises:
            SandboxError: it was not born, and why.
        """
        self.zygote = zygote
        self.group = group
        self._owns_zygote = owns_zygote
        self.pidfd = -1
        self.pid = -1
        job, their_job = socket.socketpair()
        self.status, their_status = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        output, their_output = os.pipe()
        self.wire = Wire(job, output)
        self.wire.output_limit = _TEXT
        try:
            try:
                zygote.clone(their_job, their_output, their_status)
            finally:
                their_job.close()
                their_status.close()
                os.close(their_output)
            self._be_born()
        except BaseException:
            self.close()
            raise

    def _be_born(self) -> None:
        self.status.settimeout(_BIRTH_SECONDS)
        try:
            _word, descriptors, _flags, _address = socket.recv_fds(self.status, 64, 1)
        except OSError as error:
            raise SandboxError(f"a box was not born: {error}") from error
        if not descriptors:
            raise SandboxError(f"a box was not born: {self._last_words()}")
        self.pidfd = descriptors[0]
        self.pid = usage.host_pid(self.pidfd)
        self.hear("ready")
        if self.group is not None:
            try:
                self.group.add(self.pid)
            except OSError as error:
                raise SandboxError(f"a box could not join its control group: {error}") from error

    def hear(self, word: str) -> None:
        """Wait for one word of the harness, before any student code is near it."""
        try:
            message = self.wire.receive(deadline_watch(_BIRTH_SECONDS), _SMALL_FRAME)
        except Stopped as stopped:
            raise SandboxError(f"a box died before it was {word} ({stopped.ending}): {self._last_words()}") from None
        if message != {"n": word}:
            raise SandboxError(f"a box was not {word}")

    def _last_words(self) -> str:
        with suppress(Stopped):
            self.wire.drain()
        lines = self.wire.take_output().strip().splitlines()
        return " | ".join(lines[-4:]) if lines else "no reason given"

    def kill(self) -> None:
        """Send SIGKILL to its first process, and so to all of them."""
        if self.pidfd >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def dead(self, seconds: float = _DEATH_SECONDS) -> bool:
        """Wait for its first process to end; whether it did."""
        return self.pidfd < 0 or bool(select.select([self.pidfd], [], [], seconds)[0])

    def end(self) -> tuple[int, float]:
        """Wait status and CPU seconds as the zygote reports them; (0, 0.0) when it does not."""
        self.status.settimeout(_DEATH_SECONDS)
        with suppress(OSError, ValueError):
            told = json.loads(self.status.recv(_SMALL_FRAME))
            return int(told["status"]), float(told["cpu"])
        return 0, 0.0

    def close(self) -> None:
        """Kill it and free what it holds, except for its control group. May be called twice."""
        self.kill()
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1
        if self.status.fileno() >= 0:
            self.status.close()
            self.wire.close()
        if self._owns_zygote:
            self.zygote.close()


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
                raw.group.limit(memory_mb=limits.memory_mb, processes=limits.processes)
            else:
                told["address_mb"] = limits.memory_mb * _ADDRESS_FACTOR
            with suppress(Stopped):
                self._wire.send(told, deadline_watch(_BIRTH_SECONDS))
            raw.hear("locked")
            self._meter = self._make_meter()
        except BaseException as error:
            self.close()
            if isinstance(error, OSError):
                raise SandboxError(f"a box could not be limited: {error}") from error
            raise
        self._wire.output_limit = limits.output_kb << 10
        self._cpu_used = 0.0

    def _make_meter(self) -> Meter:
        if self._raw.group is not None:
            return usage.GroupMeter(self._raw.group, self._raw.pid)
        return usage.ProcMeter(self._raw.pid, self.limits.memory_mb)

    # ------------------------------------------------------------ requests

    def load(self, source: str, *, filename: str = "solution.py", on_remote: OnRemote | None = None) -> Outcome:
        return self._request({"o": "load", "s": _sendable(source), "f": filename}, on_remote)

    def call(
        self,
        name: str,
        arguments: tuple[object, ...],
        *,
        keywords: Mapping[str, object] | None = None,
        want_arguments: bool = False,
        on_remote: OnRemote | None = None,
    ) -> Outcome:
        sent = {key: codec.encode(value) for key, value in (keywords or {}).items()}
        request = {"o": "call", "f": name, "a": _encoded(arguments), "k": sent, "w": want_arguments}
        return self._request(request, on_remote)

    def construct(self, name: str, arguments: tuple[object, ...]) -> Outcome:
        return self._request({"o": "construct", "f": name, "a": _encoded(arguments)})

    def method(self, name: str, arguments: tuple[object, ...]) -> Outcome:
        return self._request({"o": "method", "f": name, "a": _encoded(arguments)})

    def cell(self, source: str, *, on_remote: OnRemote | None = None) -> Outcome:
        return self._request({"o": "cell", "s": _sendable(source)}, on_remote)

    def names(self) -> Outcome:
        return self._request({"o": "names"})

    def value(self, name: str) -> Outcome:
        return self._request({"o": "value", "f": name})

    def define(self, values: Mapping[str, object]) -> Outcome:
        return self._request({"o": "define", "d": {name: codec.encode(value) for name, value in values.items()}})

    def define_remote(self, names: tuple[str, ...]) -> Outcome:
        return self._request({"o": "remote", "d": list(names)})

    # ------------------------------------------------------------ one request

    def _request(self, request: dict[str, object], on_remote: OnRemote | None = None) -> Outcome:
        if self._closed or self._dead is not None:
            raise SandboxError("this box is " + ("closed" if self._closed else f"dead ({self._dead})"))
        run = _Run(self._meter, self.limits)
        try:
            answer = self._exchange(request, run, on_remote)
            on_stderr = answer.pop("w", None) is True
            outcome = _outcome(answer)
            run.check_cpu()
            self._wire.drain()
            if not usage.kill_companions(self._meter, time.monotonic() + _SWEEP_SECONDS):
                raise Stopped(Ending.DIED, "processes that the request left behind keep starting others")
        except Stopped as stopped:
            return self._stop(stopped, run)
        except BaseException:
            self._dead = Ending.DIED
            self._raw.kill()
            raise
        if outcome.raised is not None and outcome.raised.type_name == "MemoryError":
            return self._stop(Stopped(Ending.MEMORY_LIMIT), run, outcome.raised)
        stdout = self._wire.take_output()
        return replace(_with_usage(outcome, run, stdout, self._meter.peak_kb()), stderr=on_stderr)

    def _exchange(self, request: dict[str, object], run: _Run, on_remote: OnRemote | None) -> dict[str, object]:
        nonce = secrets.token_hex(8)
        self._wire.expect_silence()
        self._wire.send({"n": nonce, **request}, run.watch)
        while True:
            answer = self._wire.receive(run.watch, self.limits.answer_bytes + _SMALL_FRAME)
            if answer.pop("n", None) != nonce:
                raise Stopped(Ending.PROTOCOL, "wrong nonce")
            if "r" not in answer:
                return answer
            if on_remote is None:
                raise Stopped(Ending.PROTOCOL, "a call to the trusted side that was not invited")
            call = _remote_call(answer)
            self._wire.expect_silence()
            with run.paused():
                given = on_remote(call)
            self._wire.send({"n": nonce, **_remote_answer(given)}, run.watch)

    def _stop(self, stopped: Stopped, run: _Run, raised: Raised | None = None) -> Outcome:
        """Kill the box and say how it ended; a death is told apart by what the kernel saw."""
        cpu = run.cpu_seconds()
        if stopped.ending is Ending.DIED:
            self._raw.dead(0.2)
        out_of_memory = self._meter.out_of_memory()
        peak = self._meter.peak_kb()
        self._raw.kill()
        self._raw.dead()
        status, _cpu = self._raw.end()
        ending, detail = stopped.ending, stopped.detail
        if ending in (Ending.DIED, Ending.WALL_LIMIT) and out_of_memory:
            ending = Ending.MEMORY_LIMIT
        elif ending is Ending.DIED and cpu > self.limits.cpu_seconds:
            ending = Ending.CPU_LIMIT
        elif ending is Ending.DIED and not detail:
            detail = _death(status)
        with suppress(Stopped):
            self._wire.drain()
        self._dead = ending
        if detail and raised is None:
            raised = Raised(type_name=str(ending), message=detail, traceback="")
        return _with_usage(Outcome(ending=ending, raised=raised), run, self._wire.take_output(), peak)

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


class _Run:
    """Clocks of one request."""

    def __init__(self, meter: Meter, limits: BoxLimits) -> None:
        self._meter = meter
        self._limits = limits
        self._cpu_start = meter.cpu_seconds()
        self._wall_start = time.monotonic()
        self._next_memory = self._wall_start + meter.memory_interval
        self._next_cpu = self._wall_start + limits.cpu_seconds / _CORES

    def cpu_seconds(self) -> float:
        return max(0.0, self._meter.cpu_seconds() - self._cpu_start)

    def wall_seconds(self) -> float:
        return time.monotonic() - self._wall_start

    def check_cpu(self) -> float:
        """Seconds of CPU left; raises Stopped when there are none."""
        left = self._limits.cpu_seconds - self.cpu_seconds()
        if left <= 0:
            raise Stopped(Ending.CPU_LIMIT)
        return left

    def watch(self) -> float:
        """See ``Wire.send``: the CPU clock is read only when the limit could have been reached."""
        now = time.monotonic()
        wall_left = self._wall_start + self._limits.wall_seconds - now
        if wall_left <= 0:
            raise Stopped(Ending.WALL_LIMIT)
        if now >= self._next_cpu:
            self._next_cpu = now + max(0.004, self.check_cpu() / _CORES)
        wait = min(wall_left, self._next_cpu - now)
        if self._meter.memory_interval:
            if now >= self._next_memory:
                if self._meter.out_of_memory():
                    raise Stopped(Ending.MEMORY_LIMIT)
                self._next_memory = time.monotonic() + self._meter.memory_interval
            wait = min(wait, self._next_memory - now)
        return wait

    def paused(self) -> _Pause:
        return _Pause(self)

    def skip(self, seconds: float) -> None:
        """Do not count this much wall time."""
        self._wall_start += seconds


class _Pause:
    """Time that the trusted side takes to answer is not the student's."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._start = 0.0

    def __enter__(self) -> None:
        self._start = time.monotonic()

    def __exit__(self, *_error: object) -> None:
        self._run.skip(time.monotonic() - self._start)


# ---------------------------------------------------------------- reading answers


def _outcome(answer: dict[str, object]) -> Outcome:
    """The outcome of an answer without its usage. Raises Stopped when it is not one."""
    try:
        if "x" in answer:
            raise Stopped(Ending.OUTPUT_LIMIT, "the answer is too large")
        if "s" in answer:
            return Outcome(ending=Ending.SYNTAX, raised=_raised(answer["s"]))
        if "e" in answer:
            return Outcome(ending=Ending.RAISED, raised=_raised(answer["e"]))
        arguments = answer.get("a", [])
        if "v" not in answer or not isinstance(arguments, list):
            raise Stopped(Ending.PROTOCOL, "an answer without a value")
        value = codec.decode(answer["v"])
        return Outcome(ending=Ending.RETURNED, value=value, arguments=tuple(map(codec.decode, arguments)))
    except codec.CodecError as error:
        raise Stopped(Ending.PROTOCOL, str(error)) from None


def _raised(form: object) -> Raised:
    if not isinstance(form, dict):
        raise Stopped(Ending.PROTOCOL, "a malformed exception")
    texts = [form.get(key) for key in ("t", "m", "b")]
    numbers = [form.get(key, 0) for key in ("l", "c")]
    if any(type(text) is not str for text in texts) or any(type(n) is not int or n < 0 for n in numbers):
        raise Stopped(Ending.PROTOCOL, "a malformed exception")
    type_name, message, trace = (_clean(str(text)) for text in texts)
    line, column = (min(int(number), 1 << 31) for number in numbers)
    return Raised(type_name=type_name, message=message, traceback=trace, line=line, column=column)


def _clean(text: str) -> str:
    """Text from a box that can be stored and shown: the harness cleans it too, but it need not be the harness that speaks."""
    return text[:_TEXT].replace("\0", "\N{SYMBOL FOR NULL}").encode("utf-8", "backslashreplace").decode()


def _remote_call(message: dict[str, object]) -> RemoteCall:
    name, arguments, keywords = (message.get(key) for key in ("r", "a", "k"))
    if not isinstance(name, str) or not isinstance(arguments, list) or not isinstance(keywords, dict):
        raise Stopped(Ending.PROTOCOL, "a malformed call")
    try:
        return RemoteCall(
            name=name,
            arguments=tuple(map(codec.decode, arguments)),
            keywords={str(key): codec.decode(value) for key, value in keywords.items()},
        )
    except codec.CodecError as error:
        raise Stopped(Ending.PROTOCOL, str(error)) from None


def _remote_answer(given: RemoteAnswer) -> dict[str, object]:
    form: dict[str, object] = {"a": _encoded(given.arguments)}
    if given.raised is not None:
        return form | {"e": {"t": given.raised.type_name, "m": given.raised.message}}
    return form | {"v": codec.encode(given.value)}


def _encoded(arguments: tuple[object, ...]) -> list[object]:
    return [codec.encode(argument) for argument in arguments]


def _sendable(source: str) -> str:
    """Source text; lone surrogates, which no file can hold, travel as JSON escapes and fail to compile."""
    return source


def _death(status: int) -> str:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        with suppress(ValueError):
            return f"killed by {signal.Signals(number).name}"
        return f"killed by signal {number}"
    return f"the process ended with status {os.waitstatus_to_exitcode(status)}"


def _with_usage(outcome: Outcome, run: _Run, stdout: str, peak_kb: int) -> Outcome:
    return replace(
        outcome,
        stdout=stdout,
        cpu_ms=run.cpu_seconds() * 1000,
        wall_ms=run.wall_seconds() * 1000,
        memory_kb=peak_kb,
    )
