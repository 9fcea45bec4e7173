"""The system calls of isolation, through ctypes: clone with namespaces, mounts, capabilities, seccomp."""

from __future__ import annotations

import ctypes
import os
import platform
from ctypes import c_char_p, c_int, c_long, c_ulong, c_ushort
from os import strerror
from typing import Any

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
ALL_NAMESPACES = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET
_CLONE_PIDFD, _CLONE_CHILD_CLEARTID, _CLONE_CHILD_SETTID, _SIGCHLD = 0x1000, 0x200000, 0x1000000, 17

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
_MNT_DETACH = 2

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_CAPBSET_DROP = 1, 4, 22, 24
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS, _PR_GET_TID_ADDRESS, _PR_CAP_AMBIENT = 36, 38, 40, 47
_CAPABILITY_VERSION_3 = 0x20080522

#: Numbers of clone and pivot_root, which libc does not wrap the way we need them.
_CLONE, _PIVOT_ROOT = {"x86_64": (56, 155), "aarch64": (220, 41)}[platform.machine()]

_libc = ctypes.CDLL(None, use_errno=True)
#: Keeps the interpreter lock: the child of a raw clone must come back owning it, as after fork().
_locked = ctypes.PyDLL(None, use_errno=True)
_libc.syscall.restype = c_long
_locked.syscall.restype = c_long


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {strerror(number)}")
    return result


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    """Mount a file system, as mount of section 2 does."""
    encoded = [None if part is None else part.encode() for part in (source, target, kind)]
    data = None if options is None else options.encode()
    _check(_libc.mount(*encoded, c_ulong(flags), data), f"mount {target}")


def unmount(target: str) -> None:
    """Detach a mount."""
    _check(_libc.umount2(target.encode(), _MNT_DETACH), f"unmount {target}")


def pivot_here() -> None:
    """Make the working directory the root and let go of the old one."""
    _check(_libc.syscall(c_long(_PIVOT_ROOT), c_char_p(b"."), c_char_p(b".")), "pivot_root")
    unmount(".")
    os.chdir("/")


def unshare(flags: int) -> None:
    """Leave namespaces behind, as os.unshare does, which exists only since Python 3.12."""
    _check(_libc.unshare(c_int(flags)), "unshare")


def _prctl(operation: int, *values: int) -> int:
    padded = [c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    return int(_libc.prctl(operation, *padded))


def set_dumpable() -> None:
    """Own our /proc files again after a change of uid; without it no uid map can be written."""
    _check(_prctl(_PR_SET_DUMPABLE, 1), "PR_SET_DUMPABLE")


def die_with_parent() -> None:
    """Be killed when our parent ends. A change of uid or capabilities undoes it, so it comes last."""
    _check(_prctl(_PR_SET_PDEATHSIG, 9), "PR_SET_PDEATHSIG")


def become_subreaper() -> None:
    """Adopt orphans of what we start."""
    _check(_prctl(_PR_SET_CHILD_SUBREAPER, 1), "PR_SET_CHILD_SUBREAPER")


def forbid_new_privileges() -> None:
    """Make set-uid programs and file capabilities ineffective from here on."""
    _check(_prctl(_PR_SET_NO_NEW_PRIVS, 1), "PR_SET_NO_NEW_PRIVS")


def forbid_capabilities() -> None:
    """Empty the bounding and the ambient set: nothing that is started can gain a capability. What we have stays."""
    for capability in range(64):
        if _prctl(_PR_CAPBSET_DROP, capability) < 0:
            break
    _prctl(_PR_CAP_AMBIENT, 4)


def drop_capabilities() -> None:
    """Empty our own effective, permitted and inheritable sets."""
    header = ctypes.create_string_buffer(_CAPABILITY_VERSION_3.to_bytes(4, "little") + bytes(4))
    _check(_libc.capset(header, ctypes.create_string_buffer(24)), "capset")


class _Program(ctypes.Structure):
    _fields_ = (("length", c_ushort), ("filter", c_char_p))


def install_filter(program: bytes) -> None:
    """Enter seccomp filter mode with classic BPF; needs no_new_privs."""
    buffer = ctypes.create_string_buffer(program, len(program))
    described = _Program(len(program) // 8, ctypes.cast(buffer, c_char_p))
    _check(_libc.prctl(_PR_SET_SECCOMP, c_ulong(2), ctypes.byref(described), c_ulong(0), c_ulong(0)), "seccomp")


def clone(namespaces: int) -> tuple[int, int]:
    """Fork into new namespaces by one clone, with the arguments that glibc's fork gives it.

    Only for a process with a single thread. Returns (pid, pidfd) in the parent and (0, -1) in the child.
    """
    api: Any = ctypes.pythonapi
    tid_address = ctypes.c_void_p()
    _check(_libc.prctl(_PR_GET_TID_ADDRESS, ctypes.byref(tid_address), 0, 0, 0), "PR_GET_TID_ADDRESS")
    pidfd = c_int(-1)
    flags = c_ulong(namespaces | _CLONE_PIDFD | _CLONE_CHILD_CLEARTID | _CLONE_CHILD_SETTID | _SIGCHLD)
    # The last two arguments change places between the architectures: child tid and tls.
    rest = (tid_address, c_ulong(0)) if platform.machine() == "x86_64" else (c_ulong(0), tid_address)
    api.PyOS_BeforeFork()
    pid = _locked.syscall(c_long(_CLONE), flags, c_ulong(0), ctypes.byref(pidfd), *rest)
    number = ctypes.get_errno()
    if pid == 0:
        api.PyOS_AfterFork_Child()
        return 0, -1
    api.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(number, f"clone: {strerror(number)}")
    return int(pid), pidfd.value


def map_identity(uid: int, gid: int) -> None:
    """Map our own ids, and no others, into the user namespace that we are the first in."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def forbid_user_namespaces() -> None:
    """No further user namespaces below ours."""
    with open("/proc/sys/user/max_user_namespaces", "w", encoding="ascii") as file:
        file.write("0")
