# /// hostile
# verdicts = ["time_limit"]
# danger = "A deadlock that uses no CPU."
# ///
import threading


def f(x):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
    return x + 1
