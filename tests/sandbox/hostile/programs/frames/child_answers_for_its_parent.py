# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "time_limit", "output_limit"]
# danger = "A child holds the channel and speaks after its parent was killed."
# problem = "vault"
# ///
import os
import signal
import stat
import time


def f(x):
    if os.fork() == 0:
        time.sleep(0.05)
        for fd in range(3, 64):
            try:
                if stat.S_ISSOCK(os.fstat(fd).st_mode):
                    os.write(fd, b'{"value": "late"}')
            except OSError:
                continue
        time.sleep(60)
    os.kill(os.getpid(), signal.SIGKILL)
