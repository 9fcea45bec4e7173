# /// hostile
# verdicts = ["time_limit"]
# danger = "The parent sleeps while eight children burn the CPU, and a per-process limit sees nothing."
# ///
import os
import time


def f(x):
    for _ in range(8):
        if os.fork() == 0:
            while True:
                pass
    time.sleep(60)
    return x + 1
