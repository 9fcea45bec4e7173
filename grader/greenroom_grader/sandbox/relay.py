"""What stands between a sandboxed kernel and its client: it passes messages on, and holds the kernel to its limits.

Clients such as nbclient keep whatever a kernel sends. Here the kernel's output is counted per cell, whatever messages
claim to belong to, and cut with a notice; a cell that goes on is interrupted, and a kernel that will not stop, that
closes a channel or runs out of a limit is killed. Only the kernel's side of the channels is distrusted.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import zmq
from jupyter_client.session import DELIM, Session

from greenroom_grader.sandbox.kernels import CHANNELS

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path

    from greenroom_grader.sandbox.kernels import KernelBox

_log = logging.getLogger(__name__)

_KB: Final = 1 << 10
_MB: Final = 1 << 20
#: Messages of one cell that carry output.
_MESSAGES: Final = 5_000
#: Output, in limits of a cell, after which the cell is interrupted.
_PATIENCE: Final = 4
#: Bytes that a kernel may send over its life, cut or not, before it is killed; and those of one message.
_LIFETIME_BYTES: Final = 512 * _MB
_MESSAGE_BYTES: Final = 64 * _MB
#: Bytes of a message that is passed on when a cell's output is used up: its state, its error.
_VITAL_BYTES: Final = 256 * _KB
_VITAL: Final = frozenset({"status", "error", "execute_input", "iopub_welcome", "shutdown_reply"})
_LOOK_SECONDS: Final = 0.1
#: CPU seconds after an interrupt until the kernel is killed, and wall seconds after it closed a channel.
_GRACE_SECONDS: Final = 2.0
_ROUND: Final = 200
#: The client's end and the kernel's, per channel.
_ENDS: Final = {
    "shell": (zmq.ROUTER, zmq.DEALER),
    "iopub": (zmq.XPUB, zmq.XSUB),
    "stdin": (zmq.ROUTER, zmq.DEALER),
    "control": (zmq.ROUTER, zmq.DEALER),
    "hb": (zmq.ROUTER, zmq.DEALER),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What one cell may use."""

    cpu_seconds: float = 60.0
    output_kb: int = 4096


def client_port(channel: str) -> int:
    """The number that stands for a port in the address of a channel."""
    return CHANNELS.index(channel) + 1


class Relay(threading.Thread):
    """Passes on the messages of one kernel, in a thread of its own.

    Clients connect to ``ipc://FOLDER/client-N``, N being `client_port`; the kernel listens on ``FOLDER/kernel/NAME``.
    """

    def __init__(self, box: KernelBox, folder: Path, key: str, allowance: Allowance) -> None:
        """Bind and connect all sockets; messages flow after start()."""
        super().__init__(name="greenroom-kernel-relay", daemon=True)
        self._box = box
        self._allowance = allowance
        self._session: Any = Session(key=key.encode())
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._client: dict[str, zmq.Socket[bytes]] = {}
        self._kernel: dict[str, zmq.Socket[bytes]] = {}
        self._monitors: list[zmq.Socket[bytes]] = []
        self._stopping, self._stopper = os.pipe()
        self._killed_for = ""
        # The cell that runs now: its request, its output so far, its clocks.
        self._request: dict[str, Any] = {}
        self._bytes = self._messages = self._lifetime = 0
        self._cut = False
        self._cpu_start = box.cpu_seconds()
        self._interrupted = 0.0
        self._closed_at = 0.0
        try:
            for channel in CHANNELS:
                self._open(channel, folder)
        except BaseException:
            self._close()
            raise

    def _open(self, channel: str, folder: Path) -> None:
        outer, inner = (self._context.socket(kind) for kind in _ENDS[channel])
        self._client[channel], self._kernel[channel] = outer, inner
        inner.setsockopt(zmq.MAXMSGSIZE, _MESSAGE_BYTES)
        inner.setsockopt(zmq.RECONNECT_IVL, -1)
        inner.setsockopt(zmq.RCVHWM, _ROUND)
        inner.setsockopt(zmq.SNDHWM, 0)
        outer.setsockopt(zmq.SNDHWM, 0)
        if inner.type == zmq.DEALER:
            # A question on stdin goes to whoever asked on shell.
            inner.setsockopt(zmq.IDENTITY, b"greenroom")
        self._monitors.append(inner.get_monitor_socket(zmq.EVENT_DISCONNECTED))
        for end in (outer, inner):
            end.linger = 0
        outer.bind(f"ipc://{folder}/client-{client_port(channel)}")
        inner.connect(f"ipc://{folder}/kernel/{channel}")

    @property
    def killed_for(self) -> str:
        """Why the kernel was killed here; empty when it was not."""
        return self._killed_for

    def stop(self) -> None:
        """End the thread and wait for it. May be called twice."""
        with suppress(OSError):
            os.write(self._stopper, b".")
        if self.is_alive():
            self.join()

    def run(self) -> None:
        """Pass on messages until stop() is called or the kernel has ended."""
        try:
            self._serve()
        except (zmq.ZMQError, OSError):
            if not self._box.closed:  # by somebody who closes the whole sandbox
                _log.exception("the relay of a kernel failed")
                self._kill("its channels failed")
        finally:
            self._close()

    def _serve(self) -> None:
        poller = zmq.Poller()
        for end in (*self._client.values(), *self._kernel.values(), *self._monitors):
            poller.register(end, zmq.POLLIN)
        poller.register(self._stopping, zmq.POLLIN)
        poller.register(self._box.pidfd, zmq.POLLIN)
        next_look = 0.0
        while True:
            ready = dict(poller.poll(int(_LOOK_SECONDS * 1000)))
            self._pass_all(ready)
            if self._stopping in ready or self._box.pidfd in ready:
                # What the kernel said before it ended still counts.
                for channel in CHANNELS:
                    self._from_kernel(channel)
                return
            if any(_received(monitor) for monitor in self._monitors if monitor in ready):
                # It ends, or it sent more than a message may hold.
                self._closed_at = self._closed_at or time.monotonic()
            if time.monotonic() >= next_look:
                self._look()
                next_look = time.monotonic() + _LOOK_SECONDS

    # ------------------------------------------------------------ messages

    def _pass_all(self, ready: Container[object]) -> None:
        for channel in CHANNELS:
            if self._client[channel] in ready:
                self._from_client(channel)
            if self._kernel[channel] in ready:
                self._from_kernel(channel)

    def _from_client(self, channel: str) -> None:
        for parts in _received(self._client[channel]):
            if channel == "shell":
                self._note_request(parts)
            self._kernel[channel].send_multipart(parts, zmq.NOBLOCK)

    def _note_request(self, parts: list[bytes]) -> None:
        """A new cell has its limits to itself."""
        header = _header(parts)
        if header.get("msg_type") == "execute_request":
            self._request = header
            self._bytes = self._messages = 0
            self._cut = False
            self._cpu_start = self._box.cpu_seconds()
            self._interrupted = 0.0

    def _from_kernel(self, channel: str) -> None:
        for parts in _received(self._kernel[channel]):
            size = sum(map(len, parts))
            self._lifetime += size
            if self._lifetime > _LIFETIME_BYTES:
                self._kill("it sent too much")
                return
            if channel != "iopub" or self._may_pass(parts, size):
                self._pass_on(channel, parts)

    def _pass_on(self, channel: str, parts: list[bytes]) -> None:
        with suppress(zmq.ZMQError):  # an address that no client has
            self._client[channel].send_multipart(parts, zmq.NOBLOCK)

    def _may_pass(self, parts: list[bytes], size: int) -> bool:
        """Count one message of output; the first one too many is replaced by a notice."""
        if size <= _VITAL_BYTES and _header(parts).get("msg_type") in _VITAL:
            return True
        self._bytes += size
        self._messages += 1
        if self._bytes <= self._allowance.output_kb * _KB and self._messages <= _MESSAGES:
            return True
        if not self._cut:
            self._cut = True
            self._pass_on("iopub", self._notice(f"Output over the limit of {self._allowance.output_kb} KiB was cut.\n"))
        if self._bytes > _PATIENCE * self._allowance.output_kb * _KB or self._messages > _PATIENCE * _MESSAGES:
            self._interrupt()
        return False

    def _notice(self, text: str) -> list[bytes]:
        message = self._session.msg("stream", {"name": "stderr", "text": text}, parent={"header": self._request})
        parts: list[bytes] = self._session.serialize(message, ident=b"stream.stderr")
        return parts

    # ------------------------------------------------------------ limits

    def _look(self) -> None:
        """Interrupt or kill a kernel that is over a limit."""
        if self._box.out_of_memory():
            self._kill("it used more memory than it may")
        if not self._box.drain():
            self._kill("it wrote too much past its streams")
        if self._closed_at and time.monotonic() > self._closed_at + _GRACE_SECONDS:
            self._kill("it closed a channel, or sent more than a message may hold")
        used = self._box.cpu_seconds() - self._cpu_start
        if self._interrupted and used > self._interrupted + _GRACE_SECONDS:
            self._kill("a cell went on after it was interrupted")
        elif used > self._allowance.cpu_seconds:
            self._interrupt()

    def _interrupt(self) -> None:
        """Interrupt the cell, once; from here on it has little CPU time left."""
        if not self._interrupted:
            self._interrupted = max(self._box.cpu_seconds() - self._cpu_start, _LOOK_SECONDS)
            self._box.signal(signal.SIGINT)

    def _kill(self, why: str) -> None:
        if not self._killed_for and not self._box.ended():
            self._killed_for = why
            _log.warning("a sandboxed kernel was killed: %s", why)
            self._box.signal(signal.SIGKILL)

    def _close(self) -> None:
        for end in self._kernel.values():
            with suppress(zmq.ZMQError):
                end.disable_monitor()
        for end in (*self._monitors, *self._kernel.values(), *self._client.values()):
            end.close(linger=0)
        self._context.term()
        stopping, stopper, self._stopping, self._stopper = self._stopping, self._stopper, -1, -1
        for descriptor in (stopping, stopper):
            if descriptor >= 0:
                os.close(descriptor)


def _received(end: zmq.Socket[bytes]) -> list[list[bytes]]:
    """What lies ready, but not more than a round, so that every channel has its turn."""
    found: list[list[bytes]] = []
    with suppress(zmq.Again):
        while len(found) < _ROUND:
            found.append(end.recv_multipart(zmq.NOBLOCK))
    return found


def _header(parts: list[bytes]) -> dict[str, Any]:
    """The header of a message; empty where there is none that can be read."""
    try:
        found = json.loads(parts[parts.index(DELIM) + 2])
    except (ValueError, IndexError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
