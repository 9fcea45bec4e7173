# /// hostile
# verdicts = ["accepted"]
# needs = ["seccomp"]
# danger = "Root, a capability or a missing seal would each be the first half of an escape."
# ///
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def f(x):
    if 0 in (os.getuid(), os.geteuid(), os.getgid(), os.getegid()) or 0 in os.getgroups():
        return f"BREACH: {os.getresuid()} {os.getresgid()} {os.getgroups()}"
    if libc.prctl(39, 0, 0, 0, 0) != 1:
        return "BREACH: new privileges may be gained"
    try:
        with open("/proc/self/status") as file:
            status = dict(line.split(":", 1) for line in file.read().splitlines() if ":" in line)
    except OSError:
        return x + 1
    for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        if int(status[name], 16):
            return f"BREACH: {name} {status[name]}"
    if status["Seccomp"].strip() != "2":
        return "BREACH: no filter of system calls"
    return x + 1
