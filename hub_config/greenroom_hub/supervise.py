"""Running the Hub so that nothing of it is left behind.

The process of ``up`` makes itself the subreaper of everything it starts: a process whose parent died becomes its
child instead of running on under init. So, when the Hub has stopped (or was killed), whatever is still there, a proxy,
a service, a student's server, a box, is found among the descendants and ended too.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psutil

from greenroom_hub.console import hush, line, step
from greenroom_hub.errors import FailedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path
    from types import FrameType

#: What asks ``up`` to stop.
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
#: Seconds that the Hub gets to stop its servers, the service and the proxy by itself.
PATIENCE = 25.0
#: Seconds that what is left gets between being asked and being killed.
GRACE = 3.0
#: A Hub that dies more often than this many times within the window is not started again.
RESTARTS = 3
WINDOW = 600.0


def become_subreaper() -> None:
    """Make this process the one that orphans among its descendants are given to."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def ignore_signals() -> None:
    """Let nobody interrupt the stopping."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl failed")


def end_descendants(grace: float = GRACE) -> int:
    """End every descendant of this process, asking first; return how many had to be ended.

    A process that is being ended may start others: the search is repeated until it finds none.
    """
    ended = 0
    deadline = time.monotonic() + grace
    while left := _living():
        ended += len(left)
        harsh = time.monotonic() >= deadline
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill() if harsh else process.terminate()
        psutil.wait_procs(left, timeout=0.2)
        _reap()
    return ended


def _living() -> list[psutil.Process]:
    _reap()
    alive = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_ZOMBIE:
                alive.append(process)
    return alive


def _reap() -> None:
    """Collect the orphans that ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


@contextlib.contextmanager
def ending_what_was_begun() -> Iterator[list[Future[bool]]]:
    """Let signals interrupt the block, and leave it only when every descendant and every future of the list ended."""
    become_subreaper()

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    for number in SIGNALS:
        signal.signal(number, interrupt)
    begun: list[Future[bool]] = []
    try:
        yield begun
    except BaseException:
        hush()
        ignore_signals()
        while end_descendants() or not all(future.done() for future in begun):
            time.sleep(0.05)
        raise


@dataclass(slots=True)
class Supervisor:
    """Keeps one program running until it is told to stop."""

    command: Sequence[str]
    environment: Mapping[str, str]
    cwd: Path
    log: Path
    #: Called once after each start; raises FailedError when the program does not come up. Is given ``alive``.
    ready: Callable[[Callable[[], bool]], None]
    _stopping: bool = False
    _process: subprocess.Popen[bytes] | None = None
    _deaths: list[float] = field(default_factory=list)

    def run(self) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP; return with no process left. Raises FailedError when it keeps dying."""
        become_subreaper()
        for number in SIGNALS:
            signal.signal(number, self._stop)
        try:
            while not self._stopping:
                self._start()
                self.ready(self._alive)
                self._wait()
                if not self._stopping:
                    self._count_death()
                    end_descendants()
        except _StoppedError:
            pass
        finally:
            self._shut_down()

    def _start(self) -> None:
        parent = os.getpid()

        def die_with_parent() -> None:
            _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGTERM)

        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                list(self.command),
                env=dict(self.environment),
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches only this process, which then stops the rest in order
                preexec_fn=die_with_parent,  # noqa: PLW1509 (no thread runs here)
            )

    def _alive(self) -> bool:
        if self._stopping:
            raise _StoppedError
        return self._process is not None and self._process.poll() is None

    def _wait(self) -> None:
        while self._alive():
            with contextlib.suppress(subprocess.TimeoutExpired):
                assert self._process is not None  # noqa: S101 (said by _alive)
                self._process.wait(timeout=0.5)
            _reap_orphans(self._process)

    def _count_death(self) -> None:
        now = time.monotonic()
        self._deaths = [death for death in self._deaths if now - death < WINDOW] + [now]
        if len(self._deaths) > RESTARTS:
            raise FailedError(
                f"the Hub died {len(self._deaths)} times within ten minutes; its log says why: {self.log}"
            )
        line("the Hub died; starting it again")

    def _stop(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._stopping = True

    def _shut_down(self) -> None:
        ignore_signals()
        process = self._process
        if process is not None and process.poll() is None:
            step("stopping")
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=PATIENCE)
        end_descendants()
        step("stopped; nothing is left running")


class _StoppedError(Exception):
    """The user wants to stop while something is being waited for."""


def _reap_orphans(own: subprocess.Popen[bytes] | None) -> None:
    """Collect orphans that ended, but leave *own* to its Popen object."""
    for process in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess, ChildProcessError):
            if (own is None or process.pid != own.pid) and process.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(process.pid, os.WNOHANG)
