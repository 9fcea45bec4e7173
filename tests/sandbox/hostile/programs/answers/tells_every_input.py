# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Prints each hidden input, in every way in which a report could show it."
# problem = "vault"
# ///
import sys
import warnings


def f(x):
    print(x)
    print(x, file=sys.stderr)
    warnings.warn(x, stacklevel=1)
    return "got " + x
