# /// hostile
# verdicts = ["accepted"]
# danger = "Closes or removes every standard stream before the harness uses them."
# ///
import os
import sys


def f(x):
    sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = None
    for fd in (0, 1, 2):
        try:
            os.close(fd)
        except OSError:
            continue
    return x + 1
