# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "output_limit", "time_limit"]
# danger = "A thread appends bytes behind each answer, to be taken for the beginning of the next."
# problem = "vault"
# ///
import os
import stat
import threading
import time


def litter():
    while True:
        for fd in range(3, 256):
            try:
                if stat.S_ISSOCK(os.fstat(fd).st_mode):
                    os.write(fd, b"\2\0\0\0{}")
            except OSError:
                continue
        time.sleep(0.0002)


threading.Thread(target=litter, daemon=True).start()


def f(x):
    return x
