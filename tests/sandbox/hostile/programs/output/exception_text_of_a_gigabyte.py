# /// hostile
# verdicts = ["runtime_error", "memory_limit", "time_limit", "output_limit"]
# danger = "The harness asks the exception for its text, and the text does not fit."
# ///
class Loud(Exception):
    def __str__(self):
        return "loud " * 200_000_000

    __repr__ = __str__


def f(x):
    raise Loud
