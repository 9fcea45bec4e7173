# /// hostile
# verdicts = ["accepted", "runtime_error"]
# danger = "On x86_64 bit 30 of the number selects a third table."
# ///
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def f(x):
    if os.uname().machine != "x86_64":
        return x + 1
    if libc.syscall(0x40000000 | 39) == os.getpid():
        return "BREACH: the x32 table is open"
    if libc.syscall(0x40000000 | 272, 0x10000000) == 0:
        return "BREACH: unshare through x32"
    return x + 1
