# /// hostile
# verdicts = ["accepted", "memory_limit", "runtime_error", "time_limit"]
# danger = "A file of a terabyte that takes no room until it is mapped and touched."
# ///
import mmap
import os


def f(x):
    fd = os.open("/tmp/sparse", os.O_CREAT | os.O_RDWR)
    try:
        os.ftruncate(fd, 1 << 40)
        area = mmap.mmap(fd, 1 << 36)
    except (OSError, ValueError, OverflowError):
        return x + 1
    for offset in range(0, 1 << 36, 4096):
        area[offset] = 7
    return x + 1
