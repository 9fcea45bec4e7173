# /// hostile
# verdicts = ["accepted"]
# danger = "A folder that was left open is a way around every mount."
# ///
import os
import stat


def f(x):
    for fd in range(4096):
        try:
            info = os.fstat(fd)
        except OSError:
            continue
        if stat.S_ISDIR(info.st_mode):
            return f"BREACH: descriptor {fd} is a folder"
        if stat.S_ISREG(info.st_mode) and fd > 2:
            return f"BREACH: descriptor {fd} is a file: {os.pread(fd, 60, 0)!r}"
        if stat.S_ISBLK(info.st_mode):
            return f"BREACH: descriptor {fd} is a disk"
    return x + 1
