"""Starting zygotes: what they may see, under which uid they run, and asking them for boxes."""

from __future__ import annotations

import array
import grp
import importlib.util
import json
import os
import pwd
import shutil
import site
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

from greenroom_grader.errors import SandboxError
from greenroom_grader.sandbox import seccomp

_START_SECONDS: Final = 60.0
_PACKAGE: Final = "greenroom_grader.sandbox.inside"
#: In the order in which they import each other.
_MODULES: Final = ("linux", "values", "traces", "isolate", "harness", "zygote")
_LATE_MODULES: Final = ("cells", "kernel")
#: Modules that cannot be imported in any box: over half of what setting up a kernel costs is its debugger.
_ABSENT: Final = ("debugpy",)
#: Late modules that a kind of zygote loads at once, for all its boxes.
_SHELLS: Final = {"cells": "cells", "kernel": "kernel"}
_DEVICES: Final = ("null", "zero", "full", "random", "urandom")
_UIDS: Final = range(58_000, 59_000)
#: Folders that every box has one of its own of.
_PRIVATE: Final = (Path("/tmp"), Path("/dev"), Path("/proc"))  # noqa: S108 - names, nothing is written
_HOME: Final = "/tmp/home"  # noqa: S108 - a box's own
_NEWNS, _NEWUSER = 0x20000, 0x10000000

#: What each kind of zygote imports before boxes are cloned from it.
_STANDARD: Final = (
    "array", "asyncio", "bisect", "collections.abc", "copy", "dataclasses", "datetime", "decimal", "enum", "fractions",
    "functools", "heapq", "itertools", "json", "linecache", "math", "numbers", "operator", "queue", "random", "re",
    "statistics", "string", "textwrap", "threading", "time", "traceback", "typing", "unicodedata", "encodings.ascii",
)  # fmt: skip
KINDS: Final[dict[str, tuple[str, ...]]] = {
    "plain": _STANDARD,
    "data": (*_STANDARD, "numpy", "pandas"),
    "cells": (
        *_STANDARD, "numpy", "pandas", "IPython.core.interactiveshell", "IPython.core.magics", "IPython.core.oinspect",
        "IPython.core.completerlib",
    ),
    "kernel": (*_STANDARD, "numpy", "pandas"),
}  # fmt: skip

#: Reads the bundle of sources and gives each module builtins of its own, so that patching ``builtins`` cannot reach it.
#: The names under which the modules know each other are taken away again before any box is made.
_BOOT: Final = """
import builtins, json, socket, sys, types
control = socket.socket(fileno=int(sys.argv[1]))
sys.argv[:] = [""]
bundle = json.loads(control.recv(1 << 20))
private = dict(vars(builtins))
package = bundle["package"]
parts = package.split(".")
for size in range(1, len(parts) + 1):
    sys.modules[".".join(parts[:size])] = types.ModuleType(parts[size - 1])
for name, source in bundle["modules"]:
    module = types.ModuleType(package + "." + name)
    module.__dict__["__builtins__"] = private
    sys.modules[module.__name__] = module
    setattr(sys.modules[package], name, module)
    exec(compile(source, "<" + name + ">", "exec"), module.__dict__)
sys.modules[package].harness.late_sources.update(bundle["late"])
sys.modules[package].zygote.main(control, bundle["setup"])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolation:
    """A way to isolate zygotes and boxes, to be tried or found to work."""

    #: How the zygote gets its root: ``bwrap``, ``own`` (mounts of our own) or ``none``.
    root: str = "bwrap"
    #: Whether mounts are made as real root before the uid is dropped, or in a user namespace.
    privileged: bool = False
    #: Plain uid to drop to; None keeps our own.
    uid: int | None = None
    #: Namespaces per box. Without them each box gets a zygote of its own.
    namespaces: bool = True
    seccomp: bool = True

    @property
    def confined(self) -> bool:
        """Whether the kernel ends whatever a box started together with it."""
        return self.namespaces or self.root == "bwrap"


@cache
def _plain_uids() -> tuple[int, ...]:
    """Uids that no account and no group has."""
    taken = {entry.pw_uid for entry in pwd.getpwall()} | {entry.gr_gid for entry in grp.getgrall()}
    return tuple(uid for uid in _UIDS if uid not in taken)


def plain_uid(place: int = 0) -> int:
    """The uid that boxes run under when we are root; ``place`` picks another one."""
    free = _plain_uids()
    if not free:
        raise SandboxError(f"every uid from {_UIDS.start} to {_UIDS.stop - 1} belongs to an account")
    return free[place % len(free)]


def _within(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


@dataclass(frozen=True, slots=True)
class View:
    """What a zygote sees of the host, all of it read-only."""

    #: (source on the host, place inside), parents before children.
    binds: tuple[tuple[str, str], ...]
    #: (target, link).
    links: tuple[tuple[str, str], ...]
    #: Folders that are covered by an empty one although a bind shows them.
    masks: tuple[str, ...]
    interpreter: str
    #: Folders of third-party packages, for sys.path.
    packages: tuple[str, ...]


def view(hidden: tuple[str, ...] = ()) -> View:
    """The host's /usr, the interpreter's prefix and its packages, without our own packages and ``hidden``."""
    interpreter = Path(os.path.realpath(sys.executable))
    packages = _package_folders()
    usr = Path("/usr")
    prefixes = [Path(os.path.realpath(sys.base_prefix)), interpreter.parent, *packages]
    # A packaged folder below /usr is bound again when a mask may cover it.
    ours = [*_own_folders(packages), *(Path(os.path.realpath(folder)) for folder in hidden)]
    early = [folder for folder in ours if any(_within(prefix, folder) for prefix in prefixes)]
    shown = [
        prefix for prefix in prefixes if not _within(prefix, usr) or any(_within(prefix, folder) for folder in early)
    ]
    shown = [p for p in dict.fromkeys(shown) if not any(_within(p, other) and p != other for other in shown)]
    binds, links = _system_folders()
    places = _places(packages)
    binds += [(str(folder), _inside(folder, places)) for folder in shown]
    roots = [usr, *shown]
    masks = [_inside(f, places) for f in ours if f.is_dir() and f not in early and any(_within(f, r) for r in roots)]
    if any(_within(folder, usr) for folder in early):
        raise SandboxError(f"the environment of Python lies inside {early[0]}, which boxes must not see: move it out")
    inside = tuple(_inside(folder, places) for folder in packages)
    return View(tuple(binds), tuple(links), tuple(dict.fromkeys(masks)), str(interpreter), inside)


def _places(packages: list[Path]) -> dict[Path, Path]:
    """Where packages below a folder that boxes have for themselves, as of a checkout in /tmp, are shown instead."""
    return {
        folder: Path("/packages", str(number))
        for number, folder in enumerate(packages)
        if any(_within(folder, own) for own in _PRIVATE)
    }


def _inside(path: Path, places: dict[Path, Path]) -> str:
    """The path inside of a folder of the host."""
    for folder, place in places.items():
        if _within(path, folder):
            return str(place / path.relative_to(folder))
    return str(path)


def _package_folders() -> list[Path]:
    folders = [*site.getsitepackages(), *([site.getusersitepackages()] if site.ENABLE_USER_SITE else [])]
    return [path for path in dict.fromkeys(Path(os.path.realpath(folder)) for folder in folders) if path.is_dir()]


def _own_folders(packages: list[Path]) -> list[Path]:
    """Where our own code and problems live: installed packages, or the checkout that we run from."""
    own = [folder for package in packages for folder in package.glob("greenroom_*") if folder.is_dir()]
    spec = importlib.util.find_spec("greenroom_grader")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        package = Path(os.path.realpath(location))
        checkout = package.parents[1]
        own.append(checkout if (checkout / "pyproject.toml").exists() else package)
    return own


def _system_folders() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    binds = [("/usr", "/usr")]
    links = []
    for name in ("bin", "sbin", "lib", "lib64", "lib32"):
        path = Path("/", name)
        if path.is_symlink():
            links.append((str(path.readlink()), str(path)))
        elif path.is_dir():
            binds.append((str(path), str(path)))
    binds += [(path, path) for path in ("/etc/ld.so.cache", "/etc/alternatives") if Path(path).exists()]
    return binds, links


def _bwrap_arguments(seen: View, isolation: Isolation, disk_mb: int) -> list[str]:
    """Bubblewrap's command line up to the program that it starts."""
    command = [shutil.which("bwrap") or "bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    # Without a process of bubblewrap's between: when the zygote ends, all that is left in its pid namespace ends.
    command += ["--as-pid-1", "--unshare-cgroup-try", "--hostname", "greenroom"]
    if not isolation.privileged:
        command += ["--unshare-user"]
    for source, target in seen.binds:
        for parent in reversed(Path(target).parents[:-1]):
            command += ["--perms", "0755", "--dir", str(parent)]
        command += ["--ro-bind", source, target]
    for target, link in seen.links:
        command += ["--symlink", target, link]
    for mask in seen.masks:
        command += ["--perms", "0755", "--tmpfs", mask, "--remount-ro", mask]
    command += ["--dir", "/dev"]
    for name in _DEVICES:
        command += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    command += ["--dir", "/dev/shm", "--size", str(disk_mb << 20), "--perms", "1777", "--tmpfs", "/tmp"]  # noqa: S108
    # As real root bubblewrap would cover parts of its /proc, and a box could then not mount one of its own.
    command += ["--dir", "/proc"] if isolation.privileged else ["--proc", "/proc"]
    command += ["--remount-ro", "/", "--cap-drop", "ALL"]
    if isolation.privileged:
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SYS_ADMIN"]
    return [*command, "--clearenv"]


_ENVIRONMENT: Final = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/tmp",  # noqa: S108
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    #: Sets and dicts of strings iterate the same way in every box: a verdict must be the same twice.
    "PYTHONHASHSEED": "0",
}


class Zygote:
    """A running fork server. Thread-safe."""

    def __init__(self, kind: str, isolation: Isolation, *, hidden: tuple[str, ...] = (), disk_mb: int = 16) -> None:
        """Start it and wait until it is ready.

        Raises:
            SandboxError: it did not start; the message says why.
        """
        if kind not in KINDS:
            raise SandboxError(f"no zygote is called {kind!r}; there are {', '.join(KINDS)}")
        self.kind = kind
        self.isolation = isolation
        self._lock = threading.Lock()
        self._folder: str | None = None
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for end in (self._control, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        seen = view(hidden)
        try:
            with theirs, tempfile.TemporaryFile() as errors:
                self._process = self._launch(seen, theirs.fileno(), disk_mb, errors.fileno())
                theirs.close()
                self._introduce(seen, disk_mb, errors.fileno())
        except BaseException:
            self.close()
            raise

    def _launch(self, seen: View, descriptor: int, disk_mb: int, errors: int) -> subprocess.Popen[bytes]:
        python = [seen.interpreter, "-S", "-s", "-P", "-B", "-c", _BOOT, str(descriptor)]
        command = python
        if self.isolation.root == "bwrap":
            command = _bwrap_arguments(seen, self.isolation, disk_mb)
            for name, value in _ENVIRONMENT.items():
                command += ["--setenv", name, value]
            command += ["--", *python]
        # Without privileges for mounts the plain uid must be ours before anything else happens.
        uid = None if self.isolation.privileged else self.isolation.uid
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                pass_fds=(descriptor,),
                env=dict(_ENVIRONMENT),
                cwd="/",
                start_new_session=True,
                user=uid,
                group=uid,
                extra_groups=None if uid is None else [],
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise SandboxError(f"cannot start {command[0]}: {error}") from error

    def _introduce(self, seen: View, disk_mb: int, errors: int) -> None:
        """Send the sources and the setup; wait for the word that it is ready."""
        self._control.settimeout(_START_SECONDS)
        answer = b""
        with suppress(OSError):
            self._control.send(json.dumps(self._bundle(seen, disk_mb)).encode())
            answer = self._control.recv(1 << 16)
        if answer != b"ready":
            said = (answer or os.pread(errors, 8192, 0)).decode(errors="replace").strip()
            last = said.splitlines()[-1] if said else "it ended without a word"
            raise SandboxError(f"the {self.kind} zygote did not start: {last}")
        self._control.settimeout(None)

    def _bundle(self, seen: View, disk_mb: int) -> dict[str, object]:
        isolation = self.isolation
        folder = resources.files(_PACKAGE)
        sources = {name: folder.joinpath(f"{name}.py").read_text("utf-8") for name in (*_MODULES, *_LATE_MODULES)}
        own_root: dict[str, object] | None = None
        if isolation.root == "own":
            flags = _NEWNS if isolation.privileged else _NEWNS | _NEWUSER
            uid = isolation.uid if isolation.uid is not None else os.getuid()
            own_root = {"flags": flags, "uid": uid, "gid": uid if isolation.uid is not None else os.getgid()}
            own_root |= {"binds": seen.binds, "links": seen.links}
        if isolation.root == "none":
            self._folder = tempfile.mkdtemp(prefix=f"greenroom-box-{os.getpid()}-")
            if isolation.uid is not None:
                os.chown(self._folder, isolation.uid, isolation.uid)
        setup = {
            "filter": seccomp.program().hex() if isolation.seccomp else "",
            "path": seen.packages if isolation.root != "none" else tuple(map(str, _package_folders())),
            "preload": KINDS[self.kind],
            "absent": _ABSENT,
            "shell": _SHELLS.get(self.kind, ""),
            "namespaces": isolation.namespaces,
            "isolated": isolation.root != "none",
            "disk_mb": disk_mb,
            "home": self._folder or _HOME,
            "root": own_root,
            "proc": isolation.root == "bwrap" and isolation.privileged,
            "mask": seen.masks if isolation.root == "own" else (),
            "uid": isolation.uid if isolation.privileged else None,
        }
        modules = [[name, sources[name]] for name in _MODULES]
        late = {name: sources[name] for name in _LATE_MODULES}
        return {"package": _PACKAGE, "modules": modules, "late": late, "setup": setup}

    @property
    def pid(self) -> int:
        """The process that we started: bubblewrap, or the zygote itself."""
        return self._process.pid

    def clone(self, job: socket.socket, output: int, status: socket.socket) -> None:
        """Ask for a box on these descriptors; the caller closes its own copies.

        Raises:
            SandboxError: the zygote is gone.
        """
        descriptors = array.array("i", [job.fileno(), output, status.fileno()])
        try:
            with self._lock:
                self._control.sendmsg([b"box"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)])
        except OSError as error:
            raise SandboxError(f"the {self.kind} zygote is gone: {error}") from error

    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End it and every box that came from it."""
        self._control.close()
        process = getattr(self, "_process", None)
        if process is not None:
            try:
                process.wait(5.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def candidates(*, without: frozenset[str]) -> list[Isolation]:
    """Ways to isolate that this account might use, strongest first."""
    root = os.getuid() == 0
    uid = plain_uid() if root else None
    tries = [
        Isolation(root=kind, privileged=privileged, uid=uid, namespaces=namespaces)
        for namespaces in (True, False)
        for kind in ("bwrap", "own")
        for privileged in ((True, False) if root else (False,))
    ]
    tries = [t for t in tries if t.namespaces or t.root == "bwrap"]
    if "bwrap" in without or shutil.which("bwrap") is None:
        tries = [t for t in tries if t.root != "bwrap"]
    if "namespaces" in without:
        tries = [t for t in tries if not t.namespaces]
    return [replace(t, seccomp="seccomp" not in without) for t in tries]


def last_resorts(*, has_filter: bool) -> list[Isolation]:
    """What is left with ``--unsafe`` where nothing isolates: a plain uid if we are root, then our own."""
    uids = (plain_uid(), None) if os.getuid() == 0 else (None,)
    return [Isolation(root="none", namespaces=False, seccomp=has_filter, uid=uid) for uid in uids]
