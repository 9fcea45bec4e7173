# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "output_limit", "time_limit"]
# danger = "Begins an answer and never ends it, so that the reader waits."
# problem = "vault"
# ///
import os
import stat
import time


def f(x):
    for fd in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode) or stat.S_ISFIFO(os.fstat(fd).st_mode):
                os.write(fd, b"\x40\0\0\0{\"val")
        except OSError:
            continue
    time.sleep(30)
