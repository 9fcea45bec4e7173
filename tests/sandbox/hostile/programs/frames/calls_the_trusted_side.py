# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "output_limit"]
# danger = "Asks the trusted process to run something for it, in the form in which a stub would ask."
# problem = "vault"
# ///
import sys


def f(x):
    frame = sys._getframe()
    while frame:
        harness = frame.f_locals.get("self")
        if hasattr(harness, "remote"):
            return harness.remote("f", (x,), {})
        frame = frame.f_back
    return x
