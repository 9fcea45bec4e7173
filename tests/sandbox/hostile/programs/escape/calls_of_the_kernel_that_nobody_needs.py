# /// hostile
# verdicts = ["accepted", "runtime_error"]
# needs = ["seccomp"]
# danger = "bpf, io_uring, userfaultfd, perf events and module loading: large, young and often broken."
# ///
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
X86 = {"bpf": 321, "io_uring_setup": 425, "userfaultfd": 323, "perf_event_open": 298, "fanotify_init": 300,
       "name_to_handle_at": 303, "lookup_dcookie": 212, "add_key": 248, "kcmp": 312, "memfd_secret": 447,
       "landlock_create_ruleset": 444, "quotactl": 179, "acct": 163, "swapoff": 168, "iopl": 172, "syslog": 103}
ARM = {"bpf": 280, "io_uring_setup": 425, "userfaultfd": 282, "perf_event_open": 241, "fanotify_init": 262,
       "name_to_handle_at": 264, "add_key": 217, "kcmp": 272, "memfd_secret": 447, "quotactl": 60, "acct": 89,
       "swapoff": 225, "syslog": 116}
FORBIDDEN = {"bpf", "io_uring_setup", "userfaultfd", "perf_event_open", "fanotify_init", "add_key", "iopl", "syslog", "acct"}


def f(x):
    table = X86 if os.uname().machine == "x86_64" else ARM
    space = ctypes.create_string_buffer(4096)
    for name, number in table.items():
        args = {"io_uring_setup": (8, space), "bpf": (0, space, 72), "perf_event_open": (space, 0, -1, -1, 0),
                "iopl": (3,), "syslog": (3, space, 4096), "acct": (0,),
                "add_key": (b"user", b"k", b"v", 1, -2)}.get(name, (0, 0, 0, 0, 0))
        ctypes.set_errno(0)
        done = libc.syscall(number, *args)
        if done >= 0 and name in FORBIDDEN:
            return f"BREACH: {name} is open"
        if done < 0 and name in {"bpf", "perf_event_open"} and ctypes.get_errno() in (7, 22, 14):
            return f"BREACH: {name} reached the kernel: {ctypes.get_errno()}"
    return x + 1
