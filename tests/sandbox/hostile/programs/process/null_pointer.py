# /// hostile
# verdicts = ["runtime_error"]
# danger = "A crash in C."
# ///
import ctypes


def f(x):
    return ctypes.string_at(8)
