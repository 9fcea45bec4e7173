# /// hostile
# verdicts = ["accepted", "runtime_error"]
# danger = "kill(-1) reaches every process that the caller may signal."
# ///
import os
import signal


def f(x):
    for target in (-1, 0):
        try:
            os.kill(target, signal.SIGKILL)
        except OSError:
            continue
    return x + 1
