# /// hostile
# verdicts = ["memory_limit", "runtime_error", "time_limit"]
# danger = "Shared anonymous pages belong to nobody's private heap and outlive the child that wrote them."
# ///
import mmap
import os

kept = []


def f(x):
    while True:
        area = mmap.mmap(-1, 8 << 20)
        if os.fork() == 0:
            for offset in range(0, 8 << 20, 4096):
                area[offset] = 1
            os._exit(0)
        os.wait()
        kept.append(area)
