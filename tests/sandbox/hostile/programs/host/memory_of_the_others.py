# /// hostile
# verdicts = ["accepted"]
# danger = "Opens the memory of the first process and of its parent."
# ///
import os


def f(x):
    for pid in {1, os.getppid()} - {os.getpid(), 0}:
        for name in ("mem", "maps", "pagemap", "stack", "syscall"):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    if name == "mem" or file.read(16):
                        return f"BREACH: /proc/{pid}/{name}"
            except OSError:
                continue
    return x + 1
