# /// hostile
# verdicts = ["accepted"]
# danger = "Signal 0 asks whether a process exists: anything far above our own number is somebody else's."
# ///
import os


def f(x):
    mine = os.getpid()
    for pid in range(1, 60_000):
        if pid in (mine, os.getppid(), 1):
            continue
        try:
            os.kill(pid, 0)
        except OSError:
            continue
        return f"BREACH: may signal process {pid}"
    return x + 1
