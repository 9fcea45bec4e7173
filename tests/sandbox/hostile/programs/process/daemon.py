# /// hostile
# verdicts = ["accepted"]
# danger = "A process that leaves its session and its parent, to be found by the next student."
# ///
import os
import signal
import time


def f(x):
    if os.fork() == 0:
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        if os.fork() == 0:
            time.sleep(100_000)
        os._exit(0)
    return x + 1
