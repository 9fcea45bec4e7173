# /// hostile
# verdicts = ["time_limit", "memory_limit", "runtime_error"]
# danger = "Turning a very long integer into decimal text is quadratic once the guard is off."
# ///
import sys


def f(x):
    sys.set_int_max_str_digits(0)
    return len(str(7 ** 4_000_000)) and x + 1
