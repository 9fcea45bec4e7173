# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "time_limit"]
# danger = "Opens its own descriptors a second time and reads them from the beginning."
# problem = "vault"
# ///
import os
import stat


def f(x):
    for fd in range(64):
        try:
            if stat.S_ISREG(os.fstat(fd).st_mode):
                print(os.pread(fd, 1 << 16, 0))
            with open(os.open(f"/proc/self/fd/{fd}", os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as again:
                print(fd, again.read(1 << 16))
        except OSError:
            continue
    return x
