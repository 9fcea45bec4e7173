"""What a hostile program must not reach, and what must not have changed after it ran.

Everything here is real and stands on the host: files that hold secrets, a folder that anybody may write to, listeners
on the loopback interface, abstract and file sockets, the environment of the trusted process.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import secrets
import socket
import sysconfig
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from hostile_targets import PUBLIC_ANSWER

if TYPE_CHECKING:
    from types import TracebackType

CANARY_PREFIX = "SECRET-CANARY-"
_SUBREAPER = 36
_LISTS = ("/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg", "/proc/keys")
#: System V key that leftovers/shared_memory uses, as /proc shows it.
_SYSV_KEY = str(0x6C656674)


class Surroundings:
    """The host as hostile programs might meet it. A context manager; one per test session."""

    def __init__(self, folder: Path) -> None:
        """Plant secrets and open listeners below ``folder``, which must be empty."""
        self.folder = folder
        self.mark = "mark" + secrets.token_hex(4)
        self.canaries = tuple(CANARY_PREFIX + secrets.token_hex(8) for _ in range(3))
        self._stack = ExitStack()
        self._listeners: dict[str, socket.socket] = {}
        self.open_folder = folder / "open"
        self.temporary = folder / "temporary"
        self.secret_file = folder / "secret.txt"
        self.host_file = folder / "host-file.sh"
        self.course = folder / "course"

    def __enter__(self) -> Self:
        for part in (self.folder, *self.folder.parents):
            # Whoever runs in a box must be kept out by the box, not by modes of the folders above.
            if part.stat().st_uid == os.getuid() and part != Path("/"):
                with suppress(OSError):
                    part.chmod(part.stat().st_mode | 0o755)
        for folder in (self.open_folder, self.temporary, self.course / "source" / "ps1"):
            folder.mkdir(parents=True)
            folder.chmod(0o777)
        self.secret_file.write_text(self.canaries[0])
        self.host_file.write_text("#!/bin/sh\necho host\n")
        (self.course / "source" / "ps1" / "problem.ipynb").write_text(self.canaries[1])
        (self.course / "gradebook.db").write_bytes(b"SQLite format 3\0" + bytes(4080))
        for file in (self.secret_file, self.host_file, *self.course.rglob("*.*")):
            file.chmod(0o666)
        os.environ["GREENROOM_SECRET"] = self.canaries[2]
        os.environ["ANTHROPIC_API_KEY"] = self.canaries[2]
        self._stack.callback(os.environ.pop, "GREENROOM_SECRET")
        self._stack.callback(os.environ.pop, "ANTHROPIC_API_KEY")
        # Orphans of ours become our children, so that none can hide from the count.
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
        self._stack.callback(ctypes.CDLL(None).prctl, _SUBREAPER, 0, 0, 0, 0)
        self._listen()
        self._files = self._digest()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _listen(self) -> None:
        self.abstract = f"greenroom-hostile-{self.mark}"
        # A socket's path may be 107 bytes long, and temporary folders are often longer.
        self.socket_file = Path("/tmp") / f"greenroom-{self.mark}.sock"
        wanted: dict[str, tuple[int, int, str | tuple[str, int]]] = {
            "tcp": (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            "udp": (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            "abstract": (socket.AF_UNIX, socket.SOCK_STREAM, "\0" + self.abstract),
            "abstract-datagrams": (socket.AF_UNIX, socket.SOCK_DGRAM, "\0" + self.abstract),
            "socket file": (socket.AF_UNIX, socket.SOCK_STREAM, str(self.socket_file)),
        }
        self._stack.callback(self.socket_file.unlink, missing_ok=True)
        for name, (family, kind, address) in wanted.items():
            listener = self._stack.enter_context(socket.socket(family, kind))
            try:
                listener.bind(address)
            except OSError:  # one abstract name serves one kind of socket
                continue
            if kind == socket.SOCK_STREAM:
                listener.listen()
            listener.setblocking(False)
            self._listeners[name] = listener
        self.socket_file.chmod(0o777)

    @property
    def placeholders(self) -> dict[str, str]:
        """What stands for ``@@NAME@@`` in programs."""
        return {
            "SECRET_FILE": str(self.secret_file),
            "HOST_FILE": str(self.host_file),
            "OPEN_FOLDER": str(self.open_folder),
            "COURSE": str(self.course),
            "TCP_PORT": str(self._listeners["tcp"].getsockname()[1]),
            "UDP_PORT": str(self._listeners["udp"].getsockname()[1]),
            "ABSTRACT": self.abstract,
            "SOCKET_FILE": str(self.socket_file),
            "HOSTNAME": socket.gethostname(),
            "CANARY_PREFIX": CANARY_PREFIX,
            "PUBLIC_ANSWER": PUBLIC_ANSWER,
            "MARK": self.mark,
        }

    # ------------------------------------------------------------ what must hold

    def reached(self) -> list[str]:
        """Listeners of the host that somebody spoke to."""
        found = []
        for name, listener in self._listeners.items():
            with suppress(BlockingIOError):
                if listener.type == socket.SOCK_STREAM:
                    listener.accept()[0].close()
                else:
                    listener.recv(1)
                found.append(name)
        return found

    def changed(self) -> list[str]:
        """Files of the host that appeared, vanished or changed, and marks that were left in the kernel."""
        now = self._digest()
        found = [name for name in {*now, *self._files} if now.get(name) != self._files.get(name)]
        for folder in map(Path, ("/tmp", "/dev/shm", "/var/tmp", "/dev/mqueue", *_library_folders())):
            with suppress(OSError):
                found += [entry.path for entry in os.scandir(folder) if self._is_left(entry.name)]
        for table in map(Path, _LISTS):
            with suppress(OSError):
                words = table.read_text(errors="replace").split()
                found += [f"{table}: {word}" for word in words if self.mark in word or word == _SYSV_KEY]
        return found

    def _is_left(self, name: str) -> bool:
        return name.startswith(("greenroom_left", "left_")) or (self.mark in name and name != self.socket_file.name)

    def _digest(self) -> dict[str, str]:
        found = {}
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest() + oct(path.stat().st_mode)
        return found


def _library_folders() -> set[str]:
    paths = sysconfig.get_paths()
    return {paths["purelib"], paths["stdlib"], paths["scripts"]}
