# /// hostile
# verdicts = ["accepted", "runtime_error"]
# danger = "Asks for another identity or for capabilities, in each of the ways there are."
# ///
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def f(x):
    for change in (
        lambda: os.setuid(0),
        lambda: os.setresuid(0, 0, 0),
        lambda: os.setgid(0),
        lambda: os.setgroups([0]),
    ):
        try:
            change()
        except OSError:
            continue
        if os.getuid() == 0 or os.getgid() == 0 or os.getgroups() == [0]:
            return "BREACH: another identity"
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)
    if libc.capset(header, sets) == 0:
        return "BREACH: capabilities"
    if libc.prctl(28, 0, 0, 0, 0) == 0 and libc.prctl(47, 2, 21, 0, 0) == 0:
        return "BREACH: ambient capability"
    for path in ("/proc/self/uid_map", "/proc/self/gid_map", "/proc/self/setgroups"):
        try:
            with open(path, "w") as file:
                file.write("0 0 1")
        except OSError:
            continue
        return "BREACH: wrote " + path
    return x + 1
