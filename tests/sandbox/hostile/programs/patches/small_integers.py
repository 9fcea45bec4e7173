# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "time_limit", "output_limit"]
# danger = "Overwrites the interpreter's own cached integers, so that small numbers mean something else."
# ///
import ctypes


def f(x):
    size = (0).__sizeof__()
    for n in range(2, 200):
        ctypes.memmove(id(n) + 16, id(1) + 16, size - 16)
    return 7
