# /// hostile
# verdicts = ["accepted", "runtime_error"]
# danger = "Children that end and are never waited for."
# ///
import os


def f(x):
    for _ in range(200):
        try:
            if os.fork() == 0:
                os._exit(1)
        except OSError:
            break
    return x + 1
