"""The kernel provisioner ``greenroom-sandbox``: kernels of a kernelspec that names it run in single-use boxes.

nbclient, nbconvert and nbgrader start kernels through jupyter_client, which asks a provisioner for the process; so they
run sandboxed without a change. One sandbox serves all kernels of a process, and keeps a box ready for the next one.

The kernel works in a folder of its own with copies of the files of the client's working directory; what it writes there
is gone when it ends. It has no network, no other file of the host, and none of the client's environment.
"""

from __future__ import annotations

import asyncio
import atexit
import secrets
import shutil
import signal
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Bool, Float, Int

from greenroom_grader.errors import SandboxError
from greenroom_grader.sandbox.files import pack, writing_source
from greenroom_grader.sandbox.interface import BoxLimits, Ending, SandboxConfig
from greenroom_grader.sandbox.pool import PooledSandbox
from greenroom_grader.sandbox.relay import Allowance, Relay, client_port

if TYPE_CHECKING:
    from jupyter_client.connect import KernelConnectionInfo

    from greenroom_grader.sandbox.kernels import KernelBox

#: How long a thread waits at a time for a kernel to end.
_WAIT_SECONDS: Final = 0.5
#: Files of the working directory that go along.
_FILES: Final = 100
_FILE_BYTES: Final = 16 << 20
#: Longest path of a socket, less the longest name below the folder.
_LONGEST_FOLDER: Final = 80
#: Signals that end the kernel; a single-use box has nothing to tidy up.
_DEADLY: Final = frozenset({signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP, signal.SIGKILL})

_sandboxes: dict[bool, PooledSandbox] = {}
_opening = threading.Lock()
#: Folders of sockets; a client that never shuts its kernel down leaves one behind.
_folders: set[Path] = set()


def shared_sandbox(*, unsafe: bool = False) -> PooledSandbox:
    """The sandbox of this process, opened at the first kernel and closed at exit.

    Raises:
        SandboxUnavailableError: this machine offers no isolation, and ``unsafe`` does not accept that.
        SandboxError: it does not start.
    """
    with _opening:
        if unsafe not in _sandboxes:
            opened = PooledSandbox(SandboxConfig(pool={"kernel": 1}, unsafe=unsafe))
            _sandboxes[unsafe] = opened
        return _sandboxes[unsafe]


@atexit.register
def close_sandboxes() -> None:
    """End all kernels of this process and what they were cloned from; the next kernel starts anew."""
    with _opening:
        while _sandboxes:
            _sandboxes.popitem()[1].close()
        while _folders:
            shutil.rmtree(_folders.pop(), ignore_errors=True)


class SandboxProvisioner(KernelProvisionerBase):
    """Runs one kernel in a box. jupyter_client says which method is called when."""

    memory_mb = Int(512, min=64, config=True, help="Memory of the kernel and everything that it starts, in MiB.")
    cpu_seconds = Float(60.0, min=0.1, config=True, help="CPU time of one cell; then it is interrupted, then killed.")
    processes = Int(64, min=8, config=True, help="Processes and threads.")
    disk_mb = Int(64, min=1, config=True, help="Size of the folder that the kernel works in, in MiB.")
    output_kb = Int(4096, min=16, config=True, help="Output of one cell, in KiB; the rest is cut with a notice.")
    copy_files = Bool(True, config=True, help="Copy the files of the working directory into the box.")
    unsafe = Bool(False, config=True, help="Run without isolation where the machine offers none.")

    _box: KernelBox | None = None
    _relay: Relay | None = None
    _folder: Path | None = None
    _key = ""
    _status: int | None = None

    # ------------------------------------------------------------ the process

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel."""
        return self._box is not None

    async def poll(self) -> int | None:
        """None while the kernel runs, else its exit status; 0 where there was none."""
        if self._box is None:
            return 0 if self._status is None else self._status
        if not self._box.ended():
            return None
        if self._status is None:
            self._status = self._box.exit_status()
        return self._status

    async def wait(self) -> int | None:
        """Wait for the kernel to end, then free its box."""
        while (box := self._box) is not None and not await asyncio.to_thread(box.ended, _WAIT_SECONDS):
            continue
        status = await self.poll()
        await asyncio.to_thread(self._bury)
        return status

    async def send_signal(self, signum: int) -> None:
        """Interrupt the kernel, or end it: every signal that asks it to end kills it."""
        if self._box is not None:
            self._box.signal(signal.SIGKILL if signum in _DEADLY else signum)

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002 - the base class has it
        """Kill it."""
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:  # noqa: ARG002 - the base class has it
        """Kill it too: nothing in a single-use box is worth a polite end."""
        await self.send_signal(signal.SIGKILL)

    # ------------------------------------------------------------ its life

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the command: there is no process to start, one is cloned."""
        prepared: dict[str, Any] = await super().pre_launch(cmd=[], **kwargs)
        return prepared

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ARG002 - see pre_launch
        """Take a box, start the kernel in it and say where it can be reached: after a restart, at the same place.

        Raises:
            SandboxError: no box could be had, or the kernel did not start in it.
        """
        await asyncio.to_thread(self._launch, kwargs.get("cwd"))
        return self.connection_info

    def _launch(self, cwd: str | None) -> None:
        self._bury()
        self._status = None
        if self._folder is None:
            self._folder = _short_folder()
            _folders.add(self._folder)
            self._key = secrets.token_hex(32)
        kernel = self._folder / "kernel"
        kernel.mkdir(mode=0o700)
        try:
            self._box = shared_sandbox(unsafe=self.unsafe).kernel(self._limits())
            if self.copy_files and cwd:
                self._take_along(self._box, Path(cwd))
            self._box.start_kernel(kernel, self._key)
            allowance = Allowance(cpu_seconds=self.cpu_seconds, output_kb=self.output_kb)
            self._relay = Relay(self._box, self._folder, self._key, allowance)
            self._relay.start()
        except BaseException:
            self._bury()
            self._forget()
            raise
        self.connection_info = {
            "transport": "ipc",
            "ip": str(self._folder / "client"),
            "key": self._key.encode(),  # type: ignore[typeddict-item]  # jupyter_client itself gives and takes bytes
            "signature_scheme": "hmac-sha256",
            "shell_port": client_port("shell"),
            "iopub_port": client_port("iopub"),
            "stdin_port": client_port("stdin"),
            "control_port": client_port("control"),
            "hb_port": client_port("hb"),
        }

    def _limits(self) -> BoxLimits:
        return BoxLimits(
            memory_mb=self.memory_mb,
            processes=self.processes,
            disk_mb=self.disk_mb,
            output_kb=self.output_kb,
            cpu_seconds=self.cpu_seconds,
        )

    def _take_along(self, box: KernelBox, folder: Path) -> None:
        luggage = pack(folder, most=_FILES, most_bytes=min(_FILE_BYTES, self.disk_mb << 19))
        for name, content in luggage.files.items():
            outcome = box.load(writing_source(name, content), filename="setup.py")
            if outcome.ending is not Ending.RETURNED:
                raise SandboxError(f"{folder / name} could not be copied into the box ({outcome.ending})")
        if luggage.left:
            self.log.warning(
                "greenroom-sandbox: %d files of %s were not copied into the box (at most %d files, %d MiB), first %s",
                len(luggage.left), folder, _FILES, _FILE_BYTES >> 20, luggage.left[0],
            )  # fmt: skip

    async def cleanup(self, restart: bool = False) -> None:
        """Free everything; before a restart the address stays, for clients keep it."""
        await asyncio.to_thread(self._bury)
        if not restart:
            self._forget()

    def _bury(self) -> None:
        """Free the box and what passes its messages on."""
        if self._relay is not None:
            self._relay.stop()
            self._relay = None
        if self._box is not None:
            self._box.close()
            self._box = None
        if self._folder is not None:
            shutil.rmtree(self._folder / "kernel", ignore_errors=True)
            for file in self._folder.glob("client-*"):
                file.unlink(missing_ok=True)

    def _forget(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            _folders.discard(self._folder)
            self._folder = None


def _short_folder() -> Path:
    """A private folder whose path leaves room for the names of sockets, which the system limits to 107 bytes."""
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - the folder itself is private
        if len(parent.encode()) < _LONGEST_FOLDER - 20:
            return Path(tempfile.mkdtemp(prefix="greenroom-", dir=parent))
    raise SandboxError("no folder with a short enough path for the kernel's sockets; set TMPDIR to a shorter one")
