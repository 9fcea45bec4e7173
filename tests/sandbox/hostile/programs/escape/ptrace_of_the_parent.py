# /// hostile
# verdicts = ["accepted", "runtime_error"]
# danger = "Attaches to another process and rewrites it."
# ///
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def f(x):
    for pid in {os.getppid(), 1} - {0, os.getpid()}:
        for request in (16, 0x4206):
            if libc.ptrace(request, pid, 0, 0) == 0:
                return f"BREACH: traces process {pid}"
    return x + 1
