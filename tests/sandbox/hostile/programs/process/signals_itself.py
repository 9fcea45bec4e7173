# /// hostile
# verdicts = ["runtime_error"]
# danger = "A signal that Python turns into an exception inside the harness."
# ///
import os
import signal


def f(x):
    signal.signal(signal.SIGUSR1, signal.default_int_handler)
    os.kill(os.getpid(), signal.SIGUSR1)
    while True:
        x += 1
