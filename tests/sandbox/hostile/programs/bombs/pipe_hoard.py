# /// hostile
# verdicts = ["accepted", "memory_limit", "runtime_error", "time_limit"]
# danger = "Kernel memory: pipes enlarged to their maximum, filled and never read."
# ///
import fcntl
import os

kept = []


def f(x):
    for _ in range(4000):
        try:
            ends = os.pipe()
            kept.append(ends)
            os.set_blocking(ends[1], False)
            fcntl.fcntl(ends[1], 1031, 1 << 20)
            os.write(ends[1], bytes(1 << 20))
        except OSError:
            continue
    return x + 1
