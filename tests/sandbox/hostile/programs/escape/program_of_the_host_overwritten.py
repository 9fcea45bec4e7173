# /// hostile
# verdicts = ["accepted"]
# danger = "/proc/self/exe names the interpreter on the host; a container runtime was once overwritten through it."
# ///
import os


def f(x):
    for path in ("/proc/self/exe", "/proc/1/exe", f"/proc/{os.getppid()}/exe"):
        for flags in (os.O_RDWR, os.O_WRONLY | os.O_APPEND):
            try:
                os.close(os.open(path, flags))
            except OSError:
                continue
            return "BREACH: may write " + path
    return x + 1
