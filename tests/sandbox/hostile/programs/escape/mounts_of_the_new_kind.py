# /// hostile
# verdicts = ["accepted", "runtime_error"]
# danger = "The newer calls for mounts, which older filters do not know."
# ///
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def f(x):
    if libc.syscall(430, b"tmpfs", 0) >= 0:
        return "BREACH: fsopen"
    if libc.syscall(428, -100, b"/", 1) >= 0:
        return "BREACH: open_tree with a clone"
    if libc.syscall(442, -100, b"/", 0, b"\0" * 32, 32) == 0:
        return "BREACH: mount_setattr"
    if libc.syscall(433, -100, b"/", 0) >= 0:
        return "BREACH: fspick"
    return x + 1
