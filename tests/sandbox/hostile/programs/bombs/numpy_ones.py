# /// hostile
# verdicts = ["memory_limit", "runtime_error"]
# danger = "NumPy allocates outside the interpreter's own allocator."
# zygote = "data"
# ///
import numpy as np

kept = []


def f(x):
    while True:
        kept.append(np.ones((1000, 1000)))
