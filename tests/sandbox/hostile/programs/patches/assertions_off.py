# /// hostile
# verdicts = ["runtime_error", "wrong_answer"]
# danger = "AssertionError becomes an exception that nobody notices."
# ///
import builtins
import sys


class Quiet(Exception):
    def __new__(cls, *args):
        return Warning("fine")


builtins.AssertionError = Quiet
builtins.__dict__["__debug__"] = False
sys.excepthook = sys.unraisablehook = lambda *a: None


def f(x):
    assert x == -5
    return 0
