"""The system calls that a box may make, compiled by libseccomp.

An allowlist: what Python, numpy and an IPython kernel need, and nothing else. Everything outside of it answers EPERM,
so that a program meets an OSError and not a crash; clone3 answers ENOSYS, which lets libc fall back to clone, whose
flags a filter can see.
"""

from __future__ import annotations

import errno
import platform
import tempfile
from functools import cache
from typing import Final

from greenroom_grader.errors import SandboxError

_FILES = """
    open openat openat2 creat close close_range read write pread64 pwrite64 readv writev preadv pwritev preadv2
    pwritev2 lseek stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2 readlink readlinkat
    getcwd chdir fchdir getdents getdents64 mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link
    linkat symlink symlinkat chmod fchmod fchmodat chown fchown fchownat lchown umask truncate ftruncate fallocate
    fsync fdatasync sync_file_range utime utimes utimensat futimesat flock dup dup2 dup3 pipe pipe2 fcntl fadvise64
    copy_file_range sendfile splice tee getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
"""
_MEMORY = "brk mmap munmap mremap mprotect madvise mincore msync mlock munlock membarrier get_mempolicy"
_PROCESSES = """
    fork vfork execve execveat exit exit_group wait4 waitid kill tkill tgkill getpid getppid gettid getpgid setpgid
    getpgrp getsid setsid getuid geteuid getgid getegid getresuid getresgid getgroups setuid setgid setreuid
    setregid setresuid setresgid capget set_tid_address set_robust_list get_robust_list rseq arch_prctl getrlimit
    setrlimit prlimit64 getrusage times uname sysinfo getpriority setpriority sched_yield sched_getaffinity
    sched_setaffinity sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min pidfd_open
    pidfd_send_signal restart_syscall getcpu getrandom futex futex_waitv
"""
_SIGNALS = """
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_tgsigqueueinfo
    rt_sigsuspend sigaltstack pause alarm signalfd signalfd4
"""
_TIME = """
    time gettimeofday clock_gettime clock_getres clock_nanosleep nanosleep getitimer setitimer timer_create
    timer_settime timer_gettime timer_getoverrun timer_delete timerfd_create timerfd_settime timerfd_gettime
"""
_WAITING = """
    select pselect6 poll ppoll epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd
    eventfd2
"""
_SOCKETS = """
    connect bind listen accept accept4 getsockname getpeername sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg
    shutdown setsockopt getsockopt
"""

ALLOWED: Final = f"{_FILES} {_MEMORY} {_PROCESSES} {_SIGNALS} {_TIME} {_WAITING} {_SOCKETS}"
_AF_UNIX: Final = 1
_SCHED_OTHER: Final = 0
#: CLONE_NEW* except CLONE_NEWTIME, which shares its bit with the exit signal and which clone(2) ignores.
_NAMESPACE_FLAGS: Final = 0x7E020000
#: Terminal and descriptor questions; TIOCSTI and everything that talks to a device stays out.
_IOCTLS: Final = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
#: PR_GET_PDEATHSIG, PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_GET_SECCOMP, PR_CAPBSET_READ, PR_SET_NO_NEW_PRIVS,
#: PR_GET_NO_NEW_PRIVS, PR_SET_VMA.
_PRCTLS: Final = (2, 3, 15, 16, 21, 23, 38, 39, 0x53564D41)
#: The architectures that boxes run on, by the names of uname(2).
MACHINES: Final = ("x86_64", "aarch64")


@cache
def program(machine: str | None = None) -> bytes:
    """The filter as classic BPF for an architecture of MACHINES, this machine's own by default.

    Raises:
        SandboxError: libseccomp is missing or refuses a rule, or there is no filter for the architecture.
    """
    machine = machine or platform.machine()
    if machine not in MACHINES:
        raise SandboxError(f"no filter for {machine}")
    try:
        return _compile(machine)
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        raise SandboxError(f"seccomp is not available: {error}; install libseccomp2") from error


def _compile(machine: str) -> bytes:
    # Loading it needs the libseccomp library, which may be missing; it has no type information.
    import pyseccomp as seccomp  # type: ignore[import-untyped]  # noqa: PLC0415

    allow = seccomp.ALLOW
    rules = seccomp.SyscallFilter(defaction=seccomp.ERRNO(errno.EPERM))
    architecture = getattr(seccomp.Arch, machine.upper())
    if machine != platform.machine():
        rules.add_arch(architecture)
        rules.remove_arch(seccomp.Arch.NATIVE)
    for name in ALLOWED.split():
        if seccomp.resolve_syscall(architecture, name) >= 0:  # aarch64 lacks the old calls
            rules.add_rule(allow, name)
    rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    rules.add_rule(allow, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, _NAMESPACE_FLAGS, 0))
    # libzmq gives its threads the policy that they have, and ends the process when it may not.
    rules.add_rule(allow, "sched_setscheduler", seccomp.Arg(1, seccomp.EQ, _SCHED_OTHER))
    for name in ("socket", "socketpair"):
        rules.add_rule(allow, name, seccomp.Arg(0, seccomp.EQ, _AF_UNIX))
        rules.add_rule(seccomp.ERRNO(errno.EAFNOSUPPORT), name, seccomp.Arg(0, seccomp.NE, _AF_UNIX))
    for request in _IOCTLS:
        rules.add_rule(allow, "ioctl", seccomp.Arg(1, seccomp.MASKED_EQ, 0xFFFFFFFF, request))
    for operation in _PRCTLS:
        rules.add_rule(allow, "prctl", seccomp.Arg(0, seccomp.MASKED_EQ, 0xFFFFFFFF, operation))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()
