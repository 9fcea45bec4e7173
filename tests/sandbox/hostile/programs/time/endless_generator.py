# /// hostile
# verdicts = ["time_limit", "memory_limit", "output_limit", "wrong_answer"]
# danger = "A generator that never ends is drained by the harness, not by the function."
# ///
import itertools


def f(x):
    yield from itertools.count(x)
