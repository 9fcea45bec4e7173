# /// hostile
# verdicts = ["time_limit", "accepted", "runtime_error"]
# danger = "Stops its parent and its process group, hoping that the parent is ours."
# ///
import os
import signal


def f(x):
    for pid in (os.getppid(), 1, 0):
        try:
            os.kill(pid, signal.SIGSTOP)
        except OSError:
            continue
    return x + 1
