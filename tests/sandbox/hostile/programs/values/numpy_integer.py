# /// hostile
# verdicts = ["wrong_answer"]
# danger = "A NumPy scalar prints and compares like an integer."
# zygote = "data"
# ///
import numpy as np


def f(x):
    return np.int64(x + 1) if x < 2**40 else np.uint64(x + 1)
