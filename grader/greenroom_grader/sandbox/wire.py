"""The trusted end of a box's job socket and output pipe: frames with a deadline, output with a cap."""

from __future__ import annotations

import json
import os
import select
import socket
import time
from struct import Struct
from typing import TYPE_CHECKING, Final

from greenroom_grader.sandbox.interface import Ending

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LENGTH: Final = Struct("<I")
_CHUNK: Final = 1 << 16
#: Bytes of a frame that carries no value.
SMALL_FRAME: Final = 4096
_READ, _WRITE, _GONE = select.POLLIN, select.POLLOUT, select.POLLHUP | select.POLLERR | select.POLLNVAL


class Stopped(Exception):  # noqa: N818 - a reason to stop, not an error of ours
    """A request ended without an answer."""

    def __init__(self, ending: Ending, detail: str = "") -> None:
        super().__init__(detail)
        self.ending = ending
        self.detail = detail


class Wire:
    """Both channels of one box. Whatever arrives is untrusted."""

    def __init__(self, job: socket.socket, output: int) -> None:
        self._job = job
        self._output = output
        job.setblocking(False)
        os.set_blocking(output, False)
        self._poll = select.poll()
        self._poll.register(job, _READ)
        self._poll.register(output, _READ)
        self._output_open = True
        self._buffer = bytearray()
        #: Output of the current request, and bytes of output over the box's life.
        self._said = bytearray()
        self._total = 0
        self.output_limit = 0

    def send(self, message: object, watch: Callable[[], float]) -> None:
        """Send one frame.

        ``watch`` raises Stopped when a limit is reached, otherwise says after how many seconds to call it again.
        """
        body = _encode(message).encode()
        view = memoryview(_LENGTH.pack(len(body)) + body)
        while view:
            try:
                view = view[self._job.send(view, socket.MSG_NOSIGNAL) :]
            except BlockingIOError:
                self._poll.modify(self._job, _READ | _WRITE)
                try:
                    self._wait(watch, for_writing=True)
                finally:
                    self._poll.modify(self._job, _READ)
            except OSError as error:
                raise Stopped(Ending.DIED) from error

    def send_descriptors(self, descriptors: Sequence[int]) -> None:
        """Send open descriptors, with one byte that carries them. Raises Stopped."""
        try:
            socket.send_fds(self._job, [b"."], list(descriptors))
        except OSError as error:
            raise Stopped(Ending.DIED) from error

    def receive(self, watch: Callable[[], float], limit: int) -> dict[str, object]:
        """The next frame, a JSON object of at most ``limit`` bytes. Raises Stopped."""
        size: int = _LENGTH.unpack(self._exactly(_LENGTH.size, watch))[0]
        if size > limit:
            raise Stopped(Ending.PROTOCOL, "frame too large")
        try:
            message = _decode(self._exactly(size, watch).decode())
        except (ValueError, RecursionError):
            raise Stopped(Ending.PROTOCOL, "frame is not JSON") from None
        if type(message) is not dict:
            raise Stopped(Ending.PROTOCOL, "frame is not an object")
        return message

    def expect_no_more(self) -> None:
        """Nothing may have come along with the frame just read. Raises Stopped."""
        if self._buffer:
            raise Stopped(Ending.PROTOCOL, "bytes that no request asked for")

    def expect_silence(self) -> None:
        """Nothing may arrive while no request runs. Raises Stopped."""
        self.expect_no_more()
        try:
            early = self._job.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return
        except OSError:
            raise Stopped(Ending.DIED) from None
        if early:
            raise Stopped(Ending.PROTOCOL, "bytes that no request asked for")
        raise Stopped(Ending.DIED)

    def take_output(self) -> str:
        """What was said since the last call, as text that every database and terminal can hold."""
        said, self._said = self._said, bytearray()
        return said.decode("utf-8", "replace").replace("\0", "\N{SYMBOL FOR NULL}")

    def drain(self) -> None:
        """Read what lies in the output pipe. Raises Stopped over the limit."""
        while self._output_open and self._read_output():
            pass

    def close(self) -> None:
        """Close both ends."""
        self._job.close()
        os.close(self._output)

    def _exactly(self, size: int, watch: Callable[[], float]) -> bytes:
        while len(self._buffer) < size:
            if self._wait(watch, for_writing=False):
                try:
                    part = self._job.recv(max(_CHUNK, size - len(self._buffer)))
                except BlockingIOError:
                    continue
                except OSError:
                    part = b""
                if not part:
                    raise Stopped(Ending.DIED)
                self._buffer += part
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _wait(self, watch: Callable[[], float], *, for_writing: bool) -> bool:
        """Wait for the job socket; read output meanwhile. Whether the socket is ready."""
        ready = False
        timeout = watch()
        for descriptor, events in self._poll.poll(max(0, timeout) * 1000):
            if descriptor == self._output:
                self._read_output()
            elif not for_writing or events & (_WRITE | _GONE):
                ready = True
        return ready

    def _read_output(self) -> bool:
        """One read of the output pipe; whether there may be more."""
        try:
            part = os.read(self._output, _CHUNK)
        except BlockingIOError:
            return False
        if not part:
            self._output_open = False
            self._poll.unregister(self._output)
            return False
        self._total += len(part)
        room = self.output_limit - len(self._said)
        self._said += part[: max(room, 0)]
        if self._total > self.output_limit:
            raise Stopped(Ending.OUTPUT_LIMIT)
        return True


def _refuse(constant: str) -> object:
    raise ValueError(constant)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object whose keys are unique."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("key twice")
    return made


#: Made once: json.dumps and json.loads with these settings make one per frame.
_encode = json.JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder(parse_constant=_refuse, object_pairs_hook=_object).decode


def deadline_watch(seconds: float) -> Callable[[], float]:
    """A watch for ``Wire`` that only knows a wall limit."""
    end = time.monotonic() + seconds

    def watch() -> float:
        left = end - time.monotonic()
        if left <= 0:
            raise Stopped(Ending.WALL_LIMIT)
        return left

    return watch
