# /// hostile
# verdicts = ["accepted", "runtime_error", "memory_limit", "time_limit"]
# danger = "Starts programs of the system instead of forking itself."
# ///
import subprocess
import sys


def f(x):
    started = []
    for argv in ([sys.executable, "-c", "import time; time.sleep(999)"], ["/bin/sh", "-c", "sleep 999"]) * 60:
        try:
            started.append(subprocess.Popen(argv))
        except OSError:
            continue
    return x + 1
