# /// hostile
# verdicts = ["accepted", "runtime_error", "time_limit"]
# danger = "Parent and child both answer the same request over the same channel."
# ///
import os


def f(x):
    os.fork()
    return x + 1
