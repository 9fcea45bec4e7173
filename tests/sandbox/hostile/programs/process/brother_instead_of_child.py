# /// hostile
# verdicts = ["accepted", "runtime_error", "time_limit"]
# danger = "CLONE_PARENT makes the new process a child of our caller's parent."
# ///
import ctypes
import os
import time

libc = ctypes.CDLL(None, use_errno=True)
CLONE = {"x86_64": 56, "aarch64": 220}[os.uname().machine]


def f(x):
    for _ in range(3):
        if libc.syscall(CLONE, 0x8000 | 17, 0, 0, 0, 0) == 0:
            time.sleep(100_000)
    return x + 1
