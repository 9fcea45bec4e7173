# /// hostile
# verdicts = ["accepted", "runtime_error"]
# danger = "Clocks, names, swap, reboot and the kernel itself. Every call carries arguments that would be refused even where it is allowed."
# ///
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def f(x):
    if libc.sethostname(b"left", 4) == 0 or libc.setdomainname(b"left", 4) == 0:
        return "BREACH: names the machine"
    ctypes.set_errno(0)
    number = {"x86_64": 169, "aarch64": 142}[os.uname().machine]
    libc.syscall(number, 0, 0, 0, 0)
    if ctypes.get_errno() == 22:
        return "BREACH: reboot would only have liked other numbers"
    ctypes.set_errno(0)
    if libc.swapoff(b"/no/such/file") == -1 and ctypes.get_errno() == 2:
        return "BREACH: swapoff looked for the file"
    number = {"x86_64": 176, "aarch64": 106}[os.uname().machine]
    ctypes.set_errno(0)
    libc.syscall(number, b"no_such_module", 0)
    if ctypes.get_errno() == 2:
        return "BREACH: delete_module looked for the module"
    return x + 1
