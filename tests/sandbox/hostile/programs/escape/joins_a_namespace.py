# /// hostile
# verdicts = ["accepted", "runtime_error"]
# danger = "setns moves a process into the namespaces of another."
# ///
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def f(x):
    for pid in ("1", str(os.getppid())):
        for name in ("user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time"):
            try:
                fd = os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY)
            except OSError:
                continue
            if libc.setns(fd, 0) == 0:
                return f"BREACH: joined {name} of {pid}"
    return x + 1
