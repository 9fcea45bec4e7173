# /// hostile
# verdicts = ["accepted", "runtime_error"]
# needs = ["seccomp"]
# danger = "Families that the kernel tests least: crypto, packets, virtual machines, Bluetooth, tipc, can, xdp."
# ///
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
RARE = [4, 5, 8, 9, 15, 16, 17, 21, 24, 26, 29, 30, 31, 32, 33, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45]


def f(x):
    for family in RARE:
        for kind in (1, 2, 3, 5):
            fd = libc.socket(family, kind, 0)
            if fd >= 0:
                os.close(fd)
                return f"BREACH: socket of family {family}, kind {kind}"
    for family in (2, 10):
        fd = libc.socket(family, 3, 255)
        if fd >= 0:
            return "BREACH: raw socket"
    return x + 1
