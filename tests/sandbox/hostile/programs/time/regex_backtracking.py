# /// hostile
# verdicts = ["time_limit"]
# danger = "Exponential backtracking inside C, where no Python signal handler runs."
# ///
import re


def f(x):
    return bool(re.fullmatch(r"(\w+\s?)*;", "word " * 12 + "x" * 40)) or x + 1
