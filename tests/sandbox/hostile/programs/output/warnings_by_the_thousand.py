# /// hostile
# verdicts = ["accepted", "output_limit"]
# danger = "Warnings go to standard error through a path of their own."
# ///
import warnings

warnings.simplefilter("always")


def f(x):
    for i in range(2_000):
        warnings.warn(f"number {i} " + "w" * 200, stacklevel=1)
    return x + 1
