# /// hostile
# verdicts = ["accepted"]
# danger = "Handlers that run when the interpreter ends must neither delay nor break anything."
# ///
import atexit
import os
import threading
import time


@atexit.register
def linger():
    while True:
        os.fork()
        time.sleep(1)


threading._register_atexit(linger)


def f(x):
    return x + 1
