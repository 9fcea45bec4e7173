# /// hostile
# verdicts = ["accepted", "runtime_error", "wrong_answer"]
# danger = "Writes through its own memory into pages that were inherited from the process which makes the boxes."
# ///
import ctypes
import mmap


def f(x):
    target = memoryview(b"left in the zygote")
    address = id(b"left in the zygote")
    try:
        with open("/proc/self/maps") as maps:
            shared = [line for line in maps if line.split()[1][3] == "s" and "w" in line.split()[1]]
    except OSError:
        shared = []
    for line in shared:
        low, high = (int(part, 16) for part in line.split()[0].split("-"))
        ctypes.memset(low, 0x4C, min(high - low, mmap.PAGESIZE))
    return f"BREACH: {shared[0]}" if shared and target and address else x + 1
