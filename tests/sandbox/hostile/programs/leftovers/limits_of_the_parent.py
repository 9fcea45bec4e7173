# /// hostile
# verdicts = ["accepted"]
# danger = "prlimit and ioprio change another process when nobody forbids it."
# ///
import os
import resource


def f(x):
    for pid in {os.getppid(), 1} - {0, os.getpid()}:
        try:
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, 3))
        except OSError:
            continue
        if pid != 1 or os.getppid() != 1:
            return f"BREACH: limits of process {pid}"
    return x + 1
