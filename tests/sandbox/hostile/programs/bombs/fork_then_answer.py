# /// hostile
# verdicts = ["accepted", "runtime_error", "memory_limit", "time_limit"]
# danger = "Fills the process table with children that wait for ever and still answers correctly."
# ///
import os
import signal


def f(x):
    for _ in range(400):
        try:
            if os.fork() == 0:
                signal.pause()
                os._exit(0)
        except OSError:
            break
    return x + 1
