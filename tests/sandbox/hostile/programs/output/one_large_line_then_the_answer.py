# /// hostile
# verdicts = ["output_limit"]
# danger = "A single write of many megabytes, followed by a correct answer."
# ///
import sys


def f(x):
    sys.stdout.write("L" * 30_000_000)
    return x + 1
