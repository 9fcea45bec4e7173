# /// hostile
# verdicts = ["accepted"]
# danger = "TIOCSTI types characters into the terminal of whoever started us."
# ///
import fcntl
import os
import termios


def f(x):
    for fd in range(16):
        for request in (0x5412, 0x541C, termios.TIOCSCTTY):
            try:
                fcntl.ioctl(fd, request, b"\n")
            except OSError:
                continue
            return f"BREACH: ioctl {request:#x} on {fd}"
    try:
        os.close(os.open("/dev/tty", os.O_RDWR))
    except OSError:
        return x + 1
    return "BREACH: a controlling terminal"
