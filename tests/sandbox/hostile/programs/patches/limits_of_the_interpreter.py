# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "output_limit", "memory_limit", "time_limit"]
# danger = "Lifts the guards of the interpreter that the harness relies on."
# problem = "vault"
# ///
import gc
import sys

sys.set_int_max_str_digits(0)
sys.setrecursionlimit(2**31 - 1)
sys.setswitchinterval(1000)
gc.disable()
gc.callbacks.append(lambda *a: 1 / 0)


def f(x):
    return [10**200_000]
