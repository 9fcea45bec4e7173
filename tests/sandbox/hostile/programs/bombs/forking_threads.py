# /// hostile
# verdicts = ["accepted", "runtime_error", "memory_limit", "time_limit"]
# danger = "Threads and forks at once, which meets the process limit from two sides."
# ///
import os
import threading
import time


def breed():
    while True:
        try:
            if os.fork() == 0:
                time.sleep(3600)
        except OSError:
            return


def f(x):
    crowd = []
    for _ in range(40):
        try:
            thread = threading.Thread(target=breed)
            thread.start()
            crowd.append(thread)
        except RuntimeError:
            break
    return x + 1
