# /// hostile
# verdicts = ["memory_limit", "runtime_error", "time_limit"]
# danger = "Files in memory that no limit of the file system counts."
# ///
import os

kept = []


def f(x):
    block = b"m" * (1 << 20)
    while True:
        fd = os.memfd_create(f"store-{len(kept)}")
        kept.append(fd)
        for _ in range(16):
            os.write(fd, block)
