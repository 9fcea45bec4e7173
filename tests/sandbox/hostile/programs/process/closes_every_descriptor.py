# /// hostile
# verdicts = ["runtime_error", "accepted", "time_limit"]
# danger = "Takes away every channel at once."
# ///
import os


def f(x):
    os.closerange(0, 4096)
    return x + 1
