# /// hostile
# verdicts = ["accepted", "output_limit", "runtime_error", "time_limit"]
# danger = "A child inherits standard output and goes on after the parent has answered."
# ///
import os


def f(x):
    if os.fork() == 0:
        while True:
            os.write(1, b"still here\n" * 1000)
    return x + 1
