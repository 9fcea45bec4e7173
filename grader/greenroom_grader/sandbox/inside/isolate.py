"""How a fresh child of the zygote becomes a box: its mounts, its limits, and the loss of every privilege."""

from __future__ import annotations

import os
import resource
import socket
import threading
from typing import Any

from greenroom_grader.sandbox.inside import linux

_MB = 1 << 20
_INODES = 2048
_FILES = 128
#: Stacks of threads count as data from the start; libc's 8 MiB each would use up a small box.
_THREAD_STACK = 2 << 20
_STACK_MB = 64
#: A backstop for the case that nobody watches any more; the trusted side measures the limit itself.
_CPU_SECONDS = 600
_DEVICES = ("null", "zero", "full", "random", "urandom")
_QUIET = linux.MS_NOSUID | linux.MS_NODEV


def enter_namespaces(uid: int, gid: int) -> None:
    """First steps in a child that clone() put into new namespaces."""
    linux.map_identity(uid, gid)
    socket.sethostname("greenroom")
    linux.forbid_user_namespaces()


def mount_private(disk_mb: int) -> None:
    """A tmpfs and a /proc of our own; the rest of the root is shared with the zygote and read-only."""
    linux.mount("tmpfs", "/tmp", "tmpfs", _QUIET, _tmpfs_options(disk_mb))
    os.mkdir("/tmp/shm", 0o700)
    linux.mount("/tmp/shm", "/dev/shm", None, linux.MS_BIND)
    linux.mount("proc", "/proc", "proc", _QUIET | linux.MS_NOEXEC)


def resize(disk_mb: int) -> None:
    """Give the tmpfs another size."""
    linux.mount("tmpfs", "/tmp", "tmpfs", _QUIET | linux.MS_REMOUNT, _tmpfs_options(disk_mb))


def _tmpfs_options(disk_mb: int) -> str:
    return f"size={disk_mb}m,nr_inodes={_INODES},mode=0700"


def build_root(binds: list[list[str]], links: list[list[str]]) -> None:
    """Without bubblewrap: a root of read-only binds on a tmpfs, entered by pivot_root.

    Needs a mount namespace of our own.
    """
    linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
    top = "/mnt"
    linux.mount("tmpfs", top, "tmpfs", _QUIET, "size=1m,mode=0755")
    for source, target in binds:
        _bind(source, top + target, linux.MS_RDONLY | _QUIET)
    for source, target in links:
        os.symlink(source, top + target)
    os.makedirs(top + "/dev/shm", exist_ok=True)
    for name in _DEVICES:
        _bind(f"/dev/{name}", f"{top}/dev/{name}", 0)
    for name in ("tmp", "proc"):
        os.mkdir(f"{top}/{name}")
    linux.mount("tmpfs", f"{top}/tmp", "tmpfs", _QUIET, "size=1m,mode=1777")
    linux.mount("/proc", f"{top}/proc", None, linux.MS_BIND | linux.MS_REC)
    os.chdir(top)
    linux.pivot_here()
    linux.mount(None, "/", None, linux.MS_BIND | linux.MS_REMOUNT | linux.MS_RDONLY | _QUIET)


def _bind(source: str, target: str, flags: int) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    linux.mount(source, target, None, linux.MS_BIND | linux.MS_REC)
    if flags:
        linux.mount(None, target, None, linux.MS_BIND | linux.MS_REMOUNT | flags)


def mask(folders: list[str]) -> None:
    """Cover folders with an empty read-only one."""
    for folder in folders:
        linux.mount("tmpfs", folder, "tmpfs", _QUIET | linux.MS_RDONLY, "size=4k,nr_inodes=2,mode=0755")


def keep_only(descriptors: set[int]) -> None:
    """Close every descriptor but these and the standard three."""
    last = 2
    for number in sorted(descriptors):
        os.closerange(last + 1, number)
        last = number
    os.closerange(last + 1, os.sysconf("SC_OPEN_MAX"))


def set_limits(limits: dict[str, Any]) -> None:
    """Resource limits of this process and its children; memory counts from what the zygote left us with.

    The limit on data is met first and gives a MemoryError with a traceback; the control group, which counts everything,
    allows a little more and kills.
    """
    threading.stack_size(_THREAD_STACK)
    _limit(resource.RLIMIT_DATA, _data_bytes() + limits["memory_mb"] * _MB)
    _limit(resource.RLIMIT_NPROC, limits["processes"])
    _limit(resource.RLIMIT_NOFILE, _FILES)
    _limit(resource.RLIMIT_FSIZE, limits["disk_mb"] * _MB)
    _limit(resource.RLIMIT_STACK, _STACK_MB * _MB)
    _limit(resource.RLIMIT_CPU, _CPU_SECONDS)
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_MSGQUEUE, resource.RLIMIT_MEMLOCK):
        _limit(kind, 0)
    if "address_mb" in limits:
        _limit(resource.RLIMIT_AS, _address_bytes() + limits["address_mb"] * _MB)


def _limit(kind: int, value: int) -> None:
    _soft, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _pages(field: int) -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[field]) * resource.getpagesize()


def _data_bytes() -> int:
    """Data and stack of this process, as RLIMIT_DATA counts it."""
    return _pages(5)


def _address_bytes() -> int:
    return _pages(0)


def lock_down(program: bytes | None) -> None:
    """Give up every capability and, where there is a filter, every system call outside it. There is no way back."""
    linux.drop_capabilities()
    linux.forbid_new_privileges()
    linux.die_with_parent()
    if program is not None:
        linux.install_filter(program)


def settle(home: str) -> None:
    """Work in the box's own folder, with an environment that says nothing about the host."""
    os.makedirs(home, 0o700, exist_ok=True)
    os.chdir(home)
    os.environ.clear()
    os.environ.update(
        PATH="/usr/local/bin:/usr/bin:/bin",
        HOME=home,
        TMPDIR="/tmp",
        LANG="C.UTF-8",
        MPLBACKEND="agg",
        IPYTHONDIR=home + "/.ipython",
        OPENBLAS_NUM_THREADS="1",
        OMP_NUM_THREADS="1",
        PYTHONDONTWRITEBYTECODE="1",
    )
