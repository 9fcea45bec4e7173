# /// hostile
# verdicts = ["accepted", "runtime_error", "time_limit", "memory_limit"]
# danger = "Empty files cost no bytes, and inodes are finite too."
# ///
import contextlib
import itertools
import os


def f(x):
    for folder in (".", "/tmp", "/dev/shm"):
        with contextlib.suppress(OSError):
            for i in itertools.count():
                os.close(os.open(f"{folder}/{i:07}", os.O_CREAT | os.O_WRONLY))
    return x + 1
