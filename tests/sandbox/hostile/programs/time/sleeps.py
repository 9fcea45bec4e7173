# /// hostile
# verdicts = ["time_limit"]
# danger = "Uses no CPU at all."
# ///
import time


def f(x):
    time.sleep(86_400)
    return x + 1
