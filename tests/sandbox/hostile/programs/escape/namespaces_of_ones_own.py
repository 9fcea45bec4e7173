# /// hostile
# verdicts = ["accepted", "runtime_error"]
# danger = "A new user namespace gives every capability inside it, and with them most holes of the kernel."
# ///
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def f(x):
    for flag in (0x10000000, 0x10020000, 0x00020000, 0x40000000, 0x20000000, 0x08000000, 0x04000000, 0x02000000, 0x80):
        if libc.unshare(flag) == 0:
            return f"BREACH: unshare {flag:#x}"
    number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
    for flag in (0x10000000, 0x20000000 | 0x10000000):
        made = libc.syscall(number, flag | 17, 0, 0, 0, 0)
        if made == 0:
            os._exit(0)
        if made > 0:
            return f"BREACH: clone {flag:#x}"
    return x + 1
