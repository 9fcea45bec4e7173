"""A clone of a zygote before any student code is near it: what the pool keeps."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from greenroom_grader.errors import SandboxError
from greenroom_grader.sandbox import usage
from greenroom_grader.sandbox.wire import SMALL_FRAME, Stopped, Wire, deadline_watch

if TYPE_CHECKING:
    from greenroom_grader.sandbox.cgroups import Group
    from greenroom_grader.sandbox.zygotes import Zygote

BIRTH_SECONDS: Final = 20.0
_DEATH_SECONDS: Final = 5.0
_WORDS: Final = 10_000


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
        #: Whether its control group is on the list of those to remove.
        self.buried = False
        self.pidfd = -1
        self.pid = -1
        job, their_job = socket.socketpair()
        self.status, their_status = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        output, their_output = os.pipe()
        self.wire = Wire(job, output)
        self.wire.output_limit = _WORDS
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
        self.status.settimeout(BIRTH_SECONDS)
        try:
            _word, descriptors, _flags, _address = socket.recv_fds(self.status, 64, 1, socket.MSG_CMSG_CLOEXEC)
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
            message = self.wire.receive(deadline_watch(BIRTH_SECONDS), SMALL_FRAME)
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
            told = json.loads(self.status.recv(SMALL_FRAME))
            return int(told["status"]), float(told["cpu"])
        return 0, 0.0

    def _members(self) -> list[int]:
        """Where no pid namespace ends them together: what the box started, dead or alive."""
        if self.group is not None and not self.buried:
            return self.group.processes()
        return usage.living(usage.descendants(self.zygote.pid))

    def close(self) -> None:
        """Kill it and free what it holds, except for its control group. May be called twice."""
        self.kill()
        if not self.zygote.isolation.confined:
            usage.kill_members(self._members, time.monotonic() + _DEATH_SECONDS)
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1
        if self.status.fileno() >= 0:
            self.status.close()
            self.wire.close()
        if self._owns_zygote:
            self.zygote.close()
