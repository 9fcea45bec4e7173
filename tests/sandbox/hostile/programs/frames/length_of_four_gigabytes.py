# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "output_limit", "time_limit"]
# danger = "A frame that announces 4 GiB makes a careless reader allocate them."
# problem = "vault"
# ///
import os
import stat
import time

for fd in range(3, 256):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode) or stat.S_ISFIFO(os.fstat(fd).st_mode):
            os.write(fd, b"\xff" * 16)
    except OSError:
        continue


def f(x):
    time.sleep(30)
    return x
