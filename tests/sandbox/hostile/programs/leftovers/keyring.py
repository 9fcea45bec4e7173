# /// hostile
# verdicts = ["accepted", "runtime_error"]
# needs = ["seccomp"]
# danger = "Keys in the kernel belong to the user, not to the process."
# ///
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
ADD_KEY, KEYCTL = {"x86_64": (248, 250), "aarch64": (217, 219)}[os.uname().machine]


def f(x):
    for ring in (-1, -2, -3, -4, -5):
        if libc.syscall(ADD_KEY, b"user", b"left_@@MARK@@", b"@@MARK@@", 8, ring) > 0:
            return f"BREACH: a key in ring {ring}"
    if libc.syscall(KEYCTL, 1, b"left_@@MARK@@", 0, 0, 0) > 0:
        return "BREACH: joined a session keyring"
    return x + 1
