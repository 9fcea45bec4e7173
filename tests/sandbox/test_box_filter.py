"""The system calls that boxes may make, on both architectures: the compiled filter is run, not read."""

from __future__ import annotations

import errno
import struct
from dataclasses import dataclass

import pyseccomp
import pytest

from greenroom_grader.errors import SandboxError
from greenroom_grader.sandbox import seccomp

ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x00000000
#: AUDIT_ARCH_* as the kernel reports them to a filter.
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
I386, X32_BIT = 0x40000003, 0x40000000
AF_UNIX, AF_INET, AF_NETLINK, AF_ALG, AF_VSOCK = 1, 2, 16, 38, 40
SIGCHLD, CLONE_THREAD = 17, 0x3D0F00
CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID = 0x10000000, 0x20000, 0x20000000
TIOCSTI, FIONREAD = 0x5412, 0x541B
PR_SET_PDEATHSIG, PR_SET_NAME, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 1, 15, 4, 36

#: Calls of Python, numpy and IPython that every architecture has.
NEEDED = """
    read write openat close mmap munmap brk futex exit_group clone wait4 kill rt_sigaction getrandom pipe2 dup3 execve
    epoll_pwait ppoll pselect6 nanosleep clock_nanosleep getdents64 newfstatat mkdirat unlinkat renameat2 sendmsg
    recvmsg
"""
#: Ways out, ways to other processes, and calls that nobody who solves a problem needs.
REFUSED = """
    ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise mount umount2 pivot_root chroot setns
    unshare fsopen fsmount open_tree move_mount mount_setattr bpf perf_event_open userfaultfd io_uring_setup
    io_uring_enter io_uring_register keyctl add_key request_key init_module finit_module delete_module kexec_load
    reboot swapon settimeofday clock_settime adjtimex sethostname setdomainname acct quotactl syslog personality
    memfd_create memfd_secret shmget shmat semget msgget mq_open inotify_init1 fanotify_init name_to_handle_at
    open_by_handle_at lookup_dcookie setxattr capset seccomp landlock_create_ruleset mlockall move_pages migrate_pages
    vhangup mknodat setgroups setfsuid
"""


@dataclass(frozen=True)
class Call:
    """What the kernel shows a filter."""

    machine: str
    name: str
    arguments: tuple[int, ...] = ()

    def data(self, *, architecture: int | None = None, number: int | None = None) -> bytes:
        if number is None:
            number = pyseccomp.resolve_syscall(getattr(pyseccomp.Arch, self.machine.upper()), self.name)
        padded = (*self.arguments, 0, 0, 0, 0, 0, 0)[:6]
        return struct.pack("<iIQ6Q", number, architecture or ARCHITECTURES[self.machine], 0, *padded)


def decide(program: bytes, data: bytes) -> int:
    """Run classic BPF, as far as libseccomp uses it, over the data of one call; see bpf(4) of FreeBSD for the codes."""
    steps = list(struct.iter_unpack("<HBBI", program))
    place, held = 0, 0
    while True:
        code, if_true, if_false, k = steps[place]
        place += 1
        jumps = {0x15: held == k, 0x25: held > k, 0x35: held >= k, 0x45: bool(held & k)}
        if code == 0x20:
            held = struct.unpack_from("<I", data, k)[0]
        elif code == 0x54:
            held &= k
        elif code == 0x05:
            place += k
        elif code == 0x06:
            return int(k)
        else:
            place += if_true if jumps[code] else if_false


@pytest.fixture(params=list(ARCHITECTURES))
def machine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def answer(call: Call) -> int:
    return decide(seccomp.program(call.machine), call.data())


@pytest.mark.parametrize("name", NEEDED.split())
def test_what_python_needs_is_allowed(machine: str, name: str) -> None:
    assert answer(Call(machine, name)) == ALLOW


def test_what_leads_out_of_a_box_is_refused_without_a_crash(machine: str) -> None:
    architecture = getattr(pyseccomp.Arch, machine.upper())
    known = [name for name in REFUSED.split() if pyseccomp.resolve_syscall(architecture, name) >= 0]
    assert len(known) > 55
    assert {name: answer(Call(machine, name)) for name in known} == dict.fromkeys(known, ERRNO | errno.EPERM)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("clone", (SIGCHLD,), ALLOW),
        ("clone", (CLONE_THREAD,), ALLOW),
        ("clone", (SIGCHLD | CLONE_NEWUSER,), ERRNO | errno.EPERM),
        ("clone", (SIGCHLD | CLONE_NEWNS,), ERRNO | errno.EPERM),
        ("clone", (CLONE_THREAD | CLONE_NEWPID,), ERRNO | errno.EPERM),
        ("clone3", (), ERRNO | errno.ENOSYS),
        ("socket", (AF_UNIX,), ALLOW),
        ("socketpair", (AF_UNIX,), ALLOW),
        ("socket", (AF_INET,), ERRNO | errno.EAFNOSUPPORT),
        ("socket", (AF_NETLINK,), ERRNO | errno.EAFNOSUPPORT),
        ("socket", (AF_ALG,), ERRNO | errno.EAFNOSUPPORT),
        ("socketpair", (AF_VSOCK,), ERRNO | errno.EAFNOSUPPORT),
        ("ioctl", (0, FIONREAD), ALLOW),
        ("ioctl", (0, TIOCSTI), ERRNO | errno.EPERM),
        ("ioctl", (0, TIOCSTI | 1 << 32), ERRNO | errno.EPERM),
        ("prctl", (PR_SET_NAME,), ALLOW),
        ("prctl", (PR_SET_PDEATHSIG,), ERRNO | errno.EPERM),
        ("prctl", (PR_SET_DUMPABLE,), ERRNO | errno.EPERM),
        ("prctl", (PR_SET_CHILD_SUBREAPER,), ERRNO | errno.EPERM),
    ],
)
def test_some_calls_depend_on_what_they_ask(machine: str, name: str, arguments: tuple[int, ...], expected: int) -> None:
    assert answer(Call(machine, name, arguments)) == expected


def test_calls_of_another_architecture_end_the_process(machine: str) -> None:
    program = seccomp.program(machine)
    others = {I386, *ARCHITECTURES.values()} - {ARCHITECTURES[machine]}
    assert {decide(program, Call(machine, "read").data(architecture=other)) for other in others} == {KILL}


def test_the_numbers_of_x32_are_no_way_around_it() -> None:
    numbers = [X32_BIT | number for number in (0, 1, 59, 101, 520, 521, 539)]
    answers = {decide(seccomp.program("x86_64"), Call("x86_64", "read").data(number=number)) for number in numbers}
    assert answers <= {KILL, ERRNO | errno.EPERM, ERRNO | errno.ENOSYS}


def test_every_name_of_the_list_is_known_and_only_old_ones_are_missing_on_aarch64() -> None:
    def missing(architecture: int) -> set[str]:
        return {n for n in seccomp.ALLOWED.split() if pyseccomp.resolve_syscall(architecture, n) < 0}

    assert missing(pyseccomp.Arch.X86_64) == set()
    old = """
        open creat stat lstat access readlink getdents mkdir rmdir unlink rename link symlink chmod chown lchown utime
        utimes futimesat dup2 pipe fork vfork getpgrp arch_prctl pause alarm signalfd time select poll epoll_create
        epoll_wait eventfd
    """
    assert missing(pyseccomp.Arch.AARCH64) == set(old.split())


def test_an_architecture_without_a_filter_is_said() -> None:
    with pytest.raises(SandboxError, match="no filter for riscv64"):
        seccomp.program("riscv64")
