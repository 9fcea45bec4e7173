# /// hostile
# verdicts = ["accepted", "runtime_error"]
# danger = "Aims at the process that made the box, and at the first process of the box."
# ///
import os
import signal


def f(x):
    for target in (os.getppid(), 1, os.getpgid(0), os.getsid(0)):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
            try:
                os.kill(target, number)
            except OSError:
                continue
    return x + 1
