# /// hostile
# verdicts = ["accepted", "runtime_error", "time_limit", "memory_limit"]
# danger = "A path far longer than PATH_MAX, which a careless recursive delete cannot follow."
# ///
import os


def f(x):
    try:
        os.chdir("/tmp")
        for _ in range(3000):
            os.mkdir("n" * 250)
            os.chdir("n" * 250)
    except OSError:
        pass
    return x + 1
