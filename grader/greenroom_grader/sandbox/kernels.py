"""A box that is a real ipykernel: sockets in, signals and limits from outside.

The sockets are made here and handed in as descriptors, listening: the box has no network and shares no folder with
anybody, and whoever holds the folder of the sockets can connect.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Final

from greenroom_grader.errors import SandboxError
from greenroom_grader.sandbox.box import SandboxBox
from greenroom_grader.sandbox.wire import SMALL_FRAME, Stopped, deadline_watch

if TYPE_CHECKING:
    from pathlib import Path

#: The order in which inside/kernel.py expects them.
CHANNELS: Final = ("shell", "iopub", "stdin", "control", "hb")
_START_SECONDS: Final = 30.0
_BACKLOG: Final = 8


class KernelBox(SandboxBox):
    """A box of the ``kernel`` zygote. Besides load(), before start_kernel(), it answers nothing."""

    def start_kernel(self, folder: Path, key: str) -> None:
        """Start the kernel; its channels are the sockets ``folder/NAME`` for the names of CHANNELS.

        Raises:
            SandboxError: it did not start.
        """
        nonce = secrets.token_hex(8)
        watch = deadline_watch(_START_SECONDS)
        try:
            with ExitStack() as stack:
                listening = [stack.enter_context(_listen(folder, name)) for name in CHANNELS]
                self._wire.send({"n": nonce, "o": "kernel", "k": key}, watch)
                self._wire.send_descriptors([one.fileno() for one in listening])
            answer = self._wire.receive(watch, SMALL_FRAME)
        except (Stopped, OSError) as error:
            raise SandboxError(f"the kernel did not start: {error or type(error).__name__}") from error
        if answer != {"n": nonce, "v": None}:
            raise SandboxError("the kernel did not start: it answered something else")

    @property
    def closed(self) -> bool:
        """Whether close() was called."""
        return self._closed

    @property
    def pidfd(self) -> int:
        """Readable when the kernel has ended."""
        return self._raw.pidfd

    def ended(self, seconds: float = 0.0) -> bool:
        """Whether the kernel has ended, or does so within that time."""
        return self._raw.dead(seconds)

    def exit_status(self) -> int:
        """How it ended: its exit code, or minus the signal that killed it."""
        return os.waitstatus_to_exitcode(self._raw.end()[0])

    def signal(self, number: int) -> None:
        """Send a signal to the kernel itself."""
        if self._raw.pidfd >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._raw.pidfd, number)

    def cpu_seconds(self) -> float:
        """CPU time of the box so far."""
        return self._meter.cpu_seconds()

    def out_of_memory(self) -> bool:
        """Whether it went over its memory limit; where no control group does, somebody must ask in time."""
        return self._meter.out_of_memory()

    def drain(self) -> bool:
        """Throw away what was written past the kernel's own streams; False when it was too much."""
        try:
            self._wire.drain()
            self._wire.take_output()
        except Stopped:
            return False
        return True


def _listen(folder: Path, name: str) -> socket.socket:
    """A listening socket; its own name for itself, which the box can read, does not say where it is."""
    listening = socket.socket(socket.AF_UNIX)
    directory = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        listening.bind(f"/proc/self/fd/{directory}/{name}")
        listening.listen(_BACKLOG)
    except BaseException:
        listening.close()
        raise
    finally:
        os.close(directory)
    listening.setblocking(False)
    return listening
