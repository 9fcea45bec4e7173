# /// hostile
# verdicts = ["time_limit"]
# danger = "A stopped process uses no CPU, so only the wall clock notices it."
# ///
import os
import signal


def f(x):
    os.kill(os.getpid(), signal.SIGSTOP)
    signal.raise_signal(signal.SIGTSTP)
    while True:
        signal.pause()
