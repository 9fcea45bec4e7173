# /// hostile
# verdicts = ["runtime_error", "accepted", "time_limit"]
# danger = "exec keeps the process and its descriptors and replaces the harness."
# ///
import os
import sys


def f(x):
    for argv in (["/bin/cat", "/proc/self/environ"], [sys.executable, "-c", "print('other')"], ["/bin/true"]):
        try:
            os.execv(argv[0], argv)
        except OSError:
            continue
    return x + 1
