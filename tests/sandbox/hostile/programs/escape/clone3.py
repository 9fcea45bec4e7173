# /// hostile
# verdicts = ["accepted", "runtime_error"]
# danger = "clone3 takes its flags from memory, where a filter of system calls cannot look."
# ///
import ctypes
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)


def f(x):
    for flags in (0x10000000, 0x10000000 | 0x00020000, 0x2_0000_0000):
        made = libc.syscall(435, struct.pack("<11Q", flags, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0), 88)
        if made == 0:
            os._exit(0)
        if made > 0:
            return f"BREACH: clone3 {flags:#x}"
    return x + 1
