# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "output_limit", "time_limit"]
# danger = "One byte at a time, each just before the reader loses patience."
# problem = "vault"
# ///
import os
import stat
import time


def f(x):
    while True:
        for fd in range(3, 256):
            try:
                if stat.S_ISSOCK(os.fstat(fd).st_mode):
                    os.write(fd, b"\1")
            except OSError:
                continue
        time.sleep(0.05)
